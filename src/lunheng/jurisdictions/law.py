"""The law that a case is pinned to, by the digest of its pack."""

from datetime import date
from functools import lru_cache

from lunheng.core.calendar import WorkCalendar
from lunheng.core.policy import Law, ResolvedPack
from lunheng.jurisdictions.calendars import work_calendar
from lunheng.jurisdictions.models import PackRecord


@lru_cache(maxsize=64)
def _pack(digest: str) -> ResolvedPack:
    return ResolvedPack.from_bytes(bytes(PackRecord.objects.get(digest=digest).content))


def of(digest: str, *, region: str = "") -> Law:
    """The law of the pack with this digest, with the working-day calendar of the region."""
    return Law(_pack(digest), calendar(), region)


def calendar() -> WorkCalendar:
    """The official calendar with every regional layer, those entered by bureaus included."""
    return work_calendar()


def forget() -> None:
    """Drop what was read (tests change databases)."""
    _pack.cache_clear()


def in_force(pack_id: str, on: date) -> PackRecord | None:
    """The version of the pack that is in force on the day."""
    records = PackRecord.objects.filter(pack_id=pack_id, effective_from__lte=on).exclude(effective_to__lt=on)
    return records.order_by("-effective_from", "-loaded_at").first()
