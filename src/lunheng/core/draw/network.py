"""The flow network of a draw (specification 4.2).

hub → groups → units → types → specialties → categories → root → hub
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .flow import Graph
from .instance import Instance

HUB, ROOT = 0, 1
Place = tuple[str, int]
"""("hub", -1), ("group", index) or ("unit", index): the nearest named node above an expert."""
Kind = tuple[Place, int, int, int]
"""Place, specialty mask, tier, and the fixed expert (-1: not fixed)."""


@dataclass
class Network:
    """Arcs in parallel lists; `what` names each arc.

    ("size" | "group" | "unit" | "type" | "seat" | "specialty" | "category", index)
    """

    kinds: list[Kind]
    counts: list[int]
    nodes: int
    tails: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    what: list[tuple[str, int]] = field(default_factory=list)
    type_arcs: list[int] = field(default_factory=list)
    seat_arcs: list[list[tuple[int, int]]] = field(default_factory=list)

    def connect(self, tail: int, head: int, low: int, high: int, what: tuple[str, int]) -> int:
        """Add an arc; returns its number."""
        self.tails.append(tail)
        self.heads.append(head)
        self.lower.append(low)
        self.upper.append(high)
        self.what.append(what)
        return len(self.tails) - 1

    def graph(self, rotation: int = 0) -> Graph:
        """The arcs as a graph; the rotation shifts which specialty a type tries first."""
        if not rotation:
            return Graph(self.nodes, self.tails, self.heads)
        seats = {arc: specialty for arcs in self.seat_arcs for specialty, arc in arcs}
        count = 1 + max(seats.values())
        order = sorted(
            range(len(self.tails)),
            key=lambda arc: ((seats[arc] - rotation) % count if arc in seats else -1, arc),
        )
        return Graph(self.nodes, self.tails, self.heads, order)


def kinds_of(instance: Instance, units: set[int], groups: set[int]) -> tuple[list[Kind], list[int]]:
    """The types under the named units and groups, sorted, and the type of every expert."""
    places: dict[int, Place] = {
        unit: ("group", group) for group in sorted(groups) for unit in instance.groups[group].members
    }
    places.update({unit: ("unit", unit) for unit in units})
    spots = sorted({("hub", -1), *places.values()})
    position = {place: index * instance.width for index, place in enumerate(spots)}
    # place, tier and mask as one number, so that a large pool is counted without an object for every expert
    hub = position["hub", -1]
    codes = [hub + own for own in instance.codes] if hub else list(instance.codes)
    for unit, place in places.items():
        for expert in instance.members[unit]:
            codes[expert] = position[place] + instance.codes[expert]
    return _sorted_kinds(instance, spots, codes)


def _sorted_kinds(instance: Instance, spots: list[Place], codes: list[int]) -> tuple[list[Kind], list[int]]:
    kind_by_code: dict[int, Kind] = {}
    for expert in instance.fixed:
        place, own = divmod(codes[expert], instance.width)
        # below 0 nobody else is
        codes[expert] = -1 - expert
        kind_by_code[-1 - expert] = (spots[place], *instance.decode(own), expert)
    for code in set(codes) - set(kind_by_code):
        place, own = divmod(code, instance.width)
        kind_by_code[code] = (spots[place], *instance.decode(own), -1)
    order = sorted(kind_by_code, key=kind_by_code.__getitem__)
    number = {code: index for index, code in enumerate(order)}
    return [kind_by_code[code] for code in order], list(map(number.__getitem__, codes))


def _named_above(instance: Instance, group: int, groups: set[int]) -> int:
    while group >= 0 and group not in groups:
        group = instance.groups[group].parent
    return group


def build(instance: Instance, units: set[int], groups: set[int]) -> tuple[Network, list[int]]:
    """The network with these units and groups named, and the type of every expert."""
    kinds, kind_of = kinds_of(instance, units, groups)
    counts = [count for _, count in sorted(Counter(kind_of).items())]
    first_category = 2 + len(instance.specialties)
    first_group = first_category + len(instance.categories)
    first_unit = first_group + len(groups)
    first_type = first_unit + len(units)
    network = Network(kinds, counts, first_type + len(kinds))
    node: dict[Place, int] = {("hub", -1): HUB}
    node.update({("group", group): first_group + index for index, group in enumerate(sorted(groups))})
    node.update({("unit", unit): first_unit + index for index, unit in enumerate(sorted(units))})
    network.connect(ROOT, HUB, instance.size, instance.size, ("size", 0))
    _connect_caps(network, instance, units, groups, node)
    for index, (place, mask, _, fixed) in enumerate(kinds):
        _connect_type(network, index, node[place], first_type + index, mask, counts[index], fixed >= 0)
    _connect_seats(network, instance, first_category)
    return network, kind_of


def _connect_caps(
    network: Network, instance: Instance, units: set[int], groups: set[int], node: dict[Place, int]
) -> None:
    for group in sorted(groups):
        nest = instance.groups[group]
        above = _named_above(instance, nest.parent, groups)
        parent = node[("group", above)] if above >= 0 else HUB
        network.connect(parent, node[("group", group)], nest.low, nest.high, ("group", group))
    for unit in sorted(units):
        above = _named_above(instance, instance.group_of[unit], groups)
        parent = node[("group", above)] if above >= 0 else HUB
        network.connect(parent, node[("unit", unit)], 0, instance.cap(unit), ("unit", unit))


def _connect_type(
    network: Network, index: int, parent: int, node: int, mask: int, count: int, fixed: bool
) -> None:
    network.type_arcs.append(network.connect(parent, node, count if fixed else 0, count, ("type", index)))
    seats = [
        (specialty, network.connect(node, 2 + specialty, 0, count, ("seat", index)))
        for specialty in range(mask.bit_length())
        if mask >> specialty & 1
    ]
    network.seat_arcs.append(seats)


def _connect_seats(network: Network, instance: Instance, first_category: int) -> None:
    for specialty, (low, high) in enumerate(instance.ranges):
        category = instance.category_of[specialty]
        parent = first_category + category if category >= 0 else ROOT
        network.connect(2 + specialty, parent, low, high, ("specialty", specialty))
    for category, nest in enumerate(instance.categories):
        parent = first_category + nest.parent if nest.parent >= 0 else ROOT
        network.connect(first_category + category, parent, nest.low, nest.high, ("category", category))
