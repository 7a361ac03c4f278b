"""The calendar of working days as the platform uses it: yearly tables of the packs and what bureaus entered."""

from datetime import date
from functools import lru_cache

from django.conf import settings

from lunheng.core.calendar import WorkCalendar, load_calendar
from lunheng.jurisdictions.models import RegionalHoliday


@lru_cache(maxsize=1)
def _official() -> WorkCalendar:
    folder = settings.PACKS_DIRECTORY / "cn" / "calendar"
    return load_calendar([path.read_text("utf-8") for path in sorted(folder.rglob("*.toml"))])


def work_calendar() -> WorkCalendar:
    """The official calendar with the regional days that bureaus entered on top."""
    entered: dict[str, dict[date, bool]] = {}
    for holiday in RegionalHoliday.objects.all():
        entered.setdefault(holiday.region, {})[holiday.day] = holiday.is_working_day
    calendar = _official()
    for region, days in entered.items():
        calendar = calendar.with_layer(region, days, "主管部门录入")
    return calendar
