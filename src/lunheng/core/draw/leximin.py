"""The fairest chances: maximize the smallest, then the second smallest, and so on (specification 4.3)."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from .ceiling import Ceiling, Water, obvious_ceilings, violated_ceiling
from .flow import Graph, circulate, components, residual
from .network import Network

MOST_CEILINGS = 40
"""After so many answers that the network could not carry the stages are quicker."""


class Shortfall(Exception):
    """No circulation exists; `nodes` receive more than can leave them."""

    def __init__(self, nodes: frozenset[int]) -> None:
        super().__init__("no circulation")
        self.nodes = nodes


class _Stages:
    """Chances already frozen, the free types, and the flow carried from stage to stage."""

    def __init__(self, network: Network, graph: Graph, flow: list[int], ceilings: list[Ceiling]) -> None:
        self.network, self.graph, self.flow, self.ceilings = network, graph, flow, ceilings
        self.scale = 1
        self.frozen: dict[int, Fraction] = {}
        self.free: set[int] = set()
        for index, arc in enumerate(network.type_arcs):
            if network.lower[arc] == network.upper[arc]:
                self.frozen[index] = Fraction(network.upper[arc], network.counts[index])
            else:
                self.free.add(index)

    def first_guess(self) -> Fraction:
        """The lowest level that a known ceiling allows; the flow says what the frozen types take of its room."""
        counts, arcs = self.network.counts, self.network.type_arcs
        best, sharing = self.scale, 1
        for kinds, room in self.ceilings:
            people = sum(counts[index] for index in kinds if index in self.free)
            left = room * self.scale - sum(self.flow[arcs[index]] for index in kinds if index in self.frozen)
            if people and left * sharing < best * people:
                best, sharing = left, people
        return Fraction(best, sharing * self.scale)

    def bounds(self, level: Fraction) -> tuple[list[int], list[int]]:
        """Every bound at this level, brought to one denominator; the flow is scaled along as a start."""
        network = self.network
        scale = lcm(level.denominator, *{value.denominator for value in self.frozen.values()})
        lower = [low * scale for low in network.lower]
        upper = [high * scale for high in network.upper]
        for index, arc in enumerate(network.type_arcs):
            value = self.frozen.get(index, level)
            lower[arc] = value.numerator * (scale // value.denominator) * network.counts[index]
            if index in self.frozen:
                upper[arc] = lower[arc]
        self.flow[:] = [now * scale // self.scale for now in self.flow]
        self.scale = scale
        return lower, upper

    def lowered(self, nodes: frozenset[int], lower: list[int], upper: list[int]) -> Fraction:
        """The highest level that this violated set allows (one step of Newton); level 0 is known to work."""
        network = self.network
        room = weight = 0
        free = {network.type_arcs[index]: network.counts[index] for index in self.free}
        for arc, (tail, head) in enumerate(zip(network.tails, network.heads, strict=True)):
            if (tail in nodes) == (head in nodes):
                continue
            if tail in nodes:
                room += upper[arc]
            elif arc in free:
                weight += free[arc]
            else:
                room -= lower[arc]
        return Fraction(room, weight * self.scale)

    def freeze(self, level: Fraction, lower: list[int], upper: list[int]) -> None:
        """Fix every type that no circulation can raise above this level."""
        network = self.network
        component = components(self.graph, residual(lower, upper, self.flow))
        tight: list[int] = []
        for index in self.free:
            arc = network.type_arcs[index]
            if self.flow[arc] != lower[arc]:
                continue
            if self.flow[arc] == upper[arc] or component[network.tails[arc]] != component[network.heads[arc]]:
                tight.append(index)
        assert tight
        for index in tight:
            self.free.discard(index)
            self.frozen[index] = level


def feasible_flow(network: Network, graph: Graph) -> list[int]:
    """Some panel as a whole-numbered circulation; raises `Shortfall`."""
    flow = [0] * len(network.tails)
    short = circulate(graph, network.lower, network.upper, flow)
    if short:
        raise Shortfall(short)
    return flow


def leximin(network: Network, graph: Graph, flow: list[int]) -> list[Fraction]:
    """The chance of each type's members, given a feasible flow to start from."""
    ceilings = list(obvious_ceilings(network))
    values = by_ceilings(network, graph, flow, ceilings)
    return by_stages(network, graph, flow, ceilings) if values is None else values


def by_ceilings(
    network: Network, graph: Graph, flow: list[int], ceilings: list[Ceiling]
) -> list[Fraction] | None:
    """The answer by adding the ceilings that the last answer broke; None where ceilings alone do not tell it."""
    frozen = {
        index: Fraction(network.upper[arc], network.counts[index])
        for index, arc in enumerate(network.type_arcs)
        if network.lower[arc] == network.upper[arc]
    }
    water = Water(network.counts, frozen)
    for ceiling in ceilings:
        water.add(ceiling)
    now, scale = list(flow), 1
    for _ in range(MOST_CEILINGS):
        values = water.rise()
        scale, earlier = lcm(*{value.denominator for value in values.values()}), scale
        now = [mass * scale // earlier for mass in now]
        short = circulate(graph, *_exactly(network, values, scale), now)
        if not short:
            return [values[index] for index in range(len(network.kinds))]
        broken = violated_ceiling(network, short, frozen)
        if broken is None:
            return None
        ceilings.append(broken)
        water.add(broken)
    return None


def _exactly(network: Network, values: dict[int, Fraction], scale: int) -> tuple[list[int], list[int]]:
    """Bounds which give every type just this chance."""
    lower, upper = [low * scale for low in network.lower], [high * scale for high in network.upper]
    for index, arc in enumerate(network.type_arcs):
        value = values[index]
        lower[arc] = upper[arc] = value.numerator * (scale // value.denominator) * network.counts[index]
    return lower, upper


def by_stages(network: Network, graph: Graph, flow: list[int], ceilings: list[Ceiling]) -> list[Fraction]:
    """The same from level to level: slower where both work, and always right."""
    stages = _Stages(network, graph, list(flow), ceilings)
    while stages.free:
        level = stages.first_guess()
        while True:
            lower, upper = stages.bounds(level)
            short = circulate(graph, lower, upper, stages.flow)
            if not short:
                break
            level = stages.lowered(short, lower, upper)
        stages.freeze(level, lower, upper)
    return [stages.frozen[index] for index in range(len(network.kinds))]
