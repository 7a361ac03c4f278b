"""From the plan and the seed to the panel, each expert with exactly the planned chance (specification 4.6).

1 put the units in a random order; 2 pack them into bins of mass at most one seat; 3 note the mass per bin and
specialty; 4 round this small flow by random cycles; 5 pick one expert for every seat that is now full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from .instance import Instance
from .packing import HUB, Packing, packed
from .solve import Solution
from .stream import Stream

Piece = tuple[int, int]
"""An expert and the mass that he brings to one specialty of one bin."""


class _Masses:
    """The mass per bin and specialty: every type has its split as a line, its experts cut it up in packed order."""

    def __init__(self, solution: Solution, bins: list[list[int]]) -> None:
        self.solution, self.bins = solution, bins
        self.begins: list[dict[int, int]] = []
        self.table: list[dict[int, int]] = []
        reached = [0] * len(solution.shares)
        for members in bins:
            counts = Counter(map(solution.kind_of.__getitem__, members))
            self.begins.append({kind: reached[kind] for kind in counts})
            row: Counter[int] = Counter()
            for kind, count in counts.items():
                end = reached[kind] + count * solution.shares[kind]
                for specialty, part in self._cut(kind, reached[kind], end):
                    row[specialty] += part
                reached[kind] = end
            self.table.append({specialty: row[specialty] for specialty in sorted(row)})

    def _cut(self, kind: int, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """The part of a stretch of a type's line that each specialty covers."""
        left = 0
        for specialty, mass in self.solution.seats[kind]:
            part = min(end, left + mass) - max(begin, left)
            if part > 0:
                yield specialty, part
            left += mass

    def pieces(self, index: int, wanted: int) -> list[Piece]:
        """Who brings how much to a specialty of a bin, in packed order."""
        solution = self.solution
        reached = {
            kind: begin
            for kind, begin in self.begins[index].items()
            if any(specialty == wanted for specialty, _ in solution.seats[kind])
        }
        # a type with one specialty brings it whole, and needs no cutting
        whole = {kind: solution.shares[kind] for kind in reached if len(solution.seats[kind]) == 1}
        found: list[Piece] = []
        for expert in self.bins[index]:
            kind = solution.kind_of[expert]
            if kind in whole:
                found.append((expert, whole[kind]))
            elif kind in reached:
                begin = reached[kind]
                reached[kind] = end = begin + solution.shares[kind]
                found += [(expert, part) for name, part in self._cut(kind, begin, end) if name == wanted]
        return found


@dataclass
class _SmallNetwork:
    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    flow: list[int] = field(default_factory=list)

    def connect(self, tail: int, head: int, flow: int) -> int:
        self.tails.append(tail)
        self.heads.append(head)
        self.flow.append(flow)
        return len(self.flow) - 1


def _small_network(
    instance: Instance, packing: Packing, masses: list[dict[int, int]]
) -> tuple[_SmallNetwork, dict[tuple[int, int], int]]:
    """Opened nodes → bins → specialties → categories → root; also the arc of every bin and specialty."""
    small = _SmallNetwork()
    first_bin = len(packing.parents)
    first_specialty = first_bin + len(packing.bins)
    bin_masses = [sum(row.values()) for row in masses]
    for node, mass in enumerate(_node_masses(packing, bin_masses)):
        if node != HUB:
            small.connect(packing.parents[node], node, mass)
    for index, mass in enumerate(bin_masses):
        small.connect(packing.bin_parents[index], first_bin + index, mass)
    arcs = {
        (index, specialty): small.connect(first_bin + index, first_specialty + specialty, mass)
        for index, row in enumerate(masses)
        for specialty, mass in row.items()
    }
    seats = [sum(row.get(specialty, 0) for row in masses) for specialty in range(len(instance.specialties))]
    _connect_categories(small, instance, seats, first_specialty)
    return small, arcs


def _node_masses(packing: Packing, bin_masses: list[int]) -> list[int]:
    node_mass = [0] * len(packing.parents)
    for node, mass in zip(packing.bin_parents, bin_masses, strict=True):
        while node >= 0:
            node_mass[node] += mass
            node = packing.parents[node]
    return node_mass


def _connect_categories(small: _SmallNetwork, instance: Instance, seats: list[int], first: int) -> None:
    first_category = first + len(instance.specialties)
    root = first_category + len(instance.categories)
    category_mass = [0] * len(instance.categories)
    for specialty, mass in enumerate(seats):
        category = instance.category_of[specialty]
        small.connect(first + specialty, first_category + category if category >= 0 else root, mass)
        while category >= 0:
            category_mass[category] += mass
            category = instance.categories[category].parent
    for index, nest in enumerate(instance.categories):
        parent = first_category + nest.parent if nest.parent >= 0 else root
        small.connect(first_category + index, parent, category_mass[index])


def _round(small: _SmallNetwork, scale: int, stream: Stream) -> None:
    """Push random cycles until every arc carries whole seats; each push changes no expected value."""
    broken = _Broken(small, scale)
    part, flow = broken.part, small.flow
    while True:
        cycle = broken.cycle()
        if not cycle:
            break
        forward = min([scale - part[arc] if along else part[arc] for arc, along in cycle])
        backward = min([part[arc] if along else scale - part[arc] for arc, along in cycle])
        step = forward if stream.pick((backward, forward)) == 0 else -backward
        for arc, along in cycle:
            change = step if along else -step
            flow[arc] += change
            part[arc] = (part[arc] + change) % scale


class _Broken:
    """Which arcs are not yet whole, by node; an arc that has become whole stays so.

    `part` is what every arc carries beyond whole seats. What flows through a node is whole, so a node that touches a
    broken arc touches another one.
    """

    def __init__(self, small: _SmallNetwork, scale: int) -> None:
        self.tails = small.tails
        self.ends = [tail + head for tail, head in zip(small.tails, small.heads, strict=True)]
        self.part = [flow % scale for flow in small.flow]
        # the lowest arc last, where it is cheap to drop
        self.touching: list[list[int]] = [[] for _ in range(1 + max(small.tails + small.heads))]
        for arc in range(len(small.flow) - 1, -1, -1):
            if self.part[arc]:
                self.touching[small.tails[arc]].append(arc)
                self.touching[small.heads[arc]].append(arc)
        self.from_node = 0
        self.trail: list[tuple[int, bool]] = []
        self.seen: dict[int, int] = {}

    def cycle(self) -> list[tuple[int, bool]]:
        """The next cycle, each arc with whether it is walked along; empty when everything is whole.

        From the lowest node that touches a broken arc along the lowest broken arcs until a node repeats. What led
        to the cycle stays broken, so a walk from the start would take the same way again: it goes on from there.
        """
        trail, seen, tails, part = self.trail, self.seen, self.tails, self.part
        if trail:
            used, along = trail[-1]
            node = self.ends[used] - tails[used] if along else tails[used]
        else:
            node, used = self._lowest_node(), -1
            seen.clear()
            seen[node] = 0
        while node >= 0:
            arcs = self.touching[node]
            while not part[arcs[-1]]:
                arcs.pop()
            used = arcs[-1] if arcs[-1] != used else self._second(arcs)
            trail.append((used, tails[used] == node))
            node = self.ends[used] - node
            if node in seen:
                return self._cut(seen[node])
            seen[node] = len(trail)
        return []

    def _cut(self, begin: int) -> list[tuple[int, bool]]:
        """Take the closed part off the trail; the node at which it closed is the last one left."""
        cycle = self.trail[begin:]
        del self.trail[begin:]
        for node in list(self.seen)[begin + 1 :]:
            del self.seen[node]
        return cycle

    def _lowest_node(self) -> int:
        """The lowest node that touches a broken arc; -1 when everything is whole."""
        for node in range(self.from_node, len(self.touching)):
            if any(map(self.part.__getitem__, self.touching[node])):
                self.from_node = node
                return node
        return -1

    def _second(self, arcs: list[int]) -> int:
        """The lowest broken arc after the last of the list."""
        index = len(arcs) - 2
        while not self.part[arcs[index]]:
            index -= 1
        return arcs[index]


def seat_pairs(instance: Instance, solution: Solution, stream: Stream) -> list[tuple[int, int]]:
    """The drawn (expert, specialty) pairs, bin after bin."""
    packing = packed(instance, solution, stream)
    masses = _Masses(solution, packing.bins)
    small, arcs = _small_network(instance, packing, masses.table)
    # a flow that does not add up would never become whole
    assert sum(sum(row.values()) for row in masses.table) == instance.size * solution.denominator
    _round(small, solution.denominator, stream)
    pairs: list[tuple[int, int]] = []
    for (index, specialty), arc in arcs.items():
        if small.flow[arc] == solution.denominator:
            pieces = masses.pieces(index, specialty)
            pairs.append((pieces[stream.pick([part for _, part in pieces])][0], specialty))
    return pairs
