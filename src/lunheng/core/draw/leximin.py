"""The fairest chances: maximize the smallest, then the second smallest, and so on (specification 4.3)."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

from .flow import Graph, circulate, components, residual
from .network import Network


class Shortfall(Exception):
    """No circulation exists; `nodes` receive more than can leave them."""

    def __init__(self, nodes: frozenset[int]) -> None:
        super().__init__("no circulation")
        self.nodes = nodes


class _Stages:
    """Chances already frozen, the free types, and the flow carried from stage to stage."""

    def __init__(self, network: Network, graph: Graph, flow: list[int]) -> None:
        self.network, self.graph, self.flow = network, graph, flow
        self.scale = 1
        self.frozen: dict[int, Fraction] = {}
        self.free: set[int] = set()
        for index, arc in enumerate(network.type_arcs):
            if network.lower[arc] == network.upper[arc]:
                self.frozen[index] = Fraction(network.upper[arc], network.counts[index])
            else:
                self.free.add(index)

    def first_guess(self) -> Fraction:
        """What would be left for each free expert if no other bound mattered."""
        counts = self.network.counts
        size = self.network.lower[0] - sum(value * counts[index] for index, value in self.frozen.items())
        return min(Fraction(1), Fraction(size, sum(counts[index] for index in self.free)))

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
    stages = _Stages(network, graph, list(flow))
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
