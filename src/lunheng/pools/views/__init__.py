"""Pages of pools, by topic."""

from lunheng.pools.views.calendars import declare_year, enter_days, show_calendar
from lunheng.pools.views.openings import keep_draft, list_openings, open_proceeding

__all__ = ["declare_year", "enter_days", "keep_draft", "list_openings", "open_proceeding", "show_calendar"]
