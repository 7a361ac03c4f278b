"""Two cities with their people."""

import pytest

from lunheng.jobs.clock import FixedClock
from tests.factories.world import build
from tests.plans.hand import Hand


@pytest.fixture
def qingdao(db: None, clock: FixedClock) -> Hand:
    """Qingdao with twelve experts."""
    return Hand(build("qingdao", experts=12), clock)


@pytest.fixture
def nanning(db: None, clock: FixedClock) -> Hand:
    """Nanning with twelve experts."""
    return Hand(build("nanning", experts=12), clock)
