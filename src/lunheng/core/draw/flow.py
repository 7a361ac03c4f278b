"""Flows with lower bounds on whole numbers: a circulation, or the nodes which prove that there is none."""

from __future__ import annotations

from collections.abc import Sequence


class Graph:
    """Arcs with both directions listed per node: edge 2a walks arc a forwards, edge 2a+1 backwards."""

    def __init__(
        self, nodes: int, tails: Sequence[int], heads: Sequence[int], order: Sequence[int] | None = None
    ) -> None:
        self.nodes = nodes
        self.target: list[int] = []
        self.edges: list[list[int]] = [[] for _ in range(nodes)]
        for tail, head in zip(tails, heads, strict=True):
            self.target += (head, tail)
        for arc in range(len(tails)) if order is None else order:
            self.edges[tails[arc]].append(2 * arc)
            self.edges[heads[arc]].append(2 * arc + 1)


def residual(lower: Sequence[int], upper: Sequence[int], flow: Sequence[int]) -> list[int]:
    """How far every edge can still be pushed."""
    capacity: list[int] = []
    for low, high, now in zip(lower, upper, flow, strict=True):
        capacity += (high - now, now - low)
    return capacity


def circulate(graph: Graph, lower: Sequence[int], upper: Sequence[int], flow: list[int]) -> frozenset[int]:
    """Repair `flow` in place until it is a circulation within the bounds.

    Returns the empty set on success, else a set of nodes into which more must flow than can leave (Hoffman).
    """
    for arc, now in enumerate(flow):
        flow[arc] = min(max(now, lower[arc]), upper[arc])
    capacity = residual(lower, upper, flow)
    excess = _excess(graph, flow)
    reached = _drain(graph, capacity, excess)
    for arc in range(len(flow)):
        flow[arc] = lower[arc] + capacity[2 * arc + 1]
    return reached


def lacking(graph: Graph, lower: Sequence[int], upper: Sequence[int], flow: Sequence[int]) -> frozenset[int]:
    """After a failed `circulate`: the smallest set of nodes of which more is demanded than can come in."""
    capacity = residual(lower, upper, flow)
    excess = _excess(graph, flow)
    waiting = [node for node in range(graph.nodes) if excess[node] < 0]
    found = set(waiting)
    while waiting:
        for edge in graph.edges[waiting.pop()]:
            source = graph.target[edge]
            if capacity[edge ^ 1] and source not in found:
                found.add(source)
                waiting.append(source)
    return frozenset(found)


def _excess(graph: Graph, flow: Sequence[int]) -> list[int]:
    excess = [0] * graph.nodes
    for arc, now in enumerate(flow):
        excess[graph.target[2 * arc]] += now
        excess[graph.target[2 * arc + 1]] -= now
    return excess


def augment(graph: Graph, capacity: list[int], source: int, sink: int, amount: int) -> int:
    """Push up to `amount` from source to sink on top of a circulation; returns what arrived."""
    excess = [0] * graph.nodes
    excess[source], excess[sink] = amount, -amount
    _drain(graph, capacity, excess)
    return amount - excess[source]


def _drain(graph: Graph, capacity: list[int], excess: list[int]) -> frozenset[int]:
    """Dinic from all nodes with an excess to all with a lack; the nodes reached if an excess stays."""
    while True:
        sources = [node for node in range(graph.nodes) if excess[node] > 0]
        if not sources:
            return frozenset()
        level, found = _levels(graph, capacity, excess, sources)
        if not found:
            return frozenset(node for node in range(graph.nodes) if level[node] >= 0)
        pointer = [0] * graph.nodes
        for source in sources:
            _push_from(source, graph, capacity, excess, level, pointer)


def _levels(
    graph: Graph, capacity: list[int], excess: list[int], sources: list[int]
) -> tuple[list[int], bool]:
    level = [-1] * graph.nodes
    for node in sources:
        level[node] = 0
    found = False
    frontier = sources
    while frontier and not found:
        following: list[int] = []
        for node in frontier:
            for edge in graph.edges[node]:
                target = graph.target[edge]
                if capacity[edge] and level[target] < 0:
                    level[target] = level[node] + 1
                    found = found or excess[target] < 0
                    following.append(target)
        frontier = following
    return level, found


def _push_from(
    source: int, graph: Graph, capacity: list[int], excess: list[int], level: list[int], pointer: list[int]
) -> None:
    while excess[source] > 0:
        path = _path(source, graph, capacity, excess, level, pointer)
        if path is None:
            return
        sink = graph.target[path[-1]]
        amount = min(excess[source], -excess[sink])
        for edge in path:
            amount = min(amount, capacity[edge])
        for edge in path:
            capacity[edge] -= amount
            capacity[edge ^ 1] += amount
        excess[source] -= amount
        excess[sink] += amount


def _path(
    source: int, graph: Graph, capacity: list[int], excess: list[int], level: list[int], pointer: list[int]
) -> list[int] | None:
    """Edges from the source down the levels to a node with a lack; dead ends are never entered twice."""
    path: list[int] = []
    node = source
    while excess[node] >= 0:
        edges = graph.edges[node]
        while pointer[node] < len(edges):
            edge = edges[pointer[node]]
            if capacity[edge] and level[graph.target[edge]] == level[node] + 1:
                break
            pointer[node] += 1
        else:
            if not path:
                return None
            node = graph.target[path.pop() ^ 1]
            pointer[node] += 1
            continue
        path.append(edge)
        node = graph.target[edge]
    return path


def components(graph: Graph, capacity: Sequence[int]) -> list[int]:
    """The strongly connected component of every node in the residual graph (Tarjan, without recursion)."""
    count = graph.nodes
    index, low, component = [-1] * count, [0] * count, [-1] * count
    stack: list[int] = []
    pointer = [0] * count
    clock = 0
    for root in range(count):
        if index[root] >= 0:
            continue
        walk = [root]
        while walk:
            node = walk[-1]
            if index[node] < 0:
                index[node] = low[node] = clock
                clock += 1
                stack.append(node)
            following = _next_unseen(node, graph, capacity, pointer, index, low, component)
            if following >= 0:
                walk.append(following)
                continue
            walk.pop()
            if walk:
                low[walk[-1]] = min(low[walk[-1]], low[node])
            if low[node] == index[node]:
                _close(node, stack, component)
    return component


def _next_unseen(
    node: int,
    graph: Graph,
    capacity: Sequence[int],
    pointer: list[int],
    index: list[int],
    low: list[int],
    component: list[int],
) -> int:
    edges = graph.edges[node]
    while pointer[node] < len(edges):
        edge = edges[pointer[node]]
        pointer[node] += 1
        target = graph.target[edge]
        if not capacity[edge]:
            continue
        if index[target] < 0:
            return target
        if component[target] < 0:
            low[node] = min(low[node], index[target])
    return -1


def _close(node: int, stack: list[int], component: list[int]) -> None:
    while True:
        member = stack.pop()
        component[member] = node
        if member == node:
            return
