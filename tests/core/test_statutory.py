"""The days off that the law gives by itself, for years without a notice."""

from datetime import date, timedelta

import holidays
import pytest

from lunheng.core.calendar import WorkCalendar
from lunheng.core.notice import BadNotice, read_notice
from lunheng.core.statutory import days_off

BARE = WorkCalendar({})
BOTH_ON_A_SUNDAY = date(2039, 10, 6)
"""In 2039 Mid-Autumn falls on the second day of National Day, a Sunday; the library makes up for it twice."""


def test_the_second_day_of_spring_festival_of_2028_is_no_working_day() -> None:
    assert not BARE.is_working_day(date(2028, 1, 27))
    assert not BARE.is_certain(date(2028, 1, 27))


@pytest.mark.parametrize("year", range(2027, 2051))
def test_every_day_agrees_with_another_library(year: int) -> None:
    china, day, differing = holidays.country_holidays("CN", years=year), date(year, 1, 1), []
    while day.year == year:
        if BARE.is_working_day(day) != china.is_working_day(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == [BOTH_ON_A_SUNDAY] * (year == 2039)


@pytest.mark.parametrize("year", [1950, 2024, 2100, 2199])
def test_nothing_stops_beyond_the_table(year: int) -> None:
    assert date(year, 10, 1) in days_off(year)
    assert BARE.add_working_days(date(year, 9, 28), 10) > date(year, 10, 8)


def test_g10_one_day_and_one_year_are_said_for_themselves() -> None:
    one = BARE.with_layer("450000", {date(2027, 4, 8): False}, "通知")
    assert [one.is_certain(date(2027, 4, day), "450100") for day in (8, 9)] == [True, False]
    whole = one.with_year("450000", 2027)
    assert whole.is_certain(date(2027, 4, 9), "450100")
    assert not whole.is_certain(date(2027, 4, 9), "370200")
    assert not whole.is_certain(date(2027, 12, 29), "450100")
    assert whole.with_year("450000", 2028).is_certain(date(2027, 12, 29), "450100")


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("2027-02-05 放假", [(5, False)]),
        ("2027/2/5,放假", [(5, False)]),
        ("2027年2月5日（周五） 放假", [(5, False)]),
        ("２０２７年２月５日放假", [(5, False)]),
        ("2027-02-05至2027-02-07 放假", [(5, False), (6, False), (7, False)]),
        ("2027年2月5日至7日 放假", [(5, False), (6, False), (7, False)]),
        ("2027年2月5日至2月6日 放假", [(5, False), (6, False)]),
        ("2027-02-14 上班", [(14, True)]),
        ("2027-02-14,work", [(14, True)]),
    ],
)
def test_a_line_of_a_notice_is_read(line: str, days: list[tuple[int, bool]]) -> None:
    assert read_notice(line) == [(date(2027, 2, day), is_worked) for day, is_worked in days]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#",
        "日期,安排",
        "2027-02-30 放假",
        "2027-02-05",
        "放假",
        "2027-02-07至2027-02-05 放假",
        "2027-01-01至2027-12-31 放假",
        "x" * 10_000,
        "2027-02-05 放假\n" * 501,
    ],
)
def test_a_notice_that_is_none_says_why(text: str) -> None:
    with pytest.raises(BadNotice):
        read_notice(text)
