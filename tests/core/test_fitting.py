"""专业匹配: the one answer to whether a specialty fits the works, for every kind of works of every city."""

import pytest

from lunheng.core.eligibility import fits, seats_fit
from lunheng.core.policy import Law
from lunheng.core.policy.rules.draws import Match
from lunheng.core.verdict import Outcome
from tests.core.test_eligibility import law_of

CITIES = ("qingdao-2025", "nanning-2019")


@pytest.fixture(params=CITIES)
def law(request: pytest.FixtureRequest) -> Law:
    """Each city's law."""
    return law_of(request.param)


def mapping(law: Law) -> dict[str, tuple[str, ...]]:
    rule = law.rule("draw.match")
    assert isinstance(rule, Match)
    return rule.specialties


def test_a_specialty_fits_exactly_the_works_that_the_pack_maps_it_to(law: Law) -> None:
    answered = {
        (kind, one): fits(law, kind, one).is_allowed
        for kind in mapping(law)
        for one in law.labels("specialties")
    }
    said = {(kind, one): one in mapping(law)[kind] for kind, one in answered}
    assert answered == said


def test_one_seat_that_does_not_fit_is_enough_and_is_named(law: Law) -> None:
    for kind, fitting in mapping(law).items():
        verdict = seats_fit(law, kind, [fitting[0], "electrical", *fitting])
        assert verdict.outcome is Outcome.REFUSED
        assert verdict.reasons[0].value == "施工临时用电"
        assert verdict.reasons[0].clause == law.clause("draw.match")


def test_seats_that_all_fit_are_allowed(law: Law) -> None:
    assert {seats_fit(law, kind, fitting).outcome for kind, fitting in mapping(law).items()} == {
        Outcome.ALLOWED
    }


def test_a_group_without_a_seat_of_the_specialty_concerned_is_none(law: Law) -> None:
    assert seats_fit(law, "deep_pit", []).outcome is Outcome.REFUSED


def test_works_that_the_pack_does_not_map_are_for_a_person(law: Law) -> None:
    assert seats_fit(law, "unheard_of", ["geotechnics"]).outcome is Outcome.FOR_A_PERSON
