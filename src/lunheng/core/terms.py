"""聘期与禁入: a term ends the day before the same calendar day, a bar ends on it (民法典第二百零二条)."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Protocol

_ONE_DAY = timedelta(days=1)


class Length(Protocol):
    """A number of days, months or years."""

    @property
    def value(self) -> int: ...

    @property
    def unit(self) -> str: ...


def bar_until(first: date, length: Length) -> date:
    """The last day of a bar: the corresponding day, or the last of its month where there is none."""
    if length.unit == "days":
        return first + timedelta(days=length.value)
    year, month = _month(first, length)
    return date(year, month, min(first.day, monthrange(year, month)[1]))


def term_until(first: date, length: Length) -> date:
    """The first day that a term no longer covers: the corresponding day; where its month has none, the day after its last."""
    last = bar_until(first, length)
    is_short = length.unit != "days" and last.day != first.day
    return last + _ONE_DAY if is_short else last


def look_back(day: date, length: Length) -> date:
    """The first day that is looked at, looking back from a day."""
    if length.unit == "days":
        return day - timedelta(days=length.value)
    year, month = _month(day, length, -1)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _month(day: date, length: Length, sign: int = 1) -> tuple[int, int]:
    months = length.value * (12 if length.unit == "years" else 1) * sign
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return year, month + 1
