"""工作日历: which days are working days, by the yearly notice and by regional layers.

The State Council's office publishes each year's days off and make-up working days by notice; autonomous
regions add days of their own. Both are data, passed in as TOML text. A year without a notice is computed
from weekdays and statutory holidays and is never certain.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

from pydantic import model_validator

from lunheng.core.tables import Table

_Key = TypeVar("_Key")
_Entry = TypeVar("_Entry")

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST_BREAK = 366
_MOVED_BY_NEXT_YEAR = (12, 28)
# 全国年节及纪念日放假办法: the holidays with a fixed date; the lunar ones come with the yearly table.
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


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
    """The national yearly tables, and regional layers by GB/T 2260 code and year.

    A layer holds for its region and every division below it; where it speaks it precedes the national table.
    """

    years: Mapping[int, YearTable]
    layers: Mapping[str, Mapping[int, YearTable]] = field(default_factory=dict)

    def is_published(self, year: int, region: str = "") -> bool:
        """Is the national notice of the year out, and the year entered in each layer of the region?"""
        table = self.years.get(year)
        if table is None or table.status != "published":
            return False
        return all(year in layer for layer in self._layers_of(region))

    def is_working_day(self, day: date, region: str = "") -> bool:
        """Is the day worked in the region? An unpublished year answers by weekday and statutory holidays."""
        for table in self._tables_for(day.year, region):
            answer = table.verdict_on(day)
            if answer is not None:
                return answer
        return day.weekday() < _SATURDAY and not self._is_bare_holiday(day)

    def is_certain(self, day: date, region: str = "") -> bool:
        """Does the answer for this day rest on published tables only, and on no assumption?

        The notice of a year also moves the last days of the year before (2018-12-29, 2022-12-31).
        """
        is_moved_by_next = (day.month, day.day) >= _MOVED_BY_NEXT_YEAR
        if not self.is_published(day.year, region) or (
            is_moved_by_next and not self.is_published(day.year + 1)
        ):
            return False
        for table in self._tables_for(day.year, region):
            if table.verdict_on(day) is not None:
                return not table.assumption
        return True

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

        They precede what was there; `title` names the regional notice. Raises CalendarError without region,
        days or title.
        """
        if not (region and days and title):
            raise CalendarError("录入地方放假安排须写明地区、日期和通知名称")
        layer = dict(self.layers.get(region, {}))
        for year in sorted({day.year for day in days}):
            layer[year] = _overlaid(layer.get(year), year, days, title)
        return replace(self, layers={**self.layers, region: layer})

    def _is_bare_holiday(self, day: date) -> bool:
        return day.year not in self.years and (day.month, day.day) in _FIXED_HOLIDAYS

    def _layers_of(self, region: str) -> list[Mapping[int, YearTable]]:
        codes = [code for code in self.layers if region.startswith(_prefix(code))]
        return [self.layers[code] for code in sorted(codes, key=lambda code: -len(_prefix(code)))]

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


def _overlaid(under: YearTable | None, year: int, days: Mapping[date, bool], title: str) -> YearTable:
    known: dict[date, bool] = {}
    if under is not None:
        known = dict.fromkeys(under.off, False) | dict.fromkeys(under.work, True)
    known |= {day: is_worked for day, is_worked in days.items() if day.year == year}
    off = sorted(day for day, is_worked in known.items() if not is_worked)
    work = sorted(day for day, is_worked in known.items() if is_worked)
    return YearTable(year=year, title=title, off=off, work=work)


def _prefix(code: str) -> str:
    """The part of a GB/T 2260 code that its subdivisions share: 450000 gives 45, 650100 gives 6501."""
    while code.endswith("00"):
        code = code.removesuffix("00")
    return code
