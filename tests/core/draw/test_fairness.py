"""The chances are the fairest there are, as fractions, whatever the request asks for."""

from fractions import Fraction

import pytest

from lunheng.core.draw import Candidate, Category, Infeasible, Request, RequestError, prepare, probabilities
from tests.core.draw.exhaustive import fairest, panels
from tests.core.draw.instances import small_draw

PUBLISHED_POOL = tuple(
    Candidate(identity, unit, tuple(specialties))
    for identity, unit, specialties in (
        ("e1", "uA", "0"),
        ("e2", "uA", "01"),
        ("e3", "uB", "0"),
        ("e4", "uB", "1"),
        ("e5", "uC", "01"),
        ("e6", "uD", "1"),
        ("e7", "uE", "0"),
        ("e8", "uE", "2"),
        ("e9", "uF", "2"),
        ("eA", "uF", "12"),
    )
)
PUBLISHED_REQUEST = Request(size=3, quota={"0": (1, 1), "1": (1, 1), "2": (1, 1)}, per_unit=1)


def check_against_every_panel(number: int) -> bool:
    """Compare one numbered draw with the definition; whether it was possible."""
    pool, request = small_draw(number)
    try:
        chances = probabilities(pool, request)
    except RequestError:
        return False
    except Infeasible as infeasible:
        assert panels(pool, request) == []
        assert infeasible.certificate.shortage > 0
        return False
    lawful = panels(pool, request)
    reachable = sorted(frozenset[str]().union(*lawful))
    expected = dict.fromkeys((one.id for one in pool), Fraction(0)) | fairest(lawful, reachable)
    assert chances == expected
    return True


@pytest.mark.parametrize("start", range(0, 300, 25))
def test_chances_equal_those_of_the_definition_on_small_draws(start: int) -> None:
    possible = sum(check_against_every_panel(number) for number in range(start, start + 25))

    assert possible >= 5


@pytest.mark.drill
def test_chances_equal_those_of_the_definition_on_two_thousand_draws() -> None:
    possible = sum(check_against_every_panel(number) for number in range(1000, 7000))

    assert possible >= 2000


def test_the_published_draw_has_the_published_chances_and_plan() -> None:
    prepared = prepare(PUBLISHED_POOL, PUBLISHED_REQUEST)

    rare = {"e8", "e9", "eA"}
    assert prepared.probabilities == {
        one.id: Fraction(1, 3) if one.id in rare else Fraction(2, 7) for one in PUBLISHED_POOL
    }
    assert prepared.plan.denominator == 42
    assert {one.specialties: one.seats for one in prepared.plan.types} == {
        ("0",): (("0", 36),),
        ("1",): (("1", 24),),
        ("0", "1"): (("0", 6), ("1", 18)),
        ("2",): (("2", 28),),
        ("1", "2"): (("2", 14),),
    }


def test_a_binding_cap_per_unit_does_not_turn_the_fairest_into_the_least_squares() -> None:
    """Three panels are possible, each gets a third; least squares would leave e0 and e4 with 2/7."""
    pool = [
        Candidate(identity, unit, (specialty,))
        for identity, unit, specialty in (
            ("e0", "u0", "s2"),
            ("e1", "u1", "s1"),
            ("e2", "u0", "s1"),
            ("e3", "u1", "s2"),
            ("e4", "u0", "s2"),
        )
    ]
    third = Fraction(1, 3)

    chances = probabilities(pool, Request(size=2, quota={"s1": (1, 1), "s2": (1, 1)}, per_unit=1))

    assert chances == {"e0": third, "e1": 2 * third, "e2": third, "e3": third, "e4": third}


def test_experts_with_the_same_unit_and_specialties_have_the_same_chance() -> None:
    pool = [Candidate(f"e{index}", "u0" if index < 4 else f"u{index}", ("s",)) for index in range(9)]

    chances = probabilities(pool, Request(size=5, quota={"s": (5, 5)}, per_unit=1))

    assert [chances[f"e{index}"] for index in range(9)] == [Fraction(1, 4)] * 4 + [Fraction(4, 5)] * 5


def test_the_order_of_the_pool_changes_nothing() -> None:
    forward = prepare(PUBLISHED_POOL, PUBLISHED_REQUEST)
    backward = prepare(tuple(reversed(PUBLISHED_POOL)), PUBLISHED_REQUEST)

    assert forward.draw(b"seed").panel == backward.draw(b"seed").panel
    assert forward.plan == backward.plan


def test_closed_form_and_flow_agree() -> None:
    """A category that allows everything forces the flow and must not change any chance."""
    whole = (Category("whole", ("0", "1", "2"), 0, 3),)
    request = Request(size=3, quota=PUBLISHED_REQUEST.quota, per_unit=1, categories=whole)

    assert probabilities(PUBLISHED_POOL, request) == probabilities(PUBLISHED_POOL, PUBLISHED_REQUEST)


def test_a_larger_pool_is_solved_exactly_too() -> None:
    pool = [
        Candidate(f"e{index:03}", f"u{index % 90:02}", (f"s{index % 5}", f"s{(index * 7) % 6}"))
        for index in range(300)
    ]
    request = Request(size=9, quota={f"s{index}": (1, 2) for index in range(6)}, per_unit=1)

    chances = probabilities(pool, request)

    assert sum(chances.values()) == 9
    assert min(chances.values()) > 0
