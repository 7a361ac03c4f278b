"""How the regulation counts time: hours, days, working days, months and years, each step shown."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lunheng.core.calendar import WorkCalendar, load_calendar
from lunheng.core.deadlines import CHINA, Direction, Due, Duration, Unit, due, format_due

TABLES = Path(__file__).parents[2] / "packs" / "cn" / "calendar"
NANNING = "450100"


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load_calendar(path.read_text("utf-8") for path in sorted(TABLES.glob("*.toml")))


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def after(value: int, unit: Unit = "days", *, inclusive: bool = False, roll: bool = True) -> Duration:
    return Duration(value, unit, "meeting_end", "after", inclusive=inclusive, roll=roll)


def before(value: int, unit: Unit = "days", *, inclusive: bool = False, clear: bool = False) -> Duration:
    return Duration(value, unit, "meeting", "before", inclusive=inclusive, roll=True, clear=clear)


def test_three_days_after_a_tuesday_end_on_friday_at_24(calendar: WorkCalendar) -> None:
    limit = due(after(3), china("2025-06-10T16:30"), calendar)
    assert limit.at == china("2025-06-14T00:00")
    assert format_due(limit) == "6月13日24:00"


def test_the_last_second_of_the_day_is_in_time_and_midnight_is_late(calendar: WorkCalendar) -> None:
    limit = due(after(3), china("2025-06-10T16:30"), calendar)
    assert not limit.is_late(china("2025-06-13T23:59:59"))
    assert limit.is_late(china("2025-06-14T00:00"))


def test_three_days_that_end_on_saturday_roll_to_monday(calendar: WorkCalendar) -> None:
    limit = due(after(3), china("2025-06-11T09:00"), calendar)
    assert format_due(limit) == "6月16日24:00"


def test_without_roll_a_limit_ends_on_the_saturday(calendar: WorkCalendar) -> None:
    limit = due(after(3, roll=False), china("2025-06-11T09:00"), calendar)
    assert format_due(limit) == "6月14日24:00"


def test_in_guangxi_a_limit_rolls_over_the_third_of_the_third_month(calendar: WorkCalendar) -> None:
    limit = due(after(3), china("2023-04-18T11:00"), calendar, NANNING)
    assert format_due(limit) == "4月24日24:00"


def test_elsewhere_the_same_limit_ends_on_the_friday(calendar: WorkCalendar) -> None:
    limit = due(after(3), china("2023-04-18T11:00"), calendar)
    assert format_due(limit) == "4月21日24:00"


def test_the_moment_is_read_in_the_time_of_china(calendar: WorkCalendar) -> None:
    limit = due(after(3), datetime(2025, 6, 9, 17, 0, tzinfo=UTC), calendar)
    assert format_due(limit) == "6月13日24:00"


def test_two_days_before_the_meeting_do_not_count_the_meeting_day(calendar: WorkCalendar) -> None:
    limit = due(before(2), china("2025-06-10T09:30"), calendar)
    assert not limit.is_late(china("2025-06-08T23:59:59"))
    assert limit.is_late(china("2025-06-09T00:00"))


def test_a_lead_time_never_rolls(calendar: WorkCalendar) -> None:
    assert not before(2).is_rolling
    limit = due(before(2), china("2025-06-10T09:30"), calendar)
    assert format_due(limit) == "6月8日24:00"  # a Sunday


def test_five_working_days_before_a_monday_after_the_national_day(calendar: WorkCalendar) -> None:
    limit = due(before(5, "working_days"), china("2025-10-13T09:00"), calendar)
    assert format_due(limit) == "9月29日24:00"


def test_the_stricter_reading_keeps_five_full_working_days_between(calendar: WorkCalendar) -> None:
    limit = due(before(5, "working_days", clear=True), china("2025-10-13T09:00"), calendar)
    assert format_due(limit) == "9月28日24:00"
    assert limit.steps[1] == (
        "论证会召开前5个工作日，按工作日（以公布的放假调休安排为准）计算，"
        "至2025年9月29日（星期一），且自当日起须为完整天数"
    )


def test_three_working_days_after_skip_the_weekend(calendar: WorkCalendar) -> None:
    limit = due(after(3, "working_days"), china("2025-06-12T09:00"), calendar)
    assert format_due(limit) == "6月17日24:00"


@pytest.mark.parametrize(
    ("duration", "event", "shown"),
    [
        (after(3, inclusive=True), "2025-06-10T09:00", "6月12日24:00"),
        (after(3, "working_days", inclusive=True), "2025-06-12T09:00", "6月16日24:00"),
        (before(2, inclusive=True), "2025-06-10T09:00", "6月9日24:00"),
        (after(0), "2025-06-10T09:00", "6月10日24:00"),
        (after(0, inclusive=True), "2025-06-10T09:00", "6月10日24:00"),
    ],
    ids=["days", "working days", "lead time", "the same day", "the same day, counted"],
)
def test_an_inclusive_count_takes_the_day_of_the_event_as_the_first(
    calendar: WorkCalendar, duration: Duration, event: str, shown: str
) -> None:
    assert format_due(due(duration, china(event), calendar)) == shown


@pytest.mark.parametrize(
    ("value", "unit", "inclusive", "event", "shown"),
    [
        (3, "years", False, "2022-03-01", "2025年3月1日24:00"),
        (3, "years", True, "2022-03-01", "2025年2月28日24:00"),
        (1, "months", False, "2025-01-31", "2025年2月28日24:00"),
        (1, "months", True, "2025-01-31", "2025年2月28日24:00"),
        (1, "months", True, "2024-03-01", "2024年3月31日24:00"),
        (0, "months", True, "2024-03-01", "2024年3月1日24:00"),
        (1, "years", False, "2024-02-29", "2025年2月28日24:00"),
        (11, "months", False, "2025-01-15", "2025年12月15日24:00"),
    ],
)
def test_months_and_years_end_on_the_corresponding_day(
    calendar: WorkCalendar, value: int, unit: Unit, inclusive: bool, event: str, shown: str
) -> None:
    limit = due(after(value, unit, inclusive=inclusive, roll=False), china(event), calendar)
    assert format_due(limit, with_year=True) == shown


def test_three_months_before_the_end_of_the_term(calendar: WorkCalendar) -> None:
    duration = Duration(3, "months", "term_end", "before")
    limit = due(duration, china("2026-05-31"), calendar)
    assert format_due(limit, with_year=True) == "2026年2月28日24:00"


def test_three_months_before_the_end_of_the_term_counting_that_day(calendar: WorkCalendar) -> None:
    duration = Duration(3, "months", "term_end", "before", inclusive=True)
    limit = due(duration, china("2026-05-15"), calendar)
    assert format_due(limit, with_year=True) == "2026年2月16日24:00"


def test_six_hours_run_through_the_night(calendar: WorkCalendar) -> None:
    limit = due(Duration(6, "hours", "delivery", "after", roll=True), china("2025-06-13T21:15"), calendar)
    assert limit.at == china("2025-06-14T03:15")
    assert limit.steps == (
        "起算：2025年6月13日21:15",
        "通知送达后6小时，按自然小时连续计算，夜间和休息日不扣除",
        "截止：2025年6月14日03:15",
    )


def test_hours_are_also_counted_back(calendar: WorkCalendar) -> None:
    limit = due(Duration(24, "hours", "meeting", "before"), china("2025-06-10T09:30"), calendar)
    assert format_due(limit) == "6月9日09:30"


def test_every_step_of_the_count_is_shown(calendar: WorkCalendar) -> None:
    limit = due(after(3), china("2025-06-11T09:00"), calendar)
    assert limit.steps == (
        "起算：2025年6月11日（星期三）为论证会结束当日，不计入",
        "论证会结束后3日，按自然日计算，至2025年6月14日（星期六）",
        "2025年6月14日（星期六）为休息日，依《中华人民共和国民法典》第二百零三条顺延至2025年6月16日（星期一）",
        "截止：2025年6月16日24:00",
    )


def test_an_event_without_a_name_is_still_explained(calendar: WorkCalendar) -> None:
    limit = due(Duration(1, "months", "order_served", "after", inclusive=True), china("2025-06-10"), calendar)
    assert limit.steps == (
        "起算：2025年6月10日（星期二）为起算事件当日，计入",
        "起算事件后1个月，按到期月的对应日计算，至2025年7月9日（星期三）",
        "截止：2025年7月9日24:00",
    )


def test_a_limit_in_a_year_without_notice_is_provisional_and_does_not_bind(calendar: WorkCalendar) -> None:
    limit = due(after(5, "working_days"), china("2027-03-01"), calendar)
    assert limit.provisional
    assert not limit.is_binding
    assert limit.steps[-1] == "2027年放假安排尚未公布或有待核实，本期限为暂定，不作为拒绝办理的依据"


def test_two_working_days_before_are_late_within_two_days_by_any_calendar(calendar: WorkCalendar) -> None:
    limit = due(before(2, "working_days"), china("2027-03-10T09:00"), calendar)
    moments = ("2027-03-08T23:59:59", "2027-03-09T00:00", "2027-03-10T08:59")
    assert limit.provisional
    assert [limit.is_late(china(moment)) for moment in moments] == [False, True, True]


def test_a_provisional_limit_after_an_event_makes_nothing_late(calendar: WorkCalendar) -> None:
    limit = due(after(2, "working_days"), china("2027-03-08T09:00"), calendar)
    assert (limit.provisional, limit.is_late(china("2028-03-08T09:00"))) == (True, False)


def test_a_rolling_limit_in_a_year_without_notice_is_provisional(calendar: WorkCalendar) -> None:
    assert due(after(3), china("2027-03-01"), calendar).provisional


def test_a_limit_that_asks_the_calendar_nothing_always_binds(calendar: WorkCalendar) -> None:
    assert due(after(3, roll=False), china("2027-03-01"), calendar).is_binding
    assert due(before(2), china("2027-03-01"), calendar).is_binding
    assert due(after(6, "hours"), china("2027-03-01"), calendar).is_binding


def test_a_limit_in_a_published_year_binds(calendar: WorkCalendar) -> None:
    assert due(after(5, "working_days"), china("2026-11-20"), calendar).is_binding


def test_the_day_of_the_event_is_not_asked_when_it_does_not_count(calendar: WorkCalendar) -> None:
    assumed_holiday = china("2026-04-21")
    assert due(after(1, "working_days"), assumed_holiday, calendar, NANNING).is_binding
    inclusive = after(1, "working_days", inclusive=True)
    assert due(inclusive, assumed_holiday, calendar, NANNING).provisional


def test_an_event_without_time_zone_is_refused(calendar: WorkCalendar) -> None:
    with pytest.raises(ValueError, match="起算时刻须带时区"):
        due(after(3), datetime(2025, 6, 10), calendar)  # noqa: DTZ001


def test_a_limit_without_time_zone_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="期限须带时区"):
        Due(datetime(2025, 6, 10), ())  # noqa: DTZ001


def test_a_negative_duration_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="期限不能为负数"):
        after(-1)


@pytest.mark.parametrize(("unit", "direction"), [("days", "after"), ("hours", "before")])
def test_clear_days_exist_only_in_lead_times_of_days(unit: Unit, direction: Direction) -> None:
    with pytest.raises(ValueError, match="只有以日计的提前期限"):
        Duration(2, unit, "meeting", direction, clear=True)


def test_a_moment_alone_is_written_like_a_limit() -> None:
    assert format_due(datetime(2025, 6, 13, 16, 0, tzinfo=UTC)) == "6月13日24:00"
