"""The world before anything happens: divisions, packs, units, people, pools."""

from collections.abc import Callable
from datetime import datetime

from lunheng.demo.building.divisions import cities, make_divisions
from lunheng.demo.building.people import People, make_people
from lunheng.demo.building.pools import SHARES, make_pool
from lunheng.demo.building.units import make_units
from lunheng.jurisdictions import law, packs

STORIED = ("qingdao", "nanning")
"""The cities whose reviews the demo tells."""


def make_world(
    at: datetime, *, experts: int = 2000, tell: Callable[[str], None] = lambda line: None
) -> dict[str, People]:
    """Five jurisdictions with ``experts`` experts in all; returns the people of the storied cities."""
    law.forget()
    packs.record_all(at=at)
    make_divisions()
    peopled: dict[str, People] = {}
    for city in cities():
        units = make_units(city, experts * SHARES[city.key] // 100, at)
        people = make_people(city, units, at, is_storied=city.key in STORIED)
        tell(f"专家库：{city.name}")
        make_pool(city, units, people.actor("station"), at)
        if city.key in STORIED:
            peopled[city.key] = people
    return peopled
