"""Both cities staged once for a module, everything taken back after it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.staging import Stage, stage, stopped_clock, undone
from tests.factories.world import EVERY_CITY


@pytest.fixture(scope="module")
def stages(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Stage]]:
    """One case per city, in the middle of its way."""
    with django_db_blocker.unblock(), stopped_clock() as clock, undone():
        found = {city: stage(city, clock) for city in EVERY_CITY}
        for city, foreign in zip(EVERY_CITY, (*EVERY_CITY[1:], EVERY_CITY[0]), strict=True):
            found[city].clients["foreign_station"] = found[foreign].world.client("station")
        yield found
