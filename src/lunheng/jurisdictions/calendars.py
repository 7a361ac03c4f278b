"""The calendar of working days as the platform uses it: yearly tables of the packs and what authorities entered."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from django.conf import settings
from django.db import connection

from lunheng.core.calendar import WorkCalendar, load_calendar
from lunheng.jurisdictions.models import RegionalHoliday

_ENTERED = (
    "SELECT 'day', region, CAST(day AS TEXT), CASE WHEN is_working_day THEN 'work' ELSE 'off' END "
    "FROM jurisdictions_regionalholiday UNION ALL "
    "SELECT 'year', region, CAST(year AS TEXT), '' FROM jurisdictions_regionalyear UNION ALL "
    "SELECT 'place', code, COALESCE(parent_id, ''), region FROM jurisdictions_division"
)


@lru_cache(maxsize=1)
def _official() -> WorkCalendar:
    folder = settings.PACKS_DIRECTORY / "cn" / "calendar"
    return load_calendar([path.read_text("utf-8") for path in sorted(folder.rglob("*.toml"))])


def work_calendar() -> WorkCalendar:
    """The official calendar with the days and years that authorities entered on top, over the tree of divisions."""
    entered: dict[str, dict[date, bool]] = {}
    places: dict[str, tuple[str, str]] = {}
    years: list[tuple[str, int]] = []
    for kind, key, value, word in _rows():
        if kind == "place":
            places[key] = (value, word)
        elif kind == "year":
            years.append((key, int(value)))
        else:
            entered.setdefault(key, {})[date.fromisoformat(value)] = word == "work"
    calendar = _official().placed(_chains(places))
    for region, days in entered.items():
        calendar = calendar.with_layer(region, days, "主管部门录入")
    for region, year in years:
        calendar = calendar.with_year(region, year)
    return calendar


def _rows() -> list[tuple[str, str, str, str]]:
    """Days, years and places that were entered: one question, since every time limit asks it."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTERED)
        return [tuple(map(str, row)) for row in cursor.fetchall()]  # type: ignore[misc]


def entered_days(region: str, year: int) -> list[RegionalHoliday]:
    """What was entered for a territory in a year, in order."""
    return list(RegionalHoliday.objects.filter(region=region, day__year=year).order_by("day"))


def _chains(rows: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Of each division its own code and those above it, narrowest first, each with the layer that it names for itself.

    A division that nobody placed (no parent, no layer) is left to the first digits of its code.
    """
    found: dict[str, tuple[str, ...]] = {}
    for code in rows:
        chain: list[str] = []
        above = code
        while above in rows and above not in chain:
            chain.append(above)
            above = rows[above][0]
        layers = [rows[one][1] for one in chain if rows[one][1]]
        if layers or len(chain) > 1 or not code.isdecimal():
            found[code] = (*chain, *layers)
    return found
