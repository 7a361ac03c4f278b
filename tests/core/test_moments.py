"""Days and moments as people write them."""

from datetime import date, datetime
from typing import Any

import pytest

from lunheng.core.deadlines import CHINA, format_due
from lunheng.core.moments import Unreadable, read_day, read_moment
from lunheng.web import wording

DAY = date(2026, 12, 8)
MOMENT = datetime(2026, 12, 8, 9, 30, tzinfo=CHINA)
DAYS = (
    "2026-12-08", "2026-12-8", "2026/12/08", "2026/12/8", "2026.12.08", "2026年12月8日", "2026年12月08日", "2026 年 12 月 8 日",
    "２０２６年１２月８日", "２０２６－１２－０８", "２０２６／１２／０８", "20261208", " 2026-12-08 ", "2026年12月8日（周二）", "2026年12月8日（星期二）",
    "2026年12月8号", "2026—12—08",
)  # fmt: skip
TIMES = (
    "09:30",
    "9:30",
    "9：30",
    "０９：３０",
    "09:30:00",
    "9时30分",
    "9点30分",
    "9点半",
    "上午9:30",
    "9:30 AM",
    "9∶30",
)


@pytest.mark.parametrize("written", DAYS)
def test_g13_a_day_is_read_however_it_is_written(written: str) -> None:
    assert read_day(written) == DAY


@pytest.mark.parametrize("clock", TIMES)
@pytest.mark.parametrize(
    "day", ["2026-12-08", "2026/12/08", "2026年12月8日", "2026年12月8日（周二）", "２０２６年１２月８日"]
)
@pytest.mark.parametrize("between", [" ", "", "\u3000", "T"])
def test_g13_a_moment_is_read_however_it_is_written(day: str, between: str, clock: str) -> None:
    between = between or ("" if day.endswith(("日", "）")) else " ")  # otherwise the figures run together
    assert read_moment(f"{day}{between}{clock}") == MOMENT


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-08 14:00", (8, 14, 0)),
        ("2026年12月8日 下午2点", (8, 14, 0)),
        ("2026-12-08 12:00 PM", (8, 12, 0)),
        ("2026-12-08 24:00", (9, 0, 0)),
        ("2026年12月8日24:00", (9, 0, 0)),
        ("2026-12-08T06:30:00Z", (8, 14, 30)),
        ("2026-12-08T14:30:00+08:00", (8, 14, 30)),
    ],
)
def test_g13_the_hour_is_the_one_that_was_meant(written: str, meant: tuple[int, int, int]) -> None:
    day, hour, minute = meant
    assert read_moment(written) == datetime(2026, 12, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    "at", [MOMENT, datetime(2026, 12, 9, tzinfo=CHINA), datetime(2028, 2, 29, 23, 59, tzinfo=CHINA)]
)
def test_g13_what_the_pages_print_is_read_back(at: datetime) -> None:
    assert read_moment(wording.write_moment(at)) == at
    assert read_moment(wording.write_due(at)) == at
    assert read_moment(format_due(at, with_year=True)) == at
    assert read_day(wording.write_date(at)) == at.date()


@pytest.mark.parametrize(
    "given",
    [
        "", " ", "明天", "2026-02-30", "2027-02-29", "2026-13-01", "2026-12-08-01", "12月8日", "8/12/2026", "٢٠٢٦-١٢-٠٨", "2026-12-08x",
        "x" * 100_000, "\ud800", "😀", None, b"2026-12-08", 20261208, [],
    ],
)  # fmt: skip
def test_g13_what_is_no_day_is_refused_with_an_example(given: Any) -> None:
    with pytest.raises(Unreadable, match="2026-12-08"):
        read_day(given)


@pytest.mark.parametrize(
    "given",
    [
        "2026-12-08",
        "2026-12-08 25:00",
        "2026-12-08 9:61",
        "9:30",
        "2026-12-08 24:01",
        None,
        "9999-12-31 24:00",
    ],
)
def test_g13_what_is_no_moment_is_refused_with_an_example(given: Any) -> None:
    with pytest.raises((Unreadable, OverflowError), match="2026-12-08 09:30"):
        read_moment(given)
