"""The calendar of working days as the platform uses it: yearly tables of the packs and what bureaus entered."""

from functools import lru_cache

from django.conf import settings

from lunheng.core.calendar import WorkCalendar, load_calendar
from lunheng.jurisdictions.models import RegionalHoliday


@lru_cache(maxsize=1)
def _official() -> WorkCalendar:
    folder = settings.PACKS_DIRECTORY / "cn" / "calendar"
    return load_calendar([path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))])


def work_calendar() -> WorkCalendar:
    """The official calendar with the regional days that bureaus entered on top."""
    entered: dict[str, dict[object, bool]] = {}
    for holiday in RegionalHoliday.objects.all():
        entered.setdefault(holiday.region, {})[holiday.day] = holiday.is_working_day
    return _official().with_regional(entered) if entered else _official()
