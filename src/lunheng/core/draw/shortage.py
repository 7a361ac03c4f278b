"""Why a panel is impossible, in words people can check, and what would help (specification 8.1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .flow import circulate
from .instance import Instance, canonical
from .model import Candidate, Category, Certificate, Group, Request, UnitSupply
from .network import Network, build

_TRIED_EXCLUSIONS = 20


@dataclass(frozen=True, slots=True)
class _Cut:
    """The arcs whose lower bounds demand more than the arcs into the same nodes can bring."""

    network: Network
    demands: list[int]
    limits: list[int]

    def named(self, arcs: list[int], kind: str) -> list[int]:
        return [self.network.what[arc][1] for arc in arcs if self.network.what[arc][0] == kind]

    def touches(self, kind: str, index: int) -> bool:
        """Whether a bound of this specialty, category or group takes part."""
        return (kind, index) in {self.network.what[arc] for arc in (*self.demands, *self.limits)}


def capped_network(instance: Instance) -> Network:
    """The network with every cap that can bind."""
    units = {unit for unit, span in enumerate(instance.members) if instance.cap(unit) < len(span)}
    return build(instance, units, set(range(len(instance.groups))))[0]


def is_feasible(candidates: Iterable[Candidate], request: Request) -> bool:
    """Whether at least one panel satisfies the request."""
    network = capped_network(canonical(candidates, request))
    return not circulate(network.graph(), network.lower, network.upper, [0] * len(network.tails))


def certificate(candidates: Iterable[Candidate], request: Request) -> Certificate | None:
    """The shortage that makes the request impossible; None when a panel exists."""
    pool = tuple(candidates)
    instance = canonical(pool, request)
    network = capped_network(instance)
    graph = network.graph()
    reached = circulate(graph, network.lower, network.upper, [0] * len(network.tails))
    if not reached:
        return None
    cut = _cut(network, reached)
    short = _short_specialties(instance, cut, reached)
    mask = sum(1 << specialty for specialty in short)
    need, supply = _sums(network, cut)
    return Certificate(
        specialties=tuple(instance.specialties[specialty] for specialty in short),
        need=need,
        supply=supply,
        eligible=sum(1 for own in instance.masks if own & mask),
        units=tuple(_unit_supplies(instance, mask)),
        demands=tuple(_demand_texts(instance, cut)),
        limits=tuple(_limit_texts(instance, cut)),
        fixes=tuple(_fixes(pool, request, instance, cut, mask)),
    )


def _cut(network: Network, reached: frozenset[int]) -> _Cut:
    """`reached` has too little way out; seen from the other nodes, more is demanded of them than comes in."""
    demands, limits = [], []
    for arc, (tail, head) in enumerate(zip(network.tails, network.heads, strict=True)):
        if tail not in reached and head in reached and network.lower[arc]:
            demands.append(arc)
        if tail in reached and head not in reached:
            limits.append(arc)
    return _Cut(network, demands, limits)


_SEAT_SIDE = ("size", "specialty", "category")


def _sums(network: Network, cut: _Cut) -> tuple[int, int]:
    """Seats demanded of the short specialties, and seats that people can fill; caps on other seats lessen the demand."""
    demand = sum(network.lower[arc] for arc in cut.demands)
    supply = sum(network.upper[arc] for arc in cut.limits)
    if any(network.what[arc][0] not in _SEAT_SIDE for arc in cut.limits):
        seats = sum(network.upper[arc] for arc in cut.limits if network.what[arc][0] in _SEAT_SIDE)
        people = sum(network.lower[arc] for arc in cut.demands if network.what[arc][0] not in _SEAT_SIDE)
        return demand - seats - people, supply - seats - people
    return demand, supply


def _short_specialties(instance: Instance, cut: _Cut, reached: frozenset[int]) -> list[int]:
    if all(cut.network.what[arc][0] in _SEAT_SIDE for arc in (*cut.demands, *cut.limits)):
        return []
    return [specialty for specialty in range(len(instance.specialties)) if 2 + specialty not in reached]


def _unit_supplies(instance: Instance, mask: int) -> Iterator[UnitSupply]:
    for unit, span in enumerate(instance.members):
        count = sum(1 for expert in span if instance.masks[expert] & mask)
        if count:
            yield UnitSupply(instance.units[unit], count, min(count, instance.cap(unit)))


def _demand_texts(instance: Instance, cut: _Cut) -> Iterator[str]:
    for arc in cut.demands:
        kind, index = cut.network.what[arc]
        low = cut.network.lower[arc]
        if kind == "size":
            yield f"专家组共 {low} 人"
        elif kind == "specialty":
            yield f"专业「{instance.specialties[index]}」至少 {low} 席"
        elif kind == "category":
            yield f"专业大类「{instance.categories[index].name}」至少 {low} 席"
        elif kind == "group":
            yield f"单位分组「{instance.groups[index].name}」至少 {low} 人"
        elif kind == "type":
            yield f"已确定人选「{instance.ids[cut.network.kinds[index][3]]}」必须参加"


def _limit_texts(instance: Instance, cut: _Cut) -> Iterator[str]:
    people = 0
    for arc in cut.limits:
        kind, index = cut.network.what[arc]
        high = cut.network.upper[arc]
        if kind == "size":
            yield f"专家组只有 {high} 人"
        elif kind == "specialty":
            yield f"专业「{instance.specialties[index]}」至多 {high} 席"
        elif kind == "category":
            yield f"专业大类「{instance.categories[index].name}」至多 {high} 席"
        elif kind == "group":
            yield f"单位分组「{instance.groups[index].name}」至多 {high} 人"
        elif kind != "unit":
            people += high
    units = cut.named(cut.limits, "unit")
    if units:
        yield f"其中 {len(units)} 家单位受“同一单位至多 {instance.per_unit} 人”限制"
    if people:
        yield f"不受单位上限影响的合格专家 {people} 人"


def _fixes(
    pool: tuple[Candidate, ...], request: Request, instance: Instance, cut: _Cut, mask: int
) -> Iterator[str]:
    """Single changes, each as small as possible and each tried out."""
    for attempts in _attempts(pool, request, instance, cut, mask):
        for text, changed in attempts:
            if is_feasible(pool, changed):
                yield text
                break


Attempts = Iterator[tuple[str, Request]]


def _attempts(
    pool: tuple[Candidate, ...], request: Request, instance: Instance, cut: _Cut, mask: int
) -> Iterator[Attempts]:
    for index, name in enumerate(instance.specialties):
        if cut.touches("specialty", index):
            yield _quota_attempts(request, name)
    for index, category in enumerate(instance.categories):
        if cut.touches("category", index):
            yield _category_attempts(request, category.name)
    for index, group in enumerate(instance.groups):
        if cut.touches("group", index):
            yield _group_attempts(request, group.name)
    if cut.touches("size", 0):
        yield _size_attempts(request)
    if request.per_unit is not None and cut.named(cut.limits, "unit"):
        yield _cap_attempts(request, request.per_unit)
    wanted = set(instance.names(mask))
    tried = [one.id for one in pool if one.id in request.excluded and wanted & set(one.specialties)]
    for identity in tried[:_TRIED_EXCLUSIONS]:
        left = tuple(other for other in request.excluded if other != identity)
        yield iter([(f"「{identity}」不再回避", replace(request, excluded=left))])
    for identity in request.fixed:
        left = tuple(other for other in request.fixed if other != identity)
        yield iter([(f"不再保留已确定人选「{identity}」", replace(request, fixed=left))])


def _quota_attempts(request: Request, name: str) -> Attempts:
    low, high = request.quota[name]
    for less in range(low - 1, -1, -1):
        changed = replace(request, quota={**request.quota, name: (less, high)})
        yield f"专业「{name}」最少席位由 {low} 减为 {less}", changed
    for more in range(high + 1, request.size + 1):
        changed = replace(request, quota={**request.quota, name: (low, more)})
        yield f"专业「{name}」最多席位由 {high} 增为 {more}", changed


def _category_attempts(request: Request, name: str) -> Attempts:
    one = next(category for category in request.categories if category.name == name)

    def changed(category: Category) -> Request:
        return replace(
            request, categories=tuple(category if old is one else old for old in request.categories)
        )

    for less in range(one.low - 1, -1, -1):
        yield f"专业大类「{name}」最少席位由 {one.low} 减为 {less}", changed(replace(one, low=less))
    for more in range(one.high + 1, request.size + 1):
        yield f"专业大类「{name}」最多席位由 {one.high} 增为 {more}", changed(replace(one, high=more))


def _group_attempts(request: Request, name: str) -> Attempts:
    one = next(group for group in request.groups if group.name == name)

    def changed(group: Group) -> Request:
        return replace(request, groups=tuple(group if old is one else old for old in request.groups))

    for less in range(one.low - 1, -1, -1):
        yield f"单位分组「{name}」最少人数由 {one.low} 减为 {less}", changed(replace(one, low=less))
    for more in range(one.high + 1, request.size + 1):
        yield f"单位分组「{name}」最多人数由 {one.high} 增为 {more}", changed(replace(one, high=more))


def _size_attempts(request: Request) -> Attempts:
    for distance in range(1, request.size + 1):
        for size in (request.size - distance, request.size + distance):
            if size > 0:
                yield f"专家组人数由 {request.size} 改为 {size}", replace(request, size=size)


def _cap_attempts(request: Request, cap: int) -> Attempts:
    for more in range(cap + 1, request.size + 1):
        yield f"同一单位人数上限由 {cap} 增为 {more}", replace(request, per_unit=more)
