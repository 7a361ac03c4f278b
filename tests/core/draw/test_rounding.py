"""Over all falls of the dice, every expert is drawn exactly as often as planned and every panel is lawful."""

from fractions import Fraction

import pytest

from lunheng.core.draw import Candidate, Group, Prepared, Request, Seat, Stream, draw, prepare
from lunheng.core.draw.rounding import seat_pairs
from tests.core.draw.decisions import all_results
from tests.core.draw.exhaustive import panels
from tests.core.draw.instances import possible_draws
from tests.core.draw.test_fairness import PUBLISHED_POOL, PUBLISHED_REQUEST


def frequencies(prepared: Prepared, order: bytes | None) -> tuple[dict[str, Fraction], set[frozenset[str]]]:
    """How often each expert is drawn over all decisions, and the panels that occur."""
    instance = prepared.instance
    total = dict.fromkeys(prepared.probabilities, Fraction(0))
    drawn: set[frozenset[str]] = set()
    for chance, pairs in all_results(lambda dice: seat_pairs(instance, prepared.solution, dice), order):
        panel = [instance.ids[expert] for expert, _ in pairs]
        drawn.add(frozenset(panel))
        for identity in panel:
            total[identity] += chance
    return total, drawn


@pytest.mark.parametrize("start", range(0, 300, 25))
def test_every_decision_together_gives_exactly_the_planned_chances(start: int) -> None:
    for pool, request in possible_draws(start, start + 25):
        prepared = prepare(pool, request)

        total, drawn = frequencies(prepared, order=b"%d" % start)

        assert total == prepared.probabilities
        assert drawn <= set(panels(pool, request))


@pytest.mark.drill
def test_every_decision_on_two_thousand_draws() -> None:
    checked = 0
    for pool, request in possible_draws(1000, 7000):
        checked += 1
        prepared = prepare(pool, request)
        lawful = set(panels(pool, request))
        for order in (b"first", b"second", b"third"):
            total, drawn = frequencies(prepared, order)
            assert total == prepared.probabilities
            assert drawn <= lawful
    assert checked >= 1000


def test_the_orders_are_decisions_too() -> None:
    pool = [Candidate(f"e{index}", f"u{index // 2}", ("a", "b")[: 1 + index % 2]) for index in range(8)]
    prepared = prepare(pool, Request(size=3, quota={"a": (1, 2), "b": (1, 2)}, per_unit=1))

    total, drawn = frequencies(prepared, order=None)

    assert total == prepared.probabilities
    assert len(drawn) > 10


def test_a_group_that_may_send_two_never_sends_more() -> None:
    pool = [Candidate(f"e{index}", f"u{index}", ("a",)) for index in range(7)]
    group = Group("holding", ("u0", "u1", "u2", "u3", "u4"), 1, 2)
    prepared = prepare(pool, Request(size=4, quota={"a": (4, 4)}, groups=(group,)))

    total, drawn = frequencies(prepared, order=None)

    assert total == {f"e{index}": Fraction(2, 5) if index < 5 else Fraction(1) for index in range(7)}
    assert {len(panel & {"e0", "e1", "e2", "e3", "e4"}) for panel in drawn} == {2}


def test_the_published_seed_draws_the_published_panel() -> None:
    seed = bytes.fromhex("cd315841e284f4bec6afe7e6f25020c0966f444a8401508e7e4b1779033e3ed3")
    prepared = prepare(PUBLISHED_POOL, PUBLISHED_REQUEST)
    instance = prepared.instance

    pairs = seat_pairs(instance, prepared.solution, Stream(seed))

    named = [(instance.ids[expert], instance.specialties[seat]) for expert, seat in pairs]
    assert named == [("eA", "2"), ("e7", "0"), ("e2", "1")]


def test_the_order_of_call_is_shuffled_last() -> None:
    seed = bytes.fromhex("cd315841e284f4bec6afe7e6f25020c0966f444a8401508e7e4b1779033e3ed3")

    panel = draw(PUBLISHED_POOL, PUBLISHED_REQUEST, seed).panel

    assert set(panel.seats) == {Seat("eA", "2"), Seat("e7", "0"), Seat("e2", "1")}
    first = {draw(PUBLISHED_POOL, PUBLISHED_REQUEST, b"%d" % number).panel.ids[0] for number in range(60)}
    assert first == {one.id for one in PUBLISHED_POOL}
