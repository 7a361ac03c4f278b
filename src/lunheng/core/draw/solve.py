"""From the canonical instance to the committed plan: caps, chances, split (specification 4.5 and 4.6)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from .flow import circulate
from .instance import Instance
from .leximin import Shortfall, feasible_flow, leximin
from .model import Plan, TypePlan
from .network import Network, Place, build
from .rates import LIMIT, NoRates, specialty_rates
from .tiers import pin_tiers


@dataclass(frozen=True, slots=True)
class Solution:
    """The chances as whole numbers over one denominator, and the mass per type and specialty."""

    network: Network
    kind_of: list[int]
    denominator: int
    shares: list[int]
    seats: list[list[tuple[int, int]]]
    units: set[int]
    groups: set[int]

    def plan(self, instance: Instance) -> Plan:
        """The lottery in the caller's words."""
        return Plan(
            denominator=self.denominator,
            units=tuple(instance.units[unit] for unit in sorted(self.units)),
            groups=tuple(instance.groups[group].name for group in sorted(self.groups)),
            types=tuple(self._type(instance, index) for index in range(len(self.network.kinds))),
        )

    def _type(self, instance: Instance, index: int) -> TypePlan:
        place, mask, tier, fixed = self.network.kinds[index]
        return TypePlan(
            place=_named(instance, place),
            specialties=instance.names(mask),
            tier=tier,
            fixed=instance.ids[fixed] if fixed >= 0 else "",
            count=self.network.counts[index],
            share=self.shares[index],
            seats=tuple((instance.specialties[specialty], mass) for specialty, mass in self.seats[index]),
        )


def _named(instance: Instance, place: Place) -> tuple[str, str]:
    kind, index = place
    if kind == "unit":
        return kind, instance.units[index]
    return (kind, instance.groups[index].name) if kind == "group" else (kind, "")


def solve(instance: Instance) -> Solution:
    """The fairest lottery; raises `Shortfall` when no panel exists.

    Caps join the network only once they are exceeded: the optimum of a relaxed problem that keeps
    every cap is the optimum of the problem.
    """
    units: set[int] = set()
    groups = {index for index, group in enumerate(instance.groups) if group.low > 0}
    while True:
        network, kind_of = build(instance, units, groups)
        values = _chances(instance, network)
        scale = lcm(*{value.denominator for value in values})
        shares = [value.numerator * (scale // value.denominator) for value in values]
        over_units, over_groups = _exceeded(instance, shares, kind_of, scale)
        if not (over_units - units or over_groups - groups):
            seats = _split(network, shares, scale, len(instance.specialties))
            return Solution(
                network, kind_of, 2 * scale, [2 * share for share in shares], seats, units, groups
            )
        units |= over_units
        groups |= over_groups


def _chances(instance: Instance, network: Network) -> list[Fraction]:
    if not network.kinds:
        raise Shortfall(frozenset())
    if _has_rates(instance, network):
        try:
            rates = specialty_rates(instance.size, instance.ranges, _people(network))
        except NoRates:
            raise Shortfall(frozenset()) from None
        return [
            max(rates[specialty] for specialty in range(len(rates)) if mask >> specialty & 1)
            for _, mask, _, _ in network.kinds
        ]
    graph = network.graph()
    flow = feasible_flow(network, graph)
    pin_tiers(network, graph, flow, instance.tier_count)
    return leximin(network, graph, flow)


def _has_rates(instance: Instance, network: Network) -> bool:
    """The closed form knows quotas only: no named cap, no category, no tier, nobody fixed."""
    capped = any(kind in ("unit", "group") for kind, _ in network.what)
    plain = not capped and all(fixed < 0 for _, _, _, fixed in network.kinds)
    return plain and not instance.categories and instance.tier_count == 1 and len(instance.ranges) <= LIMIT


def _people(network: Network) -> dict[int, int]:
    people: dict[int, int] = {}
    for (_, mask, _, _), count in zip(network.kinds, network.counts, strict=True):
        people[mask] = people.get(mask, 0) + count
    return people


def _exceeded(
    instance: Instance, shares: list[int], kind_of: list[int], scale: int
) -> tuple[set[int], set[int]]:
    """Units and groups whose expected number is above their cap."""

    def mass(unit: int) -> int:
        span = instance.members[unit]
        return sum(map(shares.__getitem__, kind_of[span.start : span.stop]))

    # a unit in which even the best chance of all could not exceed the cap is not added up
    harmless = (scale * (instance.per_unit or 0)) // max(shares)
    over_units = {
        unit
        for unit, span in enumerate(instance.members)
        if instance.per_unit is not None and len(span) > harmless and mass(unit) > instance.cap(unit) * scale
    }
    over_groups = {
        index
        for index, group in enumerate(instance.groups)
        if sum(map(mass, group.members)) > group.high * scale
    }
    return over_units, over_groups


def _split(network: Network, shares: list[int], scale: int, width: int) -> list[list[tuple[int, int]]]:
    """Which part of each chance is for which specialty: the sum of two extreme answers."""
    lower = [low * scale for low in network.lower]
    upper = [high * scale for high in network.upper]
    for index, arc in enumerate(network.type_arcs):
        lower[arc] = upper[arc] = shares[index] * network.counts[index]
    flows = []
    for rotation in (0, width // 2):
        flow = [0] * len(network.tails)
        short = circulate(network.graph(rotation), lower, upper, flow)
        assert not short
        flows.append(flow)
    return [
        [
            (specialty, flows[0][arc] + flows[1][arc])
            for specialty, arc in arcs
            if flows[0][arc] + flows[1][arc]
        ]
        for arcs in network.seat_arcs
    ]
