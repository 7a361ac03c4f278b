"""From the plan and the seed to the panel, each expert with exactly the planned chance (specification 4.6).

1 put the units in a random order; 2 pack them into bins of mass at most one seat; 3 note the mass per bin and
specialty; 4 round this small flow by random cycles; 5 pick one expert for every seat that is now full.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .instance import Instance
from .solve import Solution
from .stream import Stream

HUB = 0


@dataclass
class _Packing:
    """The tree of opened groups and units, the bins under it, and the experts of each bin."""

    instance: Instance
    shares: list[int]
    scale: int
    stream: Stream
    parents: list[int] = field(default_factory=lambda: [-1])
    bin_parents: list[int] = field(default_factory=list)
    bins: list[list[int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        instance = self.instance
        self.unit_mass = [sum(self.shares[expert] for expert in span) for span in instance.members]
        self.inner: dict[int, list[tuple[int, int, int]]] = {-1: []}
        for index, group in enumerate(instance.groups):
            self.inner.setdefault(index, [])
            if group.members:
                self.inner[group.parent].append((group.members[0], 0, index))
        for unit, group_index in enumerate(instance.group_of):
            self.inner[group_index].append((unit, 1, unit))
        for entries in self.inner.values():
            entries.sort()

    def pack_children(self, group: int, node: int) -> None:
        """Pack what lies directly in a group (-1: in no group) under a node of the tree, in random order."""
        entries = self.inner[group]
        self.stream.shuffle(entries)
        space = 0
        for _, is_unit, index in entries:
            mass = self.unit_mass[index] if is_unit else self._group_mass(index)
            if mass > self.scale:
                self._open(is_unit, index, node)
            elif mass:
                experts = list(self.instance.members[index]) if is_unit else self._everyone(index)
                space = self._put(experts, mass, node, space)

    def _open(self, is_unit: int, index: int, node: int) -> None:
        self.parents.append(node)
        own = len(self.parents) - 1
        if not is_unit:
            self.pack_children(index, own)
            return
        members = list(self.instance.members[index])
        self.stream.shuffle(members)
        space = 0
        for expert in members:
            if self.shares[expert]:
                space = self._put([expert], self.shares[expert], own, space)

    def _put(self, experts: list[int], mass: int, node: int, space: int) -> int:
        """Into the current bin of this node if there is room, else into a new one; returns the room left."""
        if mass > space:
            self.bins.append([])
            self.bin_parents.append(node)
            space = self.scale
        self.current_bin(node).extend(expert for expert in experts if self.shares[expert])
        return space - mass

    def current_bin(self, node: int) -> list[int]:
        """The youngest bin of this node."""
        last = max(index for index, parent in enumerate(self.bin_parents) if parent == node)
        return self.bins[last]

    def _group_mass(self, index: int) -> int:
        return sum(self.unit_mass[unit] for unit in self.instance.groups[index].members)

    def _everyone(self, index: int) -> list[int]:
        return [
            expert for unit in self.instance.groups[index].members for expert in self.instance.members[unit]
        ]


Piece = tuple[int, int]


def _pieces(solution: Solution, bins: list[list[int]]) -> list[dict[int, list[Piece]]]:
    """Per bin and specialty, the experts and the mass each brings; types hand out their split in order."""
    left = [[list(entry) for entry in seats] for seats in solution.seats]
    table: list[dict[int, list[Piece]]] = []
    for members in bins:
        row: dict[int, list[Piece]] = {}
        for expert in members:
            kind = solution.kind_of[expert]
            need = solution.shares[kind]
            while need:
                entry = left[kind][0]
                part = min(need, entry[1])
                row.setdefault(entry[0], []).append((expert, part))
                entry[1] -= part
                need -= part
                if not entry[1]:
                    left[kind].pop(0)
        table.append({specialty: row[specialty] for specialty in sorted(row)})
    return table


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
    instance: Instance, packing: _Packing, table: list[dict[int, list[Piece]]]
) -> tuple[_SmallNetwork, dict[tuple[int, int], int]]:
    """Opened nodes → bins → specialties → categories → root; also the arc of every bin and specialty."""
    small = _SmallNetwork()
    first_bin = len(packing.parents)
    first_specialty = first_bin + len(packing.bins)
    masses = [
        {specialty: sum(part for _, part in pieces) for specialty, pieces in row.items()} for row in table
    ]
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


def _node_masses(packing: _Packing, bin_masses: list[int]) -> list[int]:
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
    touching: list[list[int]] = [[] for _ in range(1 + max(small.tails + small.heads))]
    for arc in range(len(small.flow)):
        touching[small.tails[arc]].append(arc)
        touching[small.heads[arc]].append(arc)
    fractional = {arc for arc, flow in enumerate(small.flow) if flow % scale}
    while fractional:
        start = min(min(small.tails[arc], small.heads[arc]) for arc in fractional)
        cycle = _walk(small, touching, fractional, start)
        forward = min(_room(small.flow[arc], along, scale) for arc, along in cycle)
        backward = min(_room(small.flow[arc], -along, scale) for arc, along in cycle)
        step = forward if stream.pick((backward, forward)) == 0 else -backward
        for arc, along in cycle:
            small.flow[arc] += step * along
            if small.flow[arc] % scale == 0:
                fractional.discard(arc)


def _room(flow: int, along: int, scale: int) -> int:
    return scale - flow % scale if along > 0 else flow % scale


def _walk(
    small: _SmallNetwork, touching: list[list[int]], fractional: set[int], start: int
) -> list[tuple[int, int]]:
    """Along the lowest fractional arcs until a node repeats; the closed part, each arc with its direction."""
    trail: list[tuple[int, int]] = []
    seen = {start: 0}
    node, used = start, -1
    while True:
        used = min(arc for arc in touching[node] if arc in fractional and arc != used)
        along = 1 if small.tails[used] == node else -1
        node = small.heads[used] if along > 0 else small.tails[used]
        trail.append((used, along))
        if node in seen:
            return trail[seen[node] :]
        seen[node] = len(trail)


def seat_pairs(instance: Instance, solution: Solution, stream: Stream) -> list[tuple[int, int]]:
    """The drawn (expert, specialty) pairs, bin after bin."""
    shares = [solution.shares[kind] for kind in solution.kind_of]
    packing = _Packing(instance, shares, solution.denominator, stream)
    packing.pack_children(-1, HUB)
    table = _pieces(solution, packing.bins)
    small, arcs = _small_network(instance, packing, table)
    # a flow that does not add up would never become whole
    assert sum(shares) == instance.size * solution.denominator
    _round(small, solution.denominator, stream)
    pairs: list[tuple[int, int]] = []
    for (index, specialty), arc in arcs.items():
        if small.flow[arc] == solution.denominator:
            pieces = table[index][specialty]
            pairs.append((pieces[stream.pick([part for _, part in pieces])][0], specialty))
    return pairs
