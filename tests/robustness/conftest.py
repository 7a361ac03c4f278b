"""Both cities on a Monday on which both notices are in force, and a look at everything the database holds."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

import pytest

from lunheng.jobs.clock import FixedClock
from tests.factories.story import Story
from tests.factories.world import build
from tests.robustness.holdings import holdings
from tests.robustness.swift import SwiftStory

JUNE = datetime.fromisoformat("2025-06-02T09:00:00+08:00")

Unchanged = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def qingdao(db: None, clock: FixedClock) -> Story:
    """Qingdao, where the system draws."""
    clock.set(JUNE)
    return SwiftStory(build("qingdao"), clock)


@pytest.fixture
def nanning(db: None, clock: FixedClock) -> Story:
    """Nanning, where the system pushes and the client picks."""
    clock.set(JUNE)
    return SwiftStory(build("nanning"), clock)


@pytest.fixture
def unchanged() -> Unchanged:
    """``with unchanged(): …``: no row of any table differs afterwards, but for what was tried and who looked."""

    @contextmanager
    def watch() -> Iterator[None]:
        before = holdings()
        yield
        after = holdings()
        differing = {
            table: (len(before[table]), len(rows)) for table, rows in after.items() if rows != before[table]
        }
        assert differing == {}

    return watch
