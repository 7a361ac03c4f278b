"""Another day on the machine's clock: ``LUNHENG_TEST_NOW=2028-02-29`` (or with an hour) runs the tests as on that day.

``make drill`` does so on days that nothing was gazetted for. Stories that begin at a day of their own keep it; whatever asks
the machine, gets this one.
"""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

VARIABLE = "LUNHENG_TEST_NOW"


def given() -> datetime | None:
    """The day that was asked for, at nine in the morning in China where it names no hour."""
    text = os.environ.get(VARIABLE, "")
    if not text:
        return None
    at = datetime.fromisoformat(text)
    at = at if len(text) > len("2028-02-29") else at.replace(hour=9)
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Set the clock; it goes on from there."""
    at = given()
    if at is not None:
        import time_machine

        traveller = time_machine.travel(at, tick=True)
        traveller.start()
        config.add_cleanup(traveller.stop)


def pytest_report_header() -> str:
    """Name the day, where it is not the machine's."""
    at = given()
    return f"clock: {at}" if at else "clock: the machine's"
