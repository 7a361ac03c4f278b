"""Two ways to the fairest chances: under ceilings at once, and level by level; they never differ."""

from collections import Counter

from lunheng.core.draw import Candidate, Infeasible, Request, RequestError
from lunheng.core.draw.ceiling import obvious_ceilings
from lunheng.core.draw.instance import canonical
from lunheng.core.draw.leximin import Shortfall, by_ceilings, by_stages, feasible_flow
from lunheng.core.draw.network import Network, build
from lunheng.core.draw.tiers import pin_tiers
from tests.core.draw.instances import small_draw


def network_of(pool: tuple[Candidate, ...], request: Request) -> tuple[Network, list[int]]:
    """With every cap in it, and a panel as a flow."""
    instance = canonical(pool, request)
    units, groups = set(range(len(instance.units))), set(range(len(instance.groups)))
    network = build(instance, units, groups)[0]
    flow = feasible_flow(network, network.graph())
    pin_tiers(network, network.graph(), flow, instance.tier_count)
    return network, flow


def ways(number: int) -> str:
    """What the ceilings say of a numbered draw: "equal" to the stages, "different", nothing, or no panel."""
    try:
        network, flow = network_of(*small_draw(number))
    except (Infeasible, RequestError, Shortfall):
        return "no panel"
    known = list(obvious_ceilings(network))
    at_once = by_ceilings(network, network.graph(), flow, list(known))
    if at_once is None:
        return "nothing"
    return "equal" if at_once == by_stages(network, network.graph(), flow, known) else "different"


def test_both_ways_lead_to_the_same_chances() -> None:
    found = Counter(ways(number) for number in range(600))

    assert found["different"] == 0
    assert found["equal"] > 100
    assert found["nothing"] > 5


def test_caps_and_seats_are_ceilings_for_those_who_cannot_pass_them_by() -> None:
    """One unit, two specialties: whoever holds both is under the cap and the panel, but under no specialty."""
    pool = (Candidate("one", "u", ("a",)), Candidate("two", "u", ("a", "b")), Candidate("three", "v", ("b",)))
    network, _ = network_of(pool, Request(2, {"a": (0, 1), "b": (0, 2)}, per_unit=1))
    names = [
        ("".join(sorted("ab"[bit] for bit in range(2) if mask >> bit & 1)), place[1])
        for place, mask, _, _ in network.kinds
    ]

    assert sorted(
        (sorted(names[index] for index in kinds), room) for kinds, room in obvious_ceilings(network)
    ) == [
        ([("a", 0)], 1),
        ([("a", 0), ("ab", 0)], 1),
        ([("a", 0), ("ab", 0), ("b", 1)], 2),
        ([("b", 1)], 1),
        ([("b", 1)], 2),
    ]
