"""The draw as others call it: chances first, then the panel from a seed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from .instance import Instance, canonical
from .leximin import Shortfall
from .model import Candidate, Infeasible, Outcome, Panel, Plan, Request, Seat
from .remedies import certificate
from .rounding import seat_pairs
from .solve import Solution, solve
from .stream import Stream


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about a draw that is settled before the seed is known; the plan is what gets committed."""

    instance: Instance
    solution: Solution
    plan: Plan
    probabilities: dict[str, Fraction]

    def draw(self, seed: bytes) -> Outcome:
        """The panel that this seed determines; the seats stand in the order of call."""
        stream = Stream(seed)
        pairs = seat_pairs(self.instance, self.solution, stream)
        stream.shuffle(pairs)
        seats = tuple(
            Seat(self.instance.ids[expert], self.instance.specialties[seat]) for expert, seat in pairs
        )
        return Outcome(Panel(seats), self.plan, self.probabilities)


def prepare(candidates: Iterable[Candidate], request: Request) -> Prepared:
    """The fairest lottery over all panels that satisfy the request.

    Raises `Infeasible` with a certificate when there is none, `RequestError` when the request is not sound.
    """
    pool = tuple(candidates)
    instance = canonical(pool, request)
    try:
        solution = solve(instance)
    except Shortfall:
        proof = certificate(pool, request)
        assert proof is not None
        raise Infeasible(proof) from None
    chances = {one.id: Fraction(0) for one in pool}
    for identity, kind in zip(instance.ids, solution.kind_of, strict=True):
        chances[identity] = Fraction(solution.shares[kind], solution.denominator)
    return Prepared(instance, solution, solution.plan(instance), chances)


def probabilities(candidates: Iterable[Candidate], request: Request) -> dict[str, Fraction]:
    """The exact chance of every candidate of the pool; 0 for whoever may not sit. Raises `Infeasible`."""
    return prepare(candidates, request).probabilities


def draw(candidates: Iterable[Candidate], request: Request, seed: bytes) -> Outcome:
    """Draw one panel from the fairest lottery; same input and seed, same panel. Raises `Infeasible`."""
    return prepare(candidates, request).draw(seed)
