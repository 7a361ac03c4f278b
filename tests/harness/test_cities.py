"""Every city whose rule is written is told in the tests."""

import tomllib

from tests.factories.world import CITIES
from tests.house.tree import ROOT


def test_every_pack_of_a_city_has_its_row_in_the_table_of_cities() -> None:
    packs = {
        path.parent.name: tomllib.loads(path.read_text("utf-8"))
        for path in sorted((ROOT / "packs").glob("*/pack.toml"))
    }
    above = {pack.get("parent", "") for pack in packs.values()} | {"platform"}
    assert set(packs) - above == {row[4] for row in CITIES.values()}
