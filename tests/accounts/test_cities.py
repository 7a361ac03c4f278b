"""Which city's door a place belongs to: the narrowest territory that holds it; a region's door holds all its places."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest

from lunheng.accounts.cities import City, all_cities, city_covering
from lunheng.core.policy import read_pack, resolve
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law, packs
from lunheng.jurisdictions.territory import Tree
from tests.conftest import OPENING
from tests.factories.places import PLACES, make_places

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
Counted = Callable[[int], AbstractContextManager[object]]
BEHIND = {
    "650000": "region", "650100": "region", "650102": "region", "653100": "region", "653101": "region",
    "653130": "region", "659001": "county", "900800": "region", "370191": "region",
    "110000": "", "110105": "", "370000": "", "370200": "", "370202": "",
}  # fmt: skip


def record(key: str, territory: str) -> None:
    """A pack that lets people in by a number and a password."""
    texts = {
        "pack.toml": f'id = "{key}-2025"\ntitle = "{key}"\nversion = "1"\nstatus = "in_force"\nparent = "cn"',
        "sources.toml": f'[rule]\nmain = true\ntitle = "{key}"\nissuer = "{key}"',
        "scope.toml": (
            '[scope.coverage]\nclause = "一"\nfrom_clause = "一"\nproject_kinds = ["municipal"]\n'
            f'territory = "{territory}"\nfrom_on = 2020-01-01\n'
        ),
    }
    packs.record(resolve(read_pack(texts), packs.read("cn"), packs.read("platform")), at=OPENING)


@pytest.fixture
def cities(clock: FixedClock) -> list[City]:
    law.forget()
    make_places()
    record("region", "650000")
    record("county", "659001")
    return all_cities(datetime(2025, 6, 2, tzinfo=UTC))


def test_a_place_belongs_to_the_narrowest_city_that_holds_it(cities: list[City]) -> None:
    tree = Tree.load()
    found = {code: city_covering(cities, code) for code in PLACES}
    by_tree = {code: city_covering(cities, code, tree) for code in PLACES}
    assert ({code: city.key if city else "" for code, city in found.items()}, by_tree) == (BEHIND, found)


def test_a_region_covers_its_prefectures_counties_and_own_units(cities: list[City]) -> None:
    region = next(city for city in cities if city.key == "region")
    assert {code for code in PLACES if region.covers(code)} == {
        code for code, (_, parent, _) in PLACES.items() if code == "650000" or BEHIND.get(parent)
    }


def test_whoever_is_nowhere_belongs_to_no_city(cities: list[City]) -> None:
    assert (city_covering(cities, ""), city_covering([], "650000")) == (None, None)


def test_a_city_that_is_named_itself_is_found_without_a_question(
    cities: list[City], django_assert_num_queries: Counted
) -> None:
    assert [city.law.region for city in cities] == ["659001", "650000"]  # read once, then in memory
    with django_assert_num_queries(0):
        assert city_covering(cities, "659001") is not None
    with django_assert_num_queries(1):
        assert city_covering(cities, "653130") is not None
