"""Which days are working days, nationally and in the regions, and which of them are certain."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from lunheng.core.calendar import CalendarError, WorkCalendar, load_calendar

TABLES = Path(__file__).parents[2] / "packs" / "cn" / "calendar"
NANNING, URUMQI, ZHENGZHOU = "450100", "650100", "410100"


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load_calendar(path.read_text("utf-8") for path in sorted(TABLES.glob("*.toml")))


def test_a_weekday_is_worked_and_a_weekend_is_not(calendar: WorkCalendar) -> None:
    assert calendar.is_working_day(date(2025, 6, 10))
    assert not calendar.is_working_day(date(2025, 6, 14))


def test_a_holiday_on_a_weekday_is_off_and_a_make_up_saturday_is_worked(calendar: WorkCalendar) -> None:
    assert not calendar.is_working_day(date(2025, 10, 8))
    assert calendar.is_working_day(date(2025, 10, 11))


def test_the_third_of_the_third_month_is_off_in_guangxi_only(calendar: WorkCalendar) -> None:
    festival = date(2025, 3, 31)
    assert not calendar.is_working_day(festival, NANNING)
    assert calendar.is_working_day(festival, ZHENGZHOU)
    assert calendar.is_working_day(festival)


def test_a_regional_holiday_goes_before_a_national_make_up_day(calendar: WorkCalendar) -> None:
    sunday = date(2023, 4, 23)
    assert calendar.is_working_day(sunday)
    assert not calendar.is_working_day(sunday, NANNING)


def test_a_region_makes_up_on_a_day_of_its_own(calendar: WorkCalendar) -> None:
    assert calendar.is_working_day(date(2021, 4, 18), NANNING)
    assert not calendar.is_working_day(date(2021, 4, 18))


def test_the_next_working_days_are_counted_from_the_day_after(calendar: WorkCalendar) -> None:
    assert calendar.add_working_days(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert calendar.add_working_days(date(2025, 9, 30), 3) == date(2025, 10, 11)


def test_working_days_are_counted_backwards_over_the_holiday(calendar: WorkCalendar) -> None:
    assert calendar.add_working_days(date(2025, 10, 13), -5) == date(2025, 9, 29)


def test_no_working_days_lead_nowhere(calendar: WorkCalendar) -> None:
    assert calendar.add_working_days(date(2025, 10, 4), 0) == date(2025, 10, 4)


def test_working_days_are_counted_by_the_region(calendar: WorkCalendar) -> None:
    before_the_feast = date(2025, 6, 5)
    assert calendar.add_working_days(before_the_feast, 1, URUMQI) == date(2025, 6, 11)
    assert calendar.add_working_days(before_the_feast, 1) == date(2025, 6, 6)


def test_the_next_working_day_is_the_day_itself_when_it_is_worked(calendar: WorkCalendar) -> None:
    assert calendar.next_working_day(date(2025, 6, 13)) == date(2025, 6, 13)
    assert calendar.next_working_day(date(2025, 6, 14)) == date(2025, 6, 16)


def test_a_table_that_leaves_no_working_day_is_refused() -> None:
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(365 * 3)]
    years = {year: ", ".join(f"{day}" for day in days if day.year == year) for year in (2025, 2026, 2027)}
    texts = [f'year = {year}\ntitle = "全年放假"\noff = [{off}]' for year, off in years.items()]
    with pytest.raises(CalendarError, match="连续一年没有工作日"):
        load_calendar(texts).next_working_day(date(2025, 1, 1))


def test_the_notice_of_2026_is_out_and_that_of_2027_is_not(calendar: WorkCalendar) -> None:
    assert [calendar.is_published(year) for year in (2026, 2027, 2028)] == [True, False, False]


def test_an_unpublished_year_follows_weekdays_and_statutory_holidays(calendar: WorkCalendar) -> None:
    assert not calendar.is_working_day(date(2027, 6, 9))
    assert calendar.is_working_day(date(2027, 6, 10))
    assert not calendar.is_working_day(date(2027, 6, 12))


def test_a_year_without_any_table_knows_the_holidays_with_a_fixed_date(calendar: WorkCalendar) -> None:
    assert not calendar.is_working_day(date(2029, 10, 2))
    assert calendar.is_working_day(date(2029, 10, 9))


def test_only_published_days_are_certain(calendar: WorkCalendar) -> None:
    assert calendar.is_certain(date(2026, 10, 8))
    assert calendar.is_certain(date(2026, 10, 1))
    assert not calendar.is_certain(date(2027, 3, 1))


def test_the_last_days_of_a_year_wait_for_the_notice_of_the_next(calendar: WorkCalendar) -> None:
    assert calendar.is_certain(date(2025, 12, 31))
    assert calendar.is_certain(date(2026, 12, 27))
    assert not calendar.is_certain(date(2026, 12, 28))


def test_a_regional_day_that_nobody_verified_is_not_certain(calendar: WorkCalendar) -> None:
    assert not calendar.is_certain(date(2026, 4, 21), NANNING)
    assert calendar.is_certain(date(2026, 4, 22), NANNING)
    assert calendar.is_certain(date(2026, 4, 21), ZHENGZHOU)


def test_a_year_that_a_region_has_not_entered_is_not_certain_there(calendar: WorkCalendar) -> None:
    assert not calendar.is_published(2019, URUMQI)
    assert calendar.is_published(2019, NANNING)
    assert not calendar.is_certain(date(2019, 7, 1), URUMQI)


def test_a_bureau_corrects_an_assumed_day_at_run_time(calendar: WorkCalendar) -> None:
    entered = {date(2026, 4, 21): True, date(2026, 4, 20): False}
    corrected = calendar.with_layer("450000", entered, "当年放假通知")
    assert corrected.is_working_day(date(2026, 4, 21), NANNING)
    assert not corrected.is_working_day(date(2026, 4, 19), NANNING)
    assert corrected.is_certain(date(2026, 4, 21), NANNING)
    assert not calendar.is_working_day(date(2026, 4, 21), NANNING)


def test_days_of_another_year_keep_their_table(calendar: WorkCalendar) -> None:
    corrected = calendar.with_layer("450000", {date(2027, 4, 8): False}, "当年放假通知")
    assert not corrected.is_working_day(date(2027, 4, 8), NANNING)
    assert not corrected.is_working_day(date(2025, 4, 1), NANNING)


def test_a_city_layer_goes_before_the_layer_of_its_region(calendar: WorkCalendar) -> None:
    city = calendar.with_layer(NANNING, {date(2025, 4, 1): True}, "本市放假安排")
    assert city.is_working_day(date(2025, 4, 1), "450103")
    assert not city.is_working_day(date(2025, 4, 1), "450200")


@pytest.mark.parametrize(
    ("region", "days", "title"),
    [
        ("", {date(2026, 1, 5): False}, "通知"),
        ("450000", {}, "通知"),
        ("450000", {date(2026, 1, 5): False}, ""),
    ],
)
def test_a_layer_without_region_days_or_title_is_refused(
    calendar: WorkCalendar, region: str, days: dict[date, bool], title: str
) -> None:
    with pytest.raises(CalendarError, match="须写明地区、日期和通知名称"):
        calendar.with_layer(region, days, title)


def test_a_year_cannot_be_given_twice() -> None:
    with pytest.raises(CalendarError, match="2026的放假表重复"):
        load_calendar(['year = 2026\ntitle = "通知"'] * 2)


def test_a_region_cannot_give_a_year_twice() -> None:
    head = 'region = "450000"\nname = "广西"\nsource = "放假办法"\n'
    with pytest.raises(CalendarError, match="2026的放假表重复"):
        load_calendar([head + '[[years]]\nyear = 2026\ntitle = "通知"\n' * 2])


def test_a_day_cannot_be_off_and_worked() -> None:
    with pytest.raises(ValidationError, match="2026-01-04既列为放假又列为上班"):
        load_calendar(['year = 2026\ntitle = "通知"\noff = [2026-01-04]\nwork = [2026-01-04]'])


def test_a_day_outside_the_year_is_refused() -> None:
    with pytest.raises(ValidationError, match="2025-12-31不在2026年"):
        load_calendar(['year = 2026\ntitle = "通知"\noff = [2025-12-31]'])
