"""Fixtures every test may use. Those of a browser cost nothing until a test asks for them."""

import gc
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from tests.harness import browser as chromium
from tests.harness import databases

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from lunheng.jobs.clock import FixedClock

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A working Tuesday morning on which the tests' stories begin unless they say otherwise.
OPENING = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only the other database can do: nothing is missing here, so nothing is skipped."""
    from django.db import connection

    wanted = [
        mark.args[0] if (mark := item.get_closest_marker("only")) else connection.vendor for item in items
    ]
    left_out = [item for item, vendor in zip(items, wanted, strict=True) if vendor != connection.vendor]
    items[:] = [item for item, vendor in zip(items, wanted, strict=True) if vendor == connection.vendor]
    config.hook.pytest_deselected(items=left_out)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a test tells with parts of the product replaced is poured into no other test."""
    from tests.factories import moulds

    def is_replaced() -> bool:
        patch: Any = getattr(item, "funcargs", {}).get("monkeypatch")
        return patch is not None and bool(patch._setattr or patch._setitem)

    moulds.watch(is_replaced)


def pytest_collection_finish() -> None:
    """Look rarely for garbage: what was imported and collected stays to the end, and a test leaves little behind."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(scope="session", autouse=True)
def _flush_in_spite_of_the_ledger() -> Iterator[None]:
    with databases.flush_without_triggers():
        yield


@pytest.fixture
def clock() -> Iterator["FixedClock"]:
    """Stop the product's clock at ``OPENING``; ``clock.set(at)`` and ``clock.advance(hours=2)`` move it."""
    from lunheng.jobs import clock as product_clock

    fixed = product_clock.FixedClock(OPENING)
    product_clock.install(fixed)
    yield fixed
    product_clock.install(product_clock.SystemClock())


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Start the system's Chromium instead of one that Playwright would download."""
    return dict(chromium.LAUNCH)


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Open pages as a Chinese user on a desktop would."""
    return {**chromium.CONTEXT, "viewport": chromium.DESKTOP}


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[["Page", str], Path]:
    """``picture(page, "name")`` keeps a full-page picture under ``artifacts/pictures/<test>/``."""
    folder: Path = chromium.PICTURES / request.node.name

    def take(page: "Page", name: str) -> Path:
        path = folder / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return take
