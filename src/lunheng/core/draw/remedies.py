"""What would make an impossible draw possible: single changes, each tried (specification 8.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from .instance import Instance, canonical
from .model import Candidate, Category, Certificate, Fix, Group, Request, RequestError
from .shortage import Cut, is_feasible, shortage_texts, unit_supplies, violated_cut

Attempts = Iterator[tuple[Fix, Request]]
_TRIED_EXCLUSIONS = 20


def certificate(candidates: Iterable[Candidate], request: Request) -> Certificate | None:
    """The shortage that makes the request impossible; None when a panel exists."""
    pool = tuple(candidates)
    instance = canonical(pool, request)
    cut = violated_cut(instance)
    if cut is None:
        return None
    mask = sum(1 << specialty for specialty in cut.short)
    need, supply = cut.sums()
    demands, limits = shortage_texts(instance, cut)
    return Certificate(
        specialties=tuple(instance.specialties[specialty] for specialty in cut.short),
        need=need,
        supply=supply,
        eligible=sum(1 for own in instance.masks if own & mask),
        units=tuple(unit_supplies(instance, cut)),
        demands=demands,
        limits=limits,
        changes=tuple(remedies(pool, request, instance, cut)),
    )


def remedies(pool: tuple[Candidate, ...], request: Request, instance: Instance, cut: Cut) -> Iterator[Fix]:
    """The changes that help, each as small as possible."""
    for attempts in _attempts(pool, request, instance, cut):
        for fix, changed in attempts:
            if _helps(pool, changed):
                yield fix
                break


def _helps(pool: tuple[Candidate, ...], changed: Request) -> bool:
    """A change that takes the specialty from under somebody who sits already is none."""
    try:
        return is_feasible(pool, changed)
    except RequestError:
        return False


def _attempts(
    pool: tuple[Candidate, ...], request: Request, instance: Instance, cut: Cut
) -> Iterator[Attempts]:
    yield from (
        attempts(request, name)
        for index, name in enumerate(instance.specialties)
        if cut.touches("specialty", index)
        for attempts in (_lower_quota, _raise_quota)
    )
    yield from (
        _category_attempts(request, one.name)
        for index, one in enumerate(instance.categories)
        if cut.touches("category", index)
    )
    yield from (
        _group_attempts(request, one.name)
        for index, one in enumerate(instance.groups)
        if cut.touches("group", index)
    )
    if cut.capped_units:
        yield _cap_attempts(request)
    if cut.touches("size", 0):
        yield _size_attempts(request)
    yield from _exclusion_attempts(pool, request, {instance.specialties[index] for index in cut.short})
    yield from _fixed_attempts(request)


def _lower_quota(request: Request, name: str) -> Attempts:
    low, high = request.quota[name]
    for less in range(low - 1, -1, -1):
        changed = replace(request, quota={**request.quota, name: (less, high)})
        yield Fix("least", name, low, less, f"专业「{name}」最少席位由 {low} 减为 {less}"), changed
    if low == high:
        yield from _fewer_seats(request, name)


def _fewer_seats(request: Request, name: str) -> Attempts:
    """Where the number of a specialty is fixed, fewer of its seats make a smaller panel."""
    seats = request.quota[name][0]
    for fewer in range(1, min(seats + 1, request.size)):
        left, size = seats - fewer, request.size - fewer
        text = f"专业「{name}」由 {seats} 席减为 {left} 席，专家组由 {request.size} 人减为 {size} 人"
        changed = replace(request, size=size, quota={**request.quota, name: (left, left)})
        yield Fix("seats", name, seats, left, text), changed


def _raise_quota(request: Request, name: str) -> Attempts:
    low, high = request.quota[name]
    for more in range(high + 1, request.size + 1):
        changed = replace(request, quota={**request.quota, name: (low, more)})
        yield Fix("most", name, high, more, f"专业「{name}」最多席位由 {high} 增为 {more}"), changed


def _category_attempts(request: Request, name: str) -> Attempts:
    one = next(category for category in request.categories if category.name == name)

    def changed(category: Category) -> Request:
        return replace(
            request, categories=tuple(category if old is one else old for old in request.categories)
        )

    for less in range(one.low - 1, -1, -1):
        text = f"专业大类「{name}」最少席位由 {one.low} 减为 {less}"
        yield Fix("category", name, one.low, less, text), changed(replace(one, low=less))
    for more in range(one.high + 1, request.size + 1):
        text = f"专业大类「{name}」最多席位由 {one.high} 增为 {more}"
        yield Fix("category", name, one.high, more, text), changed(replace(one, high=more))


def _group_attempts(request: Request, name: str) -> Attempts:
    one = next(group for group in request.groups if group.name == name)

    def changed(group: Group) -> Request:
        return replace(request, groups=tuple(group if old is one else old for old in request.groups))

    for less in range(one.low - 1, -1, -1):
        text = f"单位分组「{name}」最少人数由 {one.low} 减为 {less}"
        yield Fix("group", name, one.low, less, text), changed(replace(one, low=less))
    for more in range(one.high + 1, request.size + 1):
        text = f"单位分组「{name}」最多人数由 {one.high} 增为 {more}"
        yield Fix("group", name, one.high, more, text), changed(replace(one, high=more))


def _cap_attempts(request: Request) -> Attempts:
    cap = request.per_unit or 0
    for more in range(cap + 1, request.size + 1):
        text = f"同一单位人数上限由 {cap} 增为 {more}"
        yield Fix("per_unit", "", cap, more, text), replace(request, per_unit=more)


def _size_attempts(request: Request) -> Attempts:
    for distance in range(1, request.size + 1):
        for size in (request.size - distance, request.size + distance):
            if size > 0:
                text = f"专家组人数由 {request.size} 改为 {size}"
                yield Fix("size", "", request.size, size, text), replace(request, size=size)


def _exclusion_attempts(
    pool: tuple[Candidate, ...], request: Request, wanted: set[str]
) -> Iterator[Attempts]:
    """A long list of exclusions is tried in part only: a certificate should not take minutes."""
    useful = [one.id for one in pool if one.id in request.excluded and wanted & set(one.specialties)]
    for identity in useful[:_TRIED_EXCLUSIONS]:
        left = tuple(other for other in request.excluded if other != identity)
        fix = Fix("exclusion", identity, 1, 0, f"「{identity}」不再回避")
        yield iter([(fix, replace(request, excluded=left))])


def _fixed_attempts(request: Request) -> Iterator[Attempts]:
    for identity in request.fixed:
        left = tuple(other for other in request.fixed if other != identity)
        fix = Fix("fixed", identity, 1, 0, f"不再保留已确定人选「{identity}」")
        seated = tuple(seat for seat in request.seated if seat.candidate_id != identity)
        yield iter([(fix, replace(request, fixed=left, seated=seated))])
