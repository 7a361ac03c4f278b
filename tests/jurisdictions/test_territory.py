"""Inside a territory is what a walk up the tree of divisions meets, whatever the codes look like."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from lunheng.jurisdictions import territory
from lunheng.jurisdictions.models import Division
from lunheng.jurisdictions.territory import Tree
from tests.factories.places import PLACES, make_places

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Counted = Callable[[int], AbstractContextManager[object]]
WALKS = {
    "650000": ("650000",),
    "653101": ("653101", "653100", "650000"),
    "659001": ("659001", "650000"),
    "900800": ("900800", "650000"),
    "370191": ("370191", "650100", "650000"),
    "110105": ("110105", "110000"),
    "990000": ("990000",),
}
INSIDE = {
    "650000": {
        "650000", "650100", "650102", "653100", "653101", "653130", "659001", "900800", "370191",
    },
    "653100": {"653100", "653101", "653130"},
    "650100": {"650100", "650102", "370191"},
    "659001": {"659001"},
    "110000": {"110000", "110105"},
    "370000": {"370000", "370200", "370202"},
    "990000": set(),
    "": set(),
}  # fmt: skip


@pytest.fixture(autouse=True)
def places() -> None:
    make_places()


@pytest.mark.parametrize("code", WALKS)
def test_the_walk_goes_up_by_parents(code: str) -> None:
    assert (territory.chain(code), Tree.load().chain(code)) == (WALKS[code], WALKS[code])


@pytest.mark.parametrize("code", INSIDE)
def test_inside_is_whatever_walks_up_to_it(code: str) -> None:
    tree = Tree.load()
    below = set(Division.objects.filter(code__in=territory.below(code)).values_list("code", flat=True))
    by_one = {one for one in PLACES if territory.covers(code, one)}
    by_tree = {one for one in PLACES if tree.covers(code, one)}
    assert (below, by_one, by_tree) == (INSIDE[code], INSIDE[code], INSIDE[code])


def test_nothing_lies_in_no_territory() -> None:
    assert (territory.covers("", ""), Tree.load().covers("", "")) == (False, False)


def test_a_walk_is_one_question_however_long(django_assert_num_queries: Counted) -> None:
    with django_assert_num_queries(1):
        territory.chain("653101")
    with django_assert_num_queries(0):
        assert territory.covers("653101", "653101")
    with django_assert_num_queries(1):
        tree = Tree.load()
        assert [tree.chain(code)[-1] for code in ("653101", "110105")] == ["650000", "110000"]


def test_a_tree_that_was_made_to_turn_in_a_circle_is_still_walked_to_an_end() -> None:
    Division.objects.filter(code="650000").update(parent_id="653101")
    assert Tree.load().chain("653101") == ("653101", "653100", "650000")
    assert set(territory.chain("653101")) == {"653101", "653100", "650000"}
    inside = Division.objects.filter(code__in=territory.below("653100"))
    assert set(inside.values_list("code", flat=True)) == INSIDE["650000"]
