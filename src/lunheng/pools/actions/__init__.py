"""Acts on a pool: its hash chains, the matters that begin about it, its calendar, and what is recorded of its members."""

from lunheng.pools.actions.calendars import declare_year, enter_days, recount_deadline
from lunheng.pools.actions.chains import anchor_authority, anchor_chains
from lunheng.pools.actions.conduct import enter_points, record_conduct
from lunheng.pools.actions.matters import open_by_records, open_proceeding

__all__ = [
    "anchor_authority",
    "anchor_chains",
    "declare_year",
    "enter_days",
    "enter_points",
    "open_by_records",
    "open_proceeding",
    "record_conduct",
    "recount_deadline",
]
