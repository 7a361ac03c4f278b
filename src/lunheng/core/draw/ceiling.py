"""Chances under ceilings, each of which says how much mass a set of types can have together at most.

Under ceilings alone the fairest chances are those of rising water: everybody rises until a ceiling is reached, the
types under it stay there, the others rise on. No panel exceeds a ceiling of the network; so chances that the network
can carry are the fairest of all as soon as they are the fairest under some of its ceilings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import gcd

from .network import ROOT, Network

Ceiling = tuple[frozenset[int], int]
"""Types, and the seats that they can have together at most."""


def obvious_ceilings(network: Network) -> Iterator[Ceiling]:
    """Caps hold for the types below them, seats for the types that can sit nowhere else."""
    parents: dict[int, int] = {}
    rooms: dict[int, int] = {ROOT: network.upper[0]}
    for arc, (kind, _) in enumerate(network.what):
        tail, head, most = network.tails[arc], network.heads[arc], network.upper[arc]
        if kind in ("unit", "group"):
            parents[head], rooms[head] = tail, most
        elif kind in ("specialty", "category"):
            parents[tail], rooms[tail] = head, most
    under: dict[int, set[int]] = {node: set() for node in rooms}
    for index, (arc, seats) in enumerate(zip(network.type_arcs, network.seat_arcs, strict=True)):
        ways = [set(_upward(2 + specialty, parents)) for specialty, _ in seats]
        for node in (*_upward(network.tails[arc], parents), *set.intersection(*ways)):
            if node in under:
                under[node].add(index)
    return ((frozenset(under[node]), room) for node, room in rooms.items() if under[node])


def _upward(node: int, parents: Mapping[int, int]) -> Iterator[int]:
    yield node
    while node in parents:
        node = parents[node]
        yield node


def violated_ceiling(
    network: Network, nodes: frozenset[int], frozen: Mapping[int, Fraction]
) -> Ceiling | None:
    """The ceiling that chances break of which more flows into these nodes than can leave; None if it is none.

    It is none when the chances of other types weigh on the other side of the balance.
    """
    kinds, room = set[int](), 0
    for arc, (tail, head) in enumerate(zip(network.tails, network.heads, strict=True)):
        if (tail in nodes) == (head in nodes):
            continue
        kind, index = network.what[arc]
        is_free = kind == "type" and index not in frozen
        if tail in nodes:
            if is_free:
                return None
            room += network.upper[arc]
        elif is_free:
            kinds.add(index)
        else:
            room -= network.lower[arc]
    return frozenset(kinds), room


class Water:
    """Rising water under ceilings that may become more."""

    def __init__(self, counts: Sequence[int], frozen: Mapping[int, Fraction]) -> None:
        self.counts, self.frozen = counts, frozen
        self.kinds: list[frozenset[int]] = []
        self.rooms: list[int] = []
        self.people: list[int] = []
        self.over: list[list[int]] = [[] for _ in counts]

    def add(self, ceiling: Ceiling) -> None:
        """One ceiling more; whoever sits for certain takes his part of the room at once."""
        kinds, room = ceiling
        free = kinds - self.frozen.keys()
        for index in free:
            self.over[index].append(len(self.kinds))
        self.kinds.append(free)
        self.people.append(sum(map(self.counts.__getitem__, free)))
        self.rooms.append(room - sum(int(self.frozen[index]) * self.counts[index] for index in kinds - free))

    def rise(self) -> dict[int, Fraction]:
        """The chance of each type's members; nobody rises above 1."""
        counts, rooms, people, scale = self.counts, list(self.rooms), list(self.people), 1
        levels = dict(self.frozen)
        while len(levels) < len(counts):
            tight, room, sharing = _lowest(rooms, people, scale)
            level = Fraction(room, sharing * scale)
            if tight < 0:
                return dict.fromkeys(range(len(counts)), level) | levels
            factor = sharing // gcd(room, sharing)
            scale *= factor
            rooms = [one * factor for one in rooms] if factor > 1 else rooms
            height = room * factor // sharing
            for index in self.kinds[tight] - levels.keys():
                levels[index] = level
                for ceiling in self.over[index]:
                    rooms[ceiling] -= height * counts[index]
                    people[ceiling] -= counts[index]
        return levels


def _lowest(rooms: Sequence[int], people: Sequence[int], scale: int) -> tuple[int, int, int]:
    """The ceiling that rising water reaches first, its room, and the people who share it; -1 for level 1."""
    tight, room, sharing = -1, scale, 1
    for index, (own_room, own_people) in enumerate(zip(rooms, people, strict=True)):
        if own_people and own_room * sharing < room * own_people:
            tight, room, sharing = index, own_room, own_people
    return tight, room, sharing
