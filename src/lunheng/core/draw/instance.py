"""The canonical form of a draw: candidates and rules as sorted, numbered things (draw specification 4.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .model import Candidate, Request, RequestError


@dataclass(frozen=True, slots=True)
class Nest:
    """One set of a laminar family over numbered members; `parent` indexes the next larger set (-1: none)."""

    name: str
    members: tuple[int, ...]
    low: int
    high: int
    parent: int


@dataclass(frozen=True, slots=True)
class Instance:
    """A draw with everything numbered; the expert lists run in parallel, sorted by unit and id."""

    size: int
    per_unit: int | None
    specialties: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]
    categories: tuple[Nest, ...]
    category_of: tuple[int, ...]
    groups: tuple[Nest, ...]
    group_of: tuple[int, ...]
    units: tuple[str, ...]
    members: tuple[range, ...]
    ids: tuple[str, ...]
    unit_of: tuple[int, ...]
    masks: tuple[int, ...]
    tiers: tuple[int, ...]
    tier_count: int
    fixed: frozenset[int]

    def cap(self, unit: int) -> int:
        """How many of this unit may sit."""
        count = len(self.members[unit])
        return count if self.per_unit is None else min(count, self.per_unit)

    def names(self, mask: int) -> tuple[str, ...]:
        """The specialties of a mask in canonical order."""
        return tuple(name for index, name in enumerate(self.specialties) if mask >> index & 1)


def canonical(candidates: Iterable[Candidate], request: Request) -> Instance:
    """Number the pool for this request.

    Raises `RequestError` for ids that repeat or are missing and for sets that cross.
    """
    active = tuple(sorted(name for name, (_, high) in request.quota.items() if high > 0))
    order = {name: index for index, name in enumerate(active)}
    rows = _rows(candidates, request, order)
    units = tuple(sorted({row[0] for row in rows}))
    number = {unit: index for index, unit in enumerate(units)}
    unit_of = tuple(number[row[0]] for row in rows)
    categories, category_of = _laminar(
        "专业大类", [(one.name, one.specialties, one.low, one.high) for one in request.categories], order
    )
    groups, group_of = _laminar(
        "单位分组", [(one.name, one.units, one.low, one.high) for one in request.groups], number
    )
    fixed = set(request.fixed)
    return Instance(
        size=request.size,
        per_unit=request.per_unit,
        specialties=active,
        ranges=tuple(request.quota[name] for name in active),
        categories=categories,
        category_of=category_of,
        groups=groups,
        group_of=group_of,
        units=units,
        members=_spans(unit_of, len(units)),
        ids=tuple(row[1] for row in rows),
        unit_of=unit_of,
        masks=tuple(row[2] for row in rows),
        tiers=tuple(row[3] for row in rows),
        tier_count=len(request.tiers) + 1 if request.tiers else 1,
        fixed=frozenset(index for index, row in enumerate(rows) if row[1] in fixed),
    )


def _rows(
    candidates: Iterable[Candidate], request: Request, order: dict[str, int]
) -> list[tuple[str, str, int, int]]:
    """(unit, id, mask, tier) of everyone who may sit, sorted."""
    excluded = set(request.excluded)
    rank = {territory: index for index, territory in enumerate(request.tiers)}
    seen: set[str] = set()
    rows: list[tuple[str, str, int, int]] = []
    for one in candidates:
        if not one.id or not one.unit:
            raise RequestError(f"专家「{one.id}」缺少编号或单位")
        if one.id in seen:
            raise RequestError(f"专家编号重复：{one.id}")
        seen.add(one.id)
        mask = 0
        for name in one.specialties:
            mask |= 1 << order[name] if name in order else 0
        if mask and one.id not in excluded:
            rows.append((one.unit, one.id, mask, rank.get(one.territory, len(rank))))
    missing = sorted(set(request.fixed) - {row[1] for row in rows})
    if missing:
        raise RequestError(f"已确定人选不在库中，或不具备本次抽取的专业：{'、'.join(missing)}")
    rows.sort()
    return rows


def _spans(unit_of: Sequence[int], count: int) -> tuple[range, ...]:
    starts = [0] * (count + 1)
    for unit in unit_of:
        starts[unit + 1] += 1
    for index in range(count):
        starts[index + 1] += starts[index]
    return tuple(range(starts[index], starts[index + 1]) for index in range(count))


def _laminar(
    what: str, sets: Sequence[tuple[str, tuple[str, ...], int, int]], number: dict[str, int]
) -> tuple[tuple[Nest, ...], tuple[int, ...]]:
    """Nest the sets of numbered names, larger ones first; also the smallest set of each (-1: none).

    Going from large to small, a set is nested exactly if all its members lie in the same smallest set so far.
    """
    known = [
        (name, sorted({number[one] for one in own if one in number}), low, high)
        for name, own, low, high in sets
    ]
    nests: list[Nest] = []
    smallest = [-1] * len(number)
    for name, members, low, high in sorted(known, key=lambda one: (-len(one[1]), one[0])):
        parents = {smallest[member] for member in members} or {-1}
        if len(parents) > 1:
            raise RequestError(f"{what}「{name}」与另一项交叉；只允许互相包含或互不相交")
        for member in members:
            smallest[member] = len(nests)
        nests.append(Nest(name, tuple(members), low, high, parents.pop()))
    return tuple(nests), tuple(smallest)
