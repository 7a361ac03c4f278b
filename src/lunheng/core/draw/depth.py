"""What to show before a draw: how deep the pool is, and whose chance is no chance (specification 8.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from .flow import augment, circulate, residual
from .instance import Instance, canonical
from .model import Candidate, Depth, Request
from .network import HUB, Network
from .shortage import capped_network


class Mark(Enum):
    """A chance that people should look at before the draw; the value is what the screen says."""

    NEVER = "符合条件但不可能被抽中"
    LIKELY = "被抽中的可能超过一半"
    CERTAIN = "必定被抽中"


@dataclass(frozen=True, slots=True)
class Flag:
    """A candidate whose chance is 0, above one half, or 1 although nobody fixed or excluded him."""

    candidate_id: str
    mark: Mark
    probability: Fraction


def depth(candidates: Iterable[Candidate], request: Request) -> list[Depth]:
    """Per drawn specialty, in order of name: how many seats beyond this panel it could still fill.

    When no panel exists, the headroom is 0, or below 0 by what the specialty lacks by itself.
    """
    instance = canonical(candidates, request)
    network = capped_network(instance)
    graph = network.graph()
    flow = [0] * len(network.tails)
    possible = not circulate(graph, network.lower, network.upper, flow)
    found = []
    for index, name in enumerate(instance.specialties):
        eligible = sum(1 for mask in instance.masks if mask >> index & 1)
        if possible:
            capacity = residual(network.lower, network.upper, flow)
            headroom = augment(graph, capacity, HUB, 2 + index, eligible)
        else:
            headroom = min(0, _alone(instance, network, index, eligible) - instance.ranges[index][0])
        found.append(Depth(name, instance.ranges[index][0], eligible, headroom))
    return found


def _alone(instance: Instance, network: Network, index: int, eligible: int) -> int:
    """Seats of one specialty that could be filled if no other seat were wanted."""
    inner = [
        0 if kind in ("size", "specialty", "category") else high
        for (kind, _), high in zip(network.what, network.upper, strict=True)
    ]
    capacity = residual([0] * len(inner), inner, [0] * len(inner))
    return augment(network.graph(), capacity, HUB, 2 + index, eligible)


def flags(
    candidates: Iterable[Candidate], request: Request, probabilities: Mapping[str, Fraction]
) -> list[Flag]:
    """Candidates, in order of id, whose chance shows that their seat is not random."""
    settled = set(request.fixed) | set(request.excluded)
    drawn = {name for name, (_, high) in request.quota.items() if high > 0}
    found = []
    for one in sorted(candidates, key=lambda one: one.id):
        if one.id in settled or not drawn & set(one.specialties):
            continue
        mark = _mark(probabilities[one.id])
        if mark is not None:
            found.append(Flag(one.id, mark, probabilities[one.id]))
    return found


def _mark(chance: Fraction) -> Mark | None:
    if chance == 0:
        return Mark.NEVER
    if chance == 1:
        return Mark.CERTAIN
    return Mark.LIKELY if chance * 2 > 1 else None
