"""工作日历: which days are working days, by the yearly notice and by regional layers.

The State Council's office publishes each year's days off and make-up working days by notice; autonomous
regions add days of their own. Both are data, passed in as TOML text. A year without a notice is computed
from weekdays and statutory holidays and is never certain, until an authority has entered its days and
declared the year complete. Doubt is kept day by day: what was entered for one day says nothing of another.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

from pydantic import model_validator

from lunheng.core.statutory import days_off
from lunheng.core.tables import Table

_Key = TypeVar("_Key")
_Entry = TypeVar("_Entry")

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST_BREAK = 366
_MOVED_BY_NEXT_YEAR = (12, 28)


class CalendarError(ValueError):
    """A calendar table contradicts itself or another one."""


class YearTable(Table):
    """The days of one year on which the notice departs from the plain week.

    `off` are days without work, `work` are make-up working days; `assumption` marks days that nobody could
    verify. Raises ValueError when a day is both, or lies outside the year.
    """

    year: int
    title: str
    status: Literal["published", "not_yet"] = "published"
    notice: str = ""
    published_on: date | None = None
    amendments: list[str] = []
    note: str = ""
    assumption: bool = False
    off: list[date] = []
    work: list[date] = []

    @model_validator(mode="after")
    def _consistent(self) -> "YearTable":
        both = set(self.off) & set(self.work)
        if both:
            raise ValueError(f"{min(both)}既列为放假又列为上班")
        strangers = [day for day in (*self.off, *self.work) if day.year != self.year]
        if strangers:
            raise ValueError(f"{min(strangers)}不在{self.year}年")
        return self

    def verdict_on(self, day: date) -> bool | None:
        """True for a make-up working day, False for a day off, None when the table is silent."""
        if day in self.work:
            return True
        return False if day in self.off else None


class RegionTable(Table):
    """The yearly tables of one region, named by its GB/T 2260 code."""

    region: str
    name: str
    source: str
    years: list[YearTable]


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The national yearly tables, regional layers by code and year, and what authorities entered for single days.

    A layer holds for its region and every division below it; where it speaks it precedes the national table. What an
    authority entered precedes both, of several the narrowest; a year that it `declared` complete is certain. `places` says
    of each division what it lies in, narrowest first; a code that it does not know lies where its first digits say.
    """

    years: Mapping[int, YearTable]
    layers: Mapping[str, Mapping[int, YearTable]] = field(default_factory=dict)
    entered: Mapping[str, Mapping[date, bool]] = field(default_factory=dict)
    declared: Mapping[str, frozenset[int]] = field(default_factory=dict)
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def is_published(self, year: int, region: str = "") -> bool:
        """Is the year known: its national notice and each layer of the region, or declared complete for the region?"""
        if self._is_declared(year, region):
            return True
        table = self.years.get(year)
        if table is None or table.status != "published":
            return False
        return all(year in layer for layer in self._layers_of(region))

    def is_working_day(self, day: date, region: str = "") -> bool:
        """Is the day worked in the region? An unpublished year answers by weekday and statutory holidays."""
        for days in self._entered_for(region):
            if day in days:
                return days[day]
        for table in self._tables_for(day.year, region):
            answer = table.verdict_on(day)
            if answer is not None:
                return answer
        return day.weekday() < _SATURDAY and not self._is_bare_holiday(day)

    def is_certain(self, day: date, region: str = "") -> bool:
        """Does the answer for this day rest on published tables, on a day or a year that was entered, on no assumption?

        The notice of a year also moves the last days of the year before (2018-12-29, 2022-12-31).
        """
        if any(day in days for days in self._entered_for(region)):
            return True
        is_moved_by_next = (day.month, day.day) >= _MOVED_BY_NEXT_YEAR
        if not self.is_published(day.year, region) or (
            is_moved_by_next and not self._is_next_known(day.year + 1, region)
        ):
            return False
        return self._is_declared(day.year, region) or not self._is_assumed(day, region)

    def doubtful_days(self, year: int, region: str = "") -> list[date]:
        """The days off and the make-up days of a year that nobody has confirmed for the region, in order."""
        known = {day for table in self._tables_for(year, region) for day in (*table.off, *table.work)}
        if year not in self.years:
            known |= days_off(year)
        return sorted(day for day in known if not self.is_certain(day, region))

    def add_working_days(self, day: date, count: int, region: str = "") -> date:
        """The `count`-th working day after `day`, or before it when `count` is negative.

        `day` itself is not counted; a count of zero gives `day`.
        """
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day, region)
        return day

    def next_working_day(self, day: date, region: str = "") -> date:
        """The day itself when it is worked, else the first working day after it."""
        for _ in range(_LONGEST_BREAK):
            if self.is_working_day(day, region):
                return day
            day += _ONE_DAY
        raise CalendarError("放假表有误：连续一年没有工作日")

    def with_layer(self, region: str, days: Mapping[date, bool], title: str) -> "WorkCalendar":
        """A calendar with days entered by an authority: True is worked, False is off.

        They precede what was there, each for itself; `title` names the notice. Raises CalendarError without region,
        days or title.
        """
        if not (region and days and title):
            raise CalendarError("录入地方放假安排须写明地区、日期和通知名称")
        return replace(self, entered={**self.entered, region: {**self.entered.get(region, {}), **days}})

    def with_year(self, region: str, year: int) -> "WorkCalendar":
        """A calendar in which an authority has declared that nothing is missing of the year."""
        known = self.declared.get(region, frozenset())
        return replace(self, declared={**self.declared, region: known | {year}})

    def placed(self, places: Mapping[str, tuple[str, ...]]) -> "WorkCalendar":
        """A calendar that knows the tree of divisions."""
        return replace(self, places=places)

    def _is_bare_holiday(self, day: date) -> bool:
        return day.year not in self.years and day in days_off(day.year)

    def _is_next_known(self, year: int, region: str) -> bool:
        table = self.years.get(year)
        return self._is_declared(year, region) or (table is not None and table.status == "published")

    def _is_declared(self, year: int, region: str) -> bool:
        return any(year in self.declared[code] for code in self._codes(self.declared, region))

    def _is_assumed(self, day: date, region: str) -> bool:
        tables = self._tables_for(day.year, region)
        return next((table.assumption for table in tables if table.verdict_on(day) is not None), False)

    def _entered_for(self, region: str) -> list[Mapping[date, bool]]:
        return [self.entered[code] for code in self._codes(self.entered, region)]

    def _layers_of(self, region: str) -> list[Mapping[int, YearTable]]:
        return [self.layers[code] for code in self._codes(self.layers, region)]

    def _codes(self, known: Mapping[str, object], region: str) -> list[str]:
        """Which of the known codes hold in a region, narrowest first."""
        if region in self.places:
            return [code for code in dict.fromkeys(self.places[region]) if code in known]
        codes = [code for code in known if region.startswith(_prefix(code))]
        return sorted(codes, key=lambda code: -len(_prefix(code)))

    def _tables_for(self, year: int, region: str) -> list[YearTable]:
        candidates = [*(layer.get(year) for layer in self._layers_of(region)), self.years.get(year)]
        return [table for table in candidates if table is not None]


def load_calendar(texts: Iterable[str]) -> WorkCalendar:
    """Build the calendar from TOML texts: national yearly tables, and regional layers (those with `region`).

    Raises CalendarError when one year or one region is given twice, ValidationError for a malformed table.
    """
    years: dict[int, YearTable] = {}
    layers: dict[str, Mapping[int, YearTable]] = {}
    for text in texts:
        raw: dict[str, Any] = tomllib.loads(text)
        if "region" in raw:
            region = RegionTable.model_validate(raw)
            _put_once(layers, region.region, _by_year(region))
        else:
            table = YearTable.model_validate(raw)
            _put_once(years, table.year, table)
    return WorkCalendar(years, layers)


def _by_year(region: RegionTable) -> dict[int, YearTable]:
    tables: dict[int, YearTable] = {}
    for table in region.years:
        _put_once(tables, table.year, table)
    return tables


def _put_once(tables: dict[_Key, _Entry], key: _Key, table: _Entry) -> None:
    if key in tables:
        raise CalendarError(f"{key}的放假表重复")
    tables[key] = table


def _prefix(code: str) -> str:
    """The part of a GB/T 2260 code that its subdivisions share: 450000 gives 45, 650100 gives 6501."""
    while code.endswith("00"):
        code = code.removesuffix("00")
    return code
