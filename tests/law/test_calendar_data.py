"""The calendar tables say the same as two independent libraries, day by day."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import chinese_calendar
import holidays
import pytest

from lunheng.core.calendar import WorkCalendar, load_calendar

TABLES = Path(__file__).parents[2] / "packs" / "cn" / "calendar"
PUBLISHED = range(2018, 2027)
LUNAR_THIRD_OF_THIRD = {
    2018: date(2018, 4, 18),
    2019: date(2019, 4, 7),
    2020: date(2020, 3, 26),
    2021: date(2021, 4, 14),
    2022: date(2022, 4, 3),
    2023: date(2023, 4, 22),
    2024: date(2024, 4, 11),
    2025: date(2025, 3, 31),
    2026: date(2026, 4, 19),
}


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load_calendar(path.read_text("utf-8") for path in sorted(TABLES.glob("*.toml")))


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((TABLES / f"{name}.toml").read_text("utf-8"))


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=number) for number in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_day_of_a_published_year_agrees_with_chinesecalendar(calendar: WorkCalendar, year: int) -> None:
    ours = {day: calendar.is_working_day(day) for day in days_of(year)}
    assert ours == {day: chinese_calendar.is_workday(day) for day in days_of(year)}


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_day_of_a_published_year_agrees_with_holidays(calendar: WorkCalendar, year: int) -> None:
    china = holidays.country_holidays("CN", years=year)
    ours = {day: calendar.is_working_day(day) for day in days_of(year)}
    assert ours == {day: china.is_working_day(day) for day in days_of(year)}


def test_the_statutory_days_of_the_unpublished_year_agree_with_holidays(calendar: WorkCalendar) -> None:
    china = holidays.country_holidays("CN", years=2027)
    ours = {day: calendar.is_working_day(day) for day in days_of(2027)}
    assert ours == {day: china.is_working_day(day) for day in days_of(2027)}


@pytest.mark.parametrize("year", PUBLISHED)
def test_a_published_year_names_its_notice(year: int) -> None:
    raw = table(str(year))
    assert raw["status"] == "published"
    assert raw["notice"].startswith(f"国办发明电〔{year - 1}〕")
    assert raw["published_on"].year == year - 1


@pytest.mark.parametrize("year", PUBLISHED)
def test_a_national_make_up_day_lies_on_a_weekend(year: int) -> None:
    assert [day for day in table(str(year))["work"] if day.weekday() < 5] == []


@pytest.mark.parametrize("year", PUBLISHED)
def test_the_day_of_the_festival_is_off_in_guangxi(calendar: WorkCalendar, year: int) -> None:
    festival = LUNAR_THIRD_OF_THIRD[year]
    is_off = not calendar.is_working_day(festival, "450100")
    assert is_off is (year != 2020)  # that year the holiday was cancelled


@pytest.mark.parametrize("name", ["region-450000", "region-650000"])
def test_every_regional_day_that_nobody_verified_says_why(name: str) -> None:
    silent = [
        year["year"] for year in table(name)["years"] if year.get("assumption") and not year.get("note")
    ]
    assert silent == []


def test_the_assumed_years_of_the_regions_are_exactly_these() -> None:
    assumed = {
        name: [year["year"] for year in table(name)["years"] if year.get("assumption")]
        for name in ("region-450000", "region-650000")
    }
    assert assumed == {"region-450000": [2020, 2026], "region-650000": [2024, 2026]}
