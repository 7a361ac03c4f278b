"""The draw as others call it: chances first, then the panel from a seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from .hashing import digest
from .instance import Instance, canonical
from .leximin import Shortfall
from .model import Candidate, Infeasible, Outcome, Panel, Plan, Request, RequestError, Seat
from .packing import Tree
from .remedies import certificate
from .rounding import seat_pairs
from .solve import Solution, solve
from .stream import Stream

RAREST = 100
"""A draw may be repeated for a conflict at most once in so many draws."""


class Chances(Mapping[str, Fraction]):
    """The chance of every candidate of the pool, written out when somebody first asks."""

    def __init__(self, pool: Sequence[Candidate], instance: Instance, solution: Solution) -> None:
        self._pool, self._instance, self._solution = pool, instance, solution

    @cached_property
    def _table(self) -> dict[str, Fraction]:
        solution = self._solution
        shares = [Fraction(share, solution.denominator) for share in solution.shares]
        table = dict.fromkeys((one.id for one in self._pool), Fraction(0))
        table.update(zip(self._instance.ids, map(shares.__getitem__, solution.kind_of), strict=True))
        return table

    def __getitem__(self, identity: str) -> Fraction:
        return self._table[identity]

    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    def __len__(self) -> int:
        return len(self._table)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about a draw that is settled before the seed is known; the plan is what gets committed."""

    instance: Instance
    solution: Solution
    plan: Plan
    probabilities: Mapping[str, Fraction]

    def draw(self, seed: bytes) -> Outcome:
        """The panel that this seed determines; the seats stand in the order of call.

        A panel with two experts in conflict is thrown away and the next seed of a public series taken.
        """
        redraws = 0
        pairs = self._pairs(seed)
        while self._has_conflict(pairs):
            redraws += 1
            pairs = self._pairs(digest("redraw", seed, redraws.to_bytes(8, "big"), name=self.instance.hash))
        seats = tuple(
            Seat(self.instance.ids[expert], self.instance.specialties[seat]) for expert, seat in pairs
        )
        return Outcome(Panel(seats), self.plan, self.probabilities, redraws)

    def _pairs(self, seed: bytes) -> list[tuple[int, int]]:
        stream = Stream(seed, self.instance.hash)
        pairs = seat_pairs(self.instance, self.solution, stream)
        stream.shuffle(pairs)
        return pairs

    def _has_conflict(self, pairs: list[tuple[int, int]]) -> bool:
        drawn = {expert for expert, _ in pairs}
        return any(one in drawn and other in drawn for one, other in self.instance.conflicts)


def prepare(candidates: Iterable[Candidate], request: Request) -> Prepared:
    """The fairest lottery over all panels that satisfy the request.

    Raises `Infeasible` with a certificate when there is none, `RequestError` when the request is not sound or
    two experts in conflict would be drawn together more often than once in a hundred draws.
    """
    pool = tuple(candidates)
    instance = canonical(pool, request)
    try:
        solution = solve(instance)
    except Shortfall:
        proof = certificate(pool, request)
        assert proof is not None
        raise Infeasible(proof) from None
    plan = replace(solution.plan(instance), redraw=_redraw(instance, solution))
    return Prepared(instance, solution, plan, Chances(pool, instance, solution))


def _redraw(instance: Instance, solution: Solution) -> int:
    """At most how often a panel is thrown away for a conflict, in units of 1/denominator (8.5)."""
    if not instance.conflicts:
        return 0
    tree = Tree(instance, solution)
    rate = tree.redraw()
    if rate * RAREST > solution.denominator:
        pairs = "、".join(f"{instance.ids[one]} 与 {instance.ids[other]}" for one, other in tree.unresolved)
        raise RequestError(
            f"有利害关系的专家同时被抽中的可能超过百分之一，不能以重抽解决，请先确定由谁回避：{pairs}"
        )
    return rate


def probabilities(candidates: Iterable[Candidate], request: Request) -> dict[str, Fraction]:
    """The exact chance of every candidate of the pool; 0 for whoever may not sit. Raises `Infeasible`."""
    return dict(prepare(candidates, request).probabilities)


def draw(candidates: Iterable[Candidate], request: Request, seed: bytes) -> Outcome:
    """Draw one panel from the fairest lottery; same input and seed, same panel. Raises `Infeasible`."""
    return prepare(candidates, request).draw(seed)
