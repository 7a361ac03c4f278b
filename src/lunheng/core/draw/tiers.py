"""Nearest territory first: as many as possible from the first tier, then the first two (specification 8.3).

The optimum is a face of the flow polytope, so it is enough to pin the arcs that all optimal panels use alike.
"""

from __future__ import annotations

from .flow import Graph, residual
from .network import Network


def pin_tiers(network: Network, graph: Graph, flow: list[int], tier_count: int) -> None:
    """Narrow the bounds, in place, to the panels with the best tier counts; `flow` becomes one of them."""
    for tier in range(tier_count - 1):
        gain = [0] * len(network.tails)
        for index, arc in enumerate(network.type_arcs):
            if network.kinds[index][2] <= tier:
                gain[arc] = 1
        if any(gain):
            _improve(network, graph, flow, gain)


def _improve(network: Network, graph: Graph, flow: list[int], gain: list[int]) -> None:
    while True:
        capacity = residual(network.lower, network.upper, flow)
        potential, cycle = longest_walks(graph, capacity, gain)
        if not cycle:
            break
        amount = min(capacity[edge] for edge in cycle)
        for edge in cycle:
            flow[edge >> 1] += -amount if edge & 1 else amount
    for arc, (tail, head) in enumerate(zip(network.tails, network.heads, strict=True)):
        if potential[tail] + gain[arc] != potential[head]:
            network.lower[arc] = network.upper[arc] = flow[arc]


def longest_walks(graph: Graph, capacity: list[int], gain: list[int]) -> tuple[list[int], list[int]]:
    """The best gain of a walk into every node (Bellman and Ford), or the edges of a cycle that gains."""
    best = [0] * graph.nodes
    entered = [-1] * graph.nodes
    changed = list(range(graph.nodes))
    while True:
        following: set[int] = set()
        for node in changed:
            for edge in graph.edges[node]:
                value = best[node] + (-gain[edge >> 1] if edge & 1 else gain[edge >> 1])
                target = graph.target[edge]
                if capacity[edge] and value > best[target]:
                    best[target], entered[target] = value, edge
                    following.add(target)
        if not following:
            return best, []
        changed = sorted(following)
        cycle = _cycle(graph, entered)
        if cycle:
            return best, cycle


def _cycle(graph: Graph, entered: list[int]) -> list[int]:
    """A cycle among the edges by which the nodes were last improved; each such cycle gains."""
    state = [0] * graph.nodes
    for start in range(graph.nodes):
        node, trail = start, []
        while state[node] == 0 and entered[node] >= 0:
            state[node] = 1
            trail.append(node)
            node = graph.target[entered[node] ^ 1]
        if state[node] == 1 and node in trail:
            return _edges_back(graph, entered, node)
        for done in trail:
            state[done] = 2
    return []


def _edges_back(graph: Graph, entered: list[int], start: int) -> list[int]:
    edges = [entered[start]]
    node = graph.target[entered[start] ^ 1]
    while node != start:
        edges.append(entered[node])
        node = graph.target[entered[node] ^ 1]
    return edges
