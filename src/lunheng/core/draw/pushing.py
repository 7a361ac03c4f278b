"""Pushing a longer random list, from which the convener composes the panel (ten candidates for five)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .lottery import prepare
from .model import Candidate, Category, Request
from .shortage import is_feasible
from .stream import Stream, digest

_CORE, _EXTRA = "席位:", "候选:"


def push(
    candidates: Iterable[Candidate],
    request: Request,
    count: int = 10,
    seed: bytes = b"",
    *,
    kinds: int = 2,
) -> tuple[Candidate, ...]:
    """Up to `count` candidates in random order, who hold the requested panel whenever the pool does.

    `request` describes the panel (size, quota, cap per unit); `kinds` is the least number of different
    specialties it must seat (1 or 2). The cap per unit holds for the whole list as long as the pool is
    deep enough; what is then missing is filled from the rest. A pool that holds no such panel still gives a
    list: whether one can be composed is for the caller to ask (`can_compose`). Raises `RequestError`.
    """
    pool = tuple(candidates)
    eligible = _eligible(pool, request)
    wanted = _with_kinds(request, kinds)
    drawn = [] if wanted is None else _list_with_panel(eligible, wanted, count, seed)
    stream = Stream(digest("push", seed))
    rest = [one for one in eligible if one.id not in drawn]
    stream.shuffle(rest)
    by_id = {one.id: one for one in eligible}
    chosen: list[Candidate] = [by_id[identity] for identity in drawn] or _spread(rest, request, count)
    taken = {one.id for one in chosen}
    chosen += [one for one in rest if one.id not in taken][: max(0, count - len(chosen))]
    stream.shuffle(chosen)
    return tuple(chosen)


def can_compose(candidates: Iterable[Candidate], request: Request, *, kinds: int = 2) -> bool:
    """Whether these candidates hold a panel as requested that seats at least `kinds` specialties."""
    wanted = _with_kinds(request, kinds)
    return wanted is not None and is_feasible(candidates, wanted)


def _eligible(pool: Sequence[Candidate], request: Request) -> list[Candidate]:
    drawn = {name for name, (_, high) in request.quota.items() if high > 0}
    able = [one for one in pool if one.id not in request.excluded and drawn & set(one.specialties)]
    return sorted(able, key=lambda one: (one.unit, one.id))


def _with_kinds(request: Request, kinds: int) -> Request | None:
    """No single specialty may fill the panel when two different ones are required; None if one has to."""
    if kinds < 2:
        return request
    most = request.size - 1
    if any(low > most for low, _ in request.quota.values()):
        return None
    return replace(
        request, quota={name: (low, min(high, most)) for name, (low, high) in request.quota.items()}
    )


def _list_with_panel(eligible: Sequence[Candidate], request: Request, count: int, seed: bytes) -> list[str]:
    """The fairest list, as long as possible, that holds a panel and keeps the caps; empty if none does."""
    doubled = [
        replace(one, specialties=tuple(side + name for name in one.specialties for side in (_CORE, _EXTRA)))
        for one in eligible
    ]
    for length in range(count, request.size - 1, -1):
        wanted = _list_request(request, length)
        if is_feasible(doubled, wanted):
            return list(prepare(doubled, wanted).draw(seed).panel.ids)
    return []


def _list_request(request: Request, length: int) -> Request:
    """Every specialty twice: seats of the panel inside the list as requested, and others up to the length."""
    quota = {_CORE + name: bounds for name, bounds in request.quota.items()}
    quota |= {
        _EXTRA + name: (0, length - request.size) for name, (_, high) in request.quota.items() if high > 0
    }
    inner = tuple(
        replace(one, specialties=tuple(_CORE + name for name in one.specialties))
        for one in request.categories
    )
    whole = Category(_CORE, tuple(_CORE + name for name in request.quota), request.size, request.size)
    seated = tuple(replace(one, specialty=_CORE + one.specialty) for one in request.seated)
    return replace(request, size=length, quota=quota, categories=(*inner, whole), seated=seated)


def _spread(rest: Sequence[Candidate], request: Request, count: int) -> list[Candidate]:
    """The first of a random order that keep the cap per unit."""
    taken: dict[str, int] = {}
    chosen: list[Candidate] = []
    for one in rest:
        if len(chosen) < count and (request.per_unit is None or taken.get(one.unit, 0) < request.per_unit):
            taken[one.unit] = taken.get(one.unit, 0) + 1
            chosen.append(one)
    return chosen
