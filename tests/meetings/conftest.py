"""The cities with a seated panel."""

from collections.abc import Callable

import pytest

from lunheng.jobs.clock import FixedClock
from tests.factories.world import World, build
from tests.meetings.seated import Seated

SetTable = Callable[..., Seated]


@pytest.fixture
def qingdao(db: None, clock: FixedClock) -> World:
    """Qingdao with ten experts."""
    return build("qingdao", experts=10)


@pytest.fixture
def nanning(db: None, clock: FixedClock) -> World:
    """Nanning with ten experts."""
    return build("nanning", experts=10)


@pytest.fixture
def panel(qingdao: World, clock: FixedClock) -> Seated:
    """Qingdao: five experts of the main specialty."""
    return Seated(qingdao, clock)


@pytest.fixture
def list_of_five(nanning: World, clock: FixedClock) -> Seated:
    """Nanning: a final list of five."""
    return Seated(nanning, clock)
