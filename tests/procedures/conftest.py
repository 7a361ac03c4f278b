"""Two cities side by side, each with somebody who wants to enter its pool."""

import pytest

from lunheng.jobs.clock import FixedClock
from tests.factories.world import build
from tests.plans.hand import Hand
from tests.procedures.matters import Matter, newcomer


@pytest.fixture
def nanning(db: None, clock: FixedClock) -> Matter:
    """Nanning with five experts and an applicant; Qingdao beside it."""
    build("qingdao", experts=2)
    return Matter(Hand(build("nanning", experts=5), clock), newcomer("南宁", 1))


@pytest.fixture
def qingdao(db: None, clock: FixedClock) -> Matter:
    """Qingdao with five experts and an applicant; Nanning beside it."""
    build("nanning", experts=2)
    return Matter(Hand(build("qingdao", experts=5), clock), newcomer("青岛", 2))
