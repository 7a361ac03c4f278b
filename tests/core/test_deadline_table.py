"""Thousands of limits around midnight, moved holidays and leap days, each against a plain count on one's fingers."""

import itertools
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import cast

import chinese_calendar
import pytest

from lunheng.core.calendar import WorkCalendar, load_calendar
from lunheng.core.deadlines import CHINA, Direction, Duration, Unit, due

TABLES = Path(__file__).parents[2] / "packs" / "cn" / "calendar"
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
MOMENTS = (time.min, time(0, 0, 0, 1), time(12, 0), time(23, 59, 59), time.max)
VALUES: dict[Unit, tuple[int, ...]] = {
    "hours": (1, 6, 24, 72),
    "days": (1, 2, 3, 5, 15),
    "working_days": (1, 2, 3, 5, 10),
    "months": (1, 3, 12),
    "years": (1, 2),
}
Case = tuple[Duration, datetime]


def hard_days() -> list[date]:
    """Days next to a moved day off or make-up day, around a leap day, and the ends of months."""
    every = [date(2019, 1, 1) + number * DAY for number in range(6 * 365 + 2)]
    return [day for day in every if any(is_odd(day + near * DAY) for near in (-1, 0, 1))]


def is_odd(day: date) -> bool:
    is_moved = chinese_calendar.is_workday(day) != (day.weekday() < 5)
    return is_moved or (day.month, day.day) in {(2, 28), (2, 29), (3, 1), (12, 31)} or (day + DAY).day == 1


def limits() -> list[Duration]:
    found = []
    for (unit, values), direction in itertools.product(VALUES.items(), ("after", "before")):
        for value, inclusive, extra in itertools.product(values, (False, True), (False, True)):
            is_clear = extra and direction == "before" and unit != "hours"
            found.append(
                Duration(
                    value, unit, "meeting", cast(Direction, direction),
                    inclusive=inclusive, roll=extra and not is_clear, clear=is_clear,
                )
            )  # fmt: skip
    return found


def cases(count: int) -> Iterator[Case]:
    """So many, spread over all days, moments and limits by a stride that shares no factor with their number."""
    days, kinds = hard_days(), limits()
    total = len(days) * len(MOMENTS) * len(kinds)
    for number in range(count):
        rest, kind = divmod(number * 104_729 % total, len(kinds))
        day, moment = divmod(rest, len(MOMENTS))
        yield kinds[kind], datetime.combine(days[day], MOMENTS[moment], tzinfo=CHINA)


def plainly(limit: Duration, event: datetime) -> datetime:
    """The first moment that is too late, found by walking from day to day."""
    step = DAY if limit.direction == "after" else -DAY
    if limit.unit == "hours":
        return event + limit.value * (step / 24)
    if limit.unit in ("days", "working_days"):
        last = walked(limit, event.date(), step)
    else:
        last = corresponding(limit, event.date(), step)
    if limit.roll and limit.direction == "after":
        while not chinese_calendar.is_workday(last):
            last += DAY
    return datetime.combine(last if limit.clear else last + DAY, time.min, tzinfo=CHINA)


def walked(limit: Duration, event: date, step: timedelta) -> date:
    day = event if limit.inclusive else event + step
    counted = 0
    while True:
        counted += limit.unit == "days" or chinese_calendar.is_workday(day)
        if counted == limit.value:
            return day
        day += step


def corresponding(limit: Duration, event: date, step: timedelta) -> date:
    """The day of the same number; when the first day counts, the one before it; no such day, the month's last."""
    day, left = event, limit.value * (12 if limit.unit == "years" else 1)
    while left:
        day += step
        left -= day.day == 1 if step == DAY else (day + DAY).day == 1
    while day.day < event.day and (day + DAY).day > 1:
        day += DAY
    while day.day > event.day:
        day -= DAY
    return day - step if limit.inclusive and day.day == event.day else day


def wrong(calendar: WorkCalendar, count: int) -> list[tuple[Case, datetime]]:
    found = []
    for limit, event in cases(count):
        expected, answer = plainly(limit, event), due(limit, event, calendar)
        is_sharp = answer.is_late(expected) and not answer.is_late(expected - INSTANT)
        if answer.at != expected or not is_sharp:
            found.append(((limit, event), answer.at))
    return found


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load_calendar(path.read_text("utf-8") for path in sorted(TABLES.glob("[0-9]*.toml")))


def test_hundreds_of_limits_end_as_counted_by_hand(calendar: WorkCalendar) -> None:
    assert wrong(calendar, 600) == []


@pytest.mark.drill
def test_ten_thousand_limits_end_as_counted_by_hand(calendar: WorkCalendar) -> None:
    assert wrong(calendar, 10_000) == []


def test_a_calendar_without_the_moved_days_would_be_found(calendar: WorkCalendar) -> None:
    bare = WorkCalendar(
        {year: table.model_copy(update={"work": [], "off": []}) for year, table in calendar.years.items()}
    )
    assert len(wrong(bare, 600)) > 20
