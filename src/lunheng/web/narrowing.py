"""How a list is narrowed and sorted: its filters stand in the address, and a filter that nobody knows finds nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Count, Q

from lunheng.core.identity import canonical, folded
from lunheng.web.moments import Day
from lunheng.web.wording import SHANGHAI

LONGEST_TEXT = 80
KEY = "name_key"
"""How columns of folded keys end."""
ALL = ("", "全部")
Options = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Choice:
    """One of several. ``options`` are given, or made of what is asked; ``field`` is the column that has the value, or
    ``narrow`` says what a value finds. ``is_counted`` tells behind each option how many rows it finds (one query)."""

    key: str
    label: str
    options: Options | Callable[[Any], Options]
    field: str = ""
    narrow: Callable[[Any, str, Any], Any] | None = None
    is_counted: bool = False

    def control(self, asked: Any) -> forms.Field:
        """The field of the form."""
        options = self.options(asked) if callable(self.options) else self.options
        return forms.ChoiceField(label=self.label, required=False, choices=[ALL, *options])

    def narrowed(self, rows: Any, value: Any, asked: Any) -> Any:
        """The rows that have the value."""
        return self.narrow(rows, value, asked) if self.narrow else rows.filter(**{self.field: value})

    def counts(self, rows: Any) -> Mapping[str, int]:
        """How many rows each value finds."""
        found = rows.order_by().values(self.field).annotate(found=Count("pk", distinct=True))
        return {str(key): count for key, count in found.values_list(self.field, "found")}


@dataclass(frozen=True)
class Flag:
    """Only those that are so."""

    key: str
    label: str
    facts: Mapping[str, object]
    narrow: Callable[[Any, Any], Any] | None = None

    def control(self, asked: Any) -> forms.Field:
        """The field of the form."""
        return forms.BooleanField(label=self.label, required=False)

    def narrowed(self, rows: Any, value: Any, asked: Any) -> Any:
        """The rows of which it is true."""
        return self.narrow(rows, asked) if self.narrow else rows.filter(**self.facts)


@dataclass(frozen=True)
class Days:
    """From a day or up to one, both days in; ``field`` is a moment."""

    key: str
    label: str
    field: str
    is_last: bool = False

    def control(self, asked: Any) -> forms.Field:
        """The field of the form."""
        return Day(label=self.label, required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def narrowed(self, rows: Any, value: date, asked: Any) -> Any:
        """The rows from the beginning of the day, or up to its end, in China's time."""
        begin = datetime.combine(value, time.min, SHANGHAI)
        if self.is_last:
            return rows.filter(**{f"{self.field}__lt": begin + timedelta(days=1)})
        return rows.filter(**{f"{self.field}__gte": begin})


Filter = Choice | Flag | Days


@dataclass(frozen=True)
class Sort:
    """One order of the rows; the first of a list is the one that nobody has to ask for."""

    key: str
    label: str
    order: Callable[[Any], Any] | tuple[Any, ...]

    def sorted(self, rows: Any) -> Any:
        """The rows in this order."""
        return self.order(rows) if callable(self.order) else rows.order_by(*self.order)


class NarrowingForm(forms.Form):
    """The filters of one list as a form."""

    def __init__(self, data: Mapping[str, Any], controls: Mapping[str, forms.Field]) -> None:
        super().__init__(data)
        self.fields.update(controls)
        self.judged = tuple(controls)


def search_field(label: str) -> forms.Field:
    """Words to search for."""
    return forms.CharField(label=label, required=False, max_length=LONGEST_TEXT)


def sort_field(sorts: Iterable[Sort]) -> forms.Field:
    """The orders to choose from."""
    first, *others = [(one.key, one.label) for one in sorts]
    return forms.ChoiceField(label="排序", required=False, choices=[("", first[1]), *others])


def having_words(fields: Iterable[str], text: str) -> Q:
    """Rows that have every word in one of the fields, in the signs as typed or in their plain form (A for Ａ); a field of
    folded keys is asked for the folded text as a whole, so that dots, spaces and width in a name make no difference."""
    keys = [one for one in fields if one.endswith(KEY)]
    found = Q()
    for word in text.split():
        said = Q(pk__in=())
        for form in {word, unicodedata.normalize("NFKC", word), canonical(word)} - {""}:
            for field in fields:
                if field not in keys:
                    said |= Q(**{f"{field}__icontains": form})
        found &= said
    for field in keys if (folded_text := folded(text)) else ():
        found |= Q(**{f"{field}__contains": folded_text})
    return found
