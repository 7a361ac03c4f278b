"""The canonical form of a draw: candidates and rules as sorted, numbered things (draw specification 4.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import add

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
    """A draw with everything numbered; the expert lists run in parallel, sorted by unit and id.

    `masks` are the specialties of every expert as bits, `codes` the same with the tier in the bits above.
    """

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
    masks: tuple[int, ...]
    codes: tuple[int, ...]
    tier_count: int
    fixed: frozenset[int]
    conflicts: tuple[tuple[int, int], ...]
    hash: str

    def cap(self, unit: int) -> int:
        """How many of this unit may sit."""
        count = len(self.members[unit])
        return count if self.per_unit is None else min(count, self.per_unit)

    @property
    def width(self) -> int:
        """One more than the largest code."""
        return self.tier_count << len(self.specialties)

    def decode(self, code: int) -> tuple[int, int]:
        """(specialty mask, tier) of a code."""
        return code & ((1 << len(self.specialties)) - 1), code >> len(self.specialties)

    def names(self, mask: int) -> tuple[str, ...]:
        """The specialties of a mask in canonical order."""
        return tuple(name for index, name in enumerate(self.specialties) if mask >> index & 1)


def canonical(candidates: Iterable[Candidate], request: Request) -> Instance:
    """Number the pool for this request.

    Raises `RequestError` for ids that repeat or are missing and for sets that cross.
    """
    active = tuple(sorted(name for name, (_, high) in request.quota.items() if high > 0))
    order = {name: index for index, name in enumerate(active)}
    roll = _collect(candidates, request, order)
    places = roll.places()
    staff = Counter(map(roll.units.__getitem__, places))
    units = tuple(staff)
    number = {unit: index for index, unit in enumerate(units)}
    ids, masks = tuple(map(roll.ids.__getitem__, places)), tuple(map(roll.masks.__getitem__, places))
    tiers = [roll.tiers[place] << len(active) for place in places] if roll.tiers else []
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
        members=_spans(staff.values()),
        ids=ids,
        masks=masks,
        codes=tuple(map(add, tiers, masks)) if tiers else masks,
        tier_count=len(request.tiers) + 1 if request.tiers else 1,
        fixed=frozenset(index for index, one in enumerate(ids) if one in fixed) if fixed else frozenset(),
        conflicts=_conflicts(request, ids),
        hash=request.hash,
    )


class _Classes(dict[tuple[str, ...], int]):
    """The mask of the drawn specialties among those that somebody holds, worked out once per combination."""

    def __init__(self, order: dict[str, int]) -> None:
        super().__init__()
        self.order = order

    def __missing__(self, specialties: tuple[str, ...]) -> int:
        mask = 0
        for name in specialties:
            mask |= 1 << self.order[name] if name in self.order else 0
        self[specialties] = mask
        return mask


@dataclass
class _Roll:
    """The pool in the order given; whoever may not sit has an empty mask."""

    ids: list[str]
    units: list[str]
    masks: list[int]
    tiers: list[int]

    def places(self) -> list[int]:
        """The positions of those who may sit, in order of unit and id (a stable sort after the other)."""
        found = [position for position, mask in enumerate(self.masks) if mask]
        found.sort(key=self.ids.__getitem__)
        found.sort(key=self.units.__getitem__)
        return found

    def settle(self, request: Request, order: dict[str, int]) -> None:
        """Take out who is excluded; whoever sits on a settled seat has no other specialty for this draw."""
        excluded, special = set(request.excluded), set(request.fixed)
        positions: dict[str, int] = {}
        for position, identity in enumerate(self.ids):
            if identity in excluded:
                self.masks[position] = 0
            elif identity in special:
                positions[identity] = position
        missing = sorted(
            one for one in request.fixed if one not in positions or not self.masks[positions[one]]
        )
        if missing:
            raise RequestError(f"已确定人选不在库中，或不具备本次抽取的专业：{'、'.join(missing)}")
        for seat in request.seated:
            position = positions[seat.candidate_id]
            bit = 1 << order[seat.specialty] if seat.specialty in order else 0
            if not self.masks[position] & bit:
                raise RequestError(f"已确定人选「{seat.candidate_id}」不具备席位「{seat.specialty}」的专业")
            self.masks[position] = bit


def _collect(candidates: Iterable[Candidate], request: Request, order: dict[str, int]) -> _Roll:
    """The pool for this request; refuses ids that repeat or are missing."""
    pool = tuple(candidates)
    mask_of, rank = _Classes(order), {territory: index for index, territory in enumerate(request.tiers)}
    roll = _Roll(
        [one.id for one in pool],
        [one.unit for one in pool],
        [mask_of[one.specialties] for one in pool],
        [rank.get(one.territory, len(rank)) for one in pool] if rank else [],
    )
    known = set(roll.ids)
    if "" in known or "" in roll.units:
        nameless = next(one for one in pool if not one.id or not one.unit)
        raise RequestError(f"专家「{nameless.id}」缺少编号或单位")
    if len(known) != len(pool):
        twice = next(one for one, count in Counter(roll.ids).items() if count > 1)
        raise RequestError(f"专家编号重复：{twice}")
    if request.excluded or request.fixed:
        roll.settle(request, order)
    return roll


def _conflicts(request: Request, ids: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """The pairs of which both may sit, as numbers; refuses pairs with a member who sits already."""
    pairs = sorted({(min(pair), max(pair)) for pair in request.conflicts})
    involved = {one for pair in pairs for one in pair}
    number = {identity: index for index, identity in enumerate(ids) if identity in involved} if pairs else {}
    for one, other in pairs:
        if one in number and other in number and {one, other} & set(request.fixed):
            raise RequestError(f"「{one}」与「{other}」存在利害关系，一方已确定，请将另一方列入回避人选")
    return tuple((number[one], number[other]) for one, other in pairs if one in number and other in number)


def _spans(sizes: Iterable[int]) -> tuple[range, ...]:
    return tuple(range(start, stop) for start, stop in pairwise(accumulate(sizes, initial=0)))


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
