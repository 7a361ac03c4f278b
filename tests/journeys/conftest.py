"""One city each, its people at their screens."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from lunheng.jobs.clock import FixedClock
from tests.harness import browser as chromium
from tests.journeys.people import People, settle

JUNE = datetime.fromisoformat("2025-06-03T09:00:00+08:00")
"""A Tuesday on which the notices of both cities are in force."""


@pytest.fixture
def settled(
    request: pytest.FixtureRequest,
    transactional_db: None,
    live_server: Any,
    clock: FixedClock,
    browser: Browser,
) -> Callable[[str], People]:
    """``settled("qingdao")``: the city at nine on that Tuesday."""
    clock.set(JUNE)
    folder = chromium.PICTURES / request.node.originalname
    return lambda city: settle(city, clock, browser, live_server.url, folder)


@pytest.fixture
def qingdao(settled: Callable[[str], People]) -> People:
    """The people of Qingdao."""
    return settled("qingdao")


@pytest.fixture
def nanning(settled: Callable[[str], People]) -> People:
    """The people of Nanning."""
    return settled("nanning")
