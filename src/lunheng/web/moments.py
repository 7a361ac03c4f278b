"""Days and moments as people give them: of our own time, which every calendar, database and clock understands."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lunheng.core.moments import Unreadable, read_day, read_moment

FIRST_YEAR, LAST_YEAR = 1950, 2199


def in_our_time(given: date) -> bool:
    """Whether a day or moment lies in the years of which the product speaks."""
    return FIRST_YEAR <= given.year <= LAST_YEAR


def _checked(given: Any) -> Any:
    if given is None or in_our_time(given):
        return given
    raise ValidationError(f"年份须在{FIRST_YEAR}与{LAST_YEAR}之间", code="time_out_of_range")


class Day(forms.DateField):
    """A day of our time, written in any of the usual ways."""

    def to_python(self, value: Any) -> Any:
        """The day; the refusal shows an example."""
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        try:
            return read_day(value)
        except Unreadable as fault:
            raise ValidationError(str(fault), code="invalid") from fault

    def clean(self, value: Any) -> Any:
        """The day; raises ``ValidationError`` for one of another age."""
        return _checked(super().clean(value))


class Moment(forms.DateTimeField):
    """A moment of our time, written in any of the usual ways."""

    def to_python(self, value: Any) -> Any:
        """The moment; the refusal shows an example."""
        if value in self.empty_values or isinstance(value, datetime | date):
            return super().to_python(value)
        try:
            return read_moment(value)
        except Unreadable as fault:
            raise ValidationError(str(fault), code="invalid") from fault

    def clean(self, value: Any) -> Any:
        """The moment; raises ``ValidationError`` for one of another age."""
        return _checked(super().clean(value))
