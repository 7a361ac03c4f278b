"""Units in random order, packed into bins of which each sends at most one expert (specification 4.6).

Whoever shares a bin never sits together. So two experts in conflict are settled exactly, at no cost to anybody's
chance, whenever their units fit into one bin; only pairs that do not fit remain for a redraw (8.5).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import accumulate

from .instance import Instance
from .solve import Solution
from .stream import Stream

HUB = 0
GROUP, UNIT, EXPERT, JOINT = range(4)
Entry = tuple[int, int, int]
"""(first member, one of the four kinds above, index): packed as a whole, unless it weighs more than a seat."""


class Tree:
    """What lies directly in what, and what it weighs in units of 1/denominator.

    Entries of one level that are in conflict become one `JOINT` entry if they weigh at most one seat together;
    `unresolved` are the pairs for which that was not possible.
    """

    def __init__(self, instance: Instance, solution: Solution) -> None:
        self.instance, self.scale = instance, solution.denominator
        mass_of = solution.shares.__getitem__
        self._up_to = list(accumulate(map(mass_of, solution.kind_of), initial=0))
        self.unit_mass = [self._up_to[span.stop] - self._up_to[span.start] for span in instance.members]
        self._inner: dict[int, list[Entry]] = {-1: []}
        self._staff: dict[int, list[Entry]] = {}
        self._joints: list[list[Entry]] = []
        self.unresolved: list[tuple[int, int]] = []
        for index, group in enumerate(instance.groups):
            self._inner.setdefault(index, [])
            if group.members:
                self._inner[group.parent].append((group.members[0], GROUP, index))
        for unit, group_index in enumerate(instance.group_of):
            self._inner[group_index].append((unit, UNIT, unit))
        for entries in self._inner.values():
            entries.sort()
        if instance.conflicts:
            self._join(-1)

    def inside(self, group: int) -> list[Entry]:
        """What lies directly in a group (-1: in no group)."""
        return list(self._inner[group])

    def staff(self, unit: int) -> list[Entry]:
        """The experts of a unit, each an entry of its own unless joined."""
        if unit in self._staff:
            return list(self._staff[unit])
        return [(expert, EXPERT, expert) for expert in self.instance.members[unit]]

    def mass(self, entry: Entry) -> int:
        """What the experts of an entry weigh."""
        _, kind, index = entry
        if kind == UNIT:
            return self.unit_mass[index]
        if kind == EXPERT:
            return self._up_to[index + 1] - self._up_to[index]
        return sum(map(self.mass, self._parts(entry)))

    def experts(self, entry: Entry) -> list[int]:
        """The experts of an entry in canonical order."""
        _, kind, index = entry
        if kind == UNIT:
            return list(self.instance.members[index])
        if kind == EXPERT:
            return [index]
        return [expert for part in self._parts(entry) for expert in self.experts(part)]

    def _parts(self, entry: Entry) -> list[Entry]:
        _, kind, index = entry
        if kind == JOINT:
            return self._joints[index]
        return [(unit, UNIT, unit) for unit in self.instance.groups[index].members]

    def redraw(self) -> int:
        """At most how often, in units of 1/denominator, a panel holds a pair that is not resolved."""
        return sum(
            min(self.mass((one, EXPERT, one)), self.mass((other, EXPERT, other)))
            for one, other in self.unresolved
        )

    def _join(self, group: int) -> None:
        holders = {expert: self._holder(expert, group) for pair in self.instance.conflicts for expert in pair}
        self._inner[group] = self._joined(self._inner[group], holders)
        for entry in self._inner[group]:
            _, kind, index = entry
            if kind == JOINT or self.mass(entry) <= self.scale:
                continue
            if kind == GROUP:
                self._join(index)
            else:
                own = {expert: (expert, EXPERT, expert) for expert in self.instance.members[index]}
                self._staff[index] = self._joined(self.staff(index), own)

    def _holder(self, expert: int, level: int) -> Entry | None:
        """The entry directly inside a group that holds an expert; None if the expert is not in it."""
        unit = bisect_right(self.instance.members, expert, key=lambda span: span.start) - 1
        group = self.instance.group_of[unit]
        if group == level:
            return (unit, UNIT, unit)
        while group >= 0 and self.instance.groups[group].parent != level:
            group = self.instance.groups[group].parent
        return (self.instance.groups[group].members[0], GROUP, group) if group >= 0 else None

    def _joined(self, entries: list[Entry], holders: Mapping[int, Entry | None]) -> list[Entry]:
        blocks = {entry: [entry] for entry in holders.values() if entry is not None}
        for one, other in self.instance.conflicts:
            left, right = holders.get(one), holders.get(other)
            if left is None or right is None or blocks[left] is blocks[right]:
                continue
            together = sorted(blocks[left] + blocks[right])
            if sum(map(self.mass, together)) > self.scale:
                self.unresolved.append((one, other))
            else:
                blocks.update(dict.fromkeys(together, together))
        return [
            self._named(blocks.get(entry, [entry]))
            for entry in entries
            if blocks.get(entry, [entry])[0] == entry
        ]

    def _named(self, block: list[Entry]) -> Entry:
        if len(block) == 1:
            return block[0]
        self._joints.append(block)
        return (block[0][0], JOINT, len(self._joints) - 1)


@dataclass
class Packing:
    """The tree of opened groups and units, the bins under it, and the experts of each bin in packed order."""

    tree: Tree
    stream: Stream
    parents: list[int] = field(default_factory=lambda: [-1])
    bin_parents: list[int] = field(default_factory=list)
    bins: list[list[int]] = field(default_factory=list)

    def fill(self, entries: list[Entry], node: int) -> None:
        """Pack these entries under a node of the tree, in random order."""
        self.stream.shuffle(entries)
        tree, scale, space = self.tree, self.tree.scale, 0
        unit_mass, members = tree.unit_mass, tree.instance.members
        current: list[int] = []
        for entry in entries:
            # nearly all entries are units; asking the tree for each would cost more than the rest
            is_unit = entry[1] == UNIT
            mass = unit_mass[entry[2]] if is_unit else tree.mass(entry)
            if mass > scale:
                self._open(entry, node)
            elif mass:
                if mass > space:
                    current = self._new_bin(node)
                    space = scale
                space -= mass
                current += members[entry[2]] if is_unit else tree.experts(entry)

    def _open(self, entry: Entry, node: int) -> None:
        """What weighs more than one seat becomes a node, and what lies in it is packed under that."""
        _, kind, index = entry
        self.parents.append(node)
        self.fill(self.tree.inside(index) if kind == GROUP else self.tree.staff(index), len(self.parents) - 1)

    def _new_bin(self, node: int) -> list[int]:
        self.bins.append([])
        self.bin_parents.append(node)
        return self.bins[-1]


def packed(instance: Instance, solution: Solution, stream: Stream) -> Packing:
    """All experts of the pool in bins."""
    packing = Packing(Tree(instance, solution), stream)
    packing.fill(packing.tree.inside(-1), HUB)
    return packing
