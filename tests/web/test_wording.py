"""How moments, remaining time, names and telephone numbers are written."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lunheng.web import wording

AFTERNOON = datetime(2026, 11, 24, 17, 0, tzinfo=wording.SHANGHAI)


def test_a_moment_is_written_with_its_weekday_and_without_a_gap() -> None:
    assert wording.write_moment(AFTERNOON) == "2026年11月24日（周二）17:00"


def test_a_moment_is_written_in_chinas_time_whatever_zone_it_was_stored_in() -> None:
    assert wording.write_moment(datetime(2026, 11, 24, 16, 30, tzinfo=UTC)) == "2026年11月25日（周三）00:30"


def test_a_moment_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        wording.write_moment(datetime(2026, 11, 24, 17, 0))  # noqa: DTZ001


def test_a_day_is_written_as_it_stands() -> None:
    assert wording.write_date(date(2026, 11, 22)) == "2026年11月22日（周日）"


def test_the_day_of_a_moment_is_the_day_in_china() -> None:
    assert wording.write_date(datetime(2026, 11, 24, 16, 30, tzinfo=UTC)) == "2026年11月25日（周三）"


def test_a_limit_that_ends_with_the_day_is_written_as_24_oclock_of_that_day() -> None:
    midnight = datetime(2026, 11, 25, 0, 0, tzinfo=wording.SHANGHAI)
    assert wording.write_due(midnight) == "2026年11月24日（周二）24:00"


def test_a_limit_within_the_day_is_written_as_the_moment() -> None:
    assert wording.write_due(AFTERNOON) == "2026年11月24日（周二）17:00"


@pytest.mark.parametrize(
    ("left", "written"),
    [
        (timedelta(hours=3, minutes=12), "剩 3 小时 12 分"),
        (timedelta(minutes=59, seconds=59), "剩 59 分"),
        (timedelta(days=2, hours=5, minutes=40), "剩 2 天 5 小时"),
        (timedelta(days=2), "剩 2 天"),
        (timedelta(0), "已逾期 0 分"),
        (timedelta(hours=-26), "已逾期 1 天 2 小时"),
    ],
)
def test_what_is_left_is_written_by_its_two_largest_units(left: timedelta, written: str) -> None:
    assert wording.write_remaining(AFTERNOON, AFTERNOON - left) == written


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王虚", "王*"),
        ("王虚构", "王**"),
        ("穆罕默德·买买提·阿卜杜拉", "穆***"),
        ("王", "王"),
        ("", ""),
    ],
)
def test_of_a_name_only_the_first_character_is_shown(name: str, masked: str) -> None:
    assert wording.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13900000000", "139****0000"),
        ("+86 139 0000 0000", "139****0000"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_of_a_phone_number_only_both_ends_are_shown(phone: str, masked: str) -> None:
    assert wording.mask_phone(phone) == masked
