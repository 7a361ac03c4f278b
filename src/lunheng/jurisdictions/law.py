"""The law that a case is pinned to, by the digest of its pack."""

from datetime import date
from functools import lru_cache

from lunheng.core.policy import Law, ResolvedPack
from lunheng.jurisdictions.calendars import work_calendar
from lunheng.jurisdictions.models import PackRecord


@lru_cache(maxsize=64)
def _pack(digest: str) -> ResolvedPack:
    return ResolvedPack.from_bytes(
        bytes(PackRecord.objects.values_list("content", flat=True).get(digest=digest))
    )


def of(digest: str) -> Law:
    """The law of the pack with this digest, with the calendar of working days as it is known when it is first counted."""
    return Law(_pack(digest), work_calendar)


def forget() -> None:
    """Drop what was read: tests change databases under us."""
    _pack.cache_clear()


def in_force(pack_id: str, on: date) -> PackRecord | None:
    """The version of the pack that is in force on the day."""
    records = PackRecord.objects.filter(pack_id=pack_id, effective_from__lte=on).exclude(effective_to__lt=on)
    return records.defer("content").order_by("-effective_from", "-loaded_at").first()


def all_in_force(on: date) -> list[PackRecord]:
    """One version of every pack that is in force on the day, drafts left out.

    Asked of the database every time, in one question: a pack that another process has just recorded counts at once.
    """
    records = PackRecord.objects.filter(effective_from__lte=on).exclude(effective_to__lt=on)
    latest: dict[str, PackRecord] = {}
    for record in (
        records.exclude(status="draft").defer("content").order_by("pack_id", "-effective_from", "-loaded_at")
    ):
        latest.setdefault(record.pack_id, record)
    return list(latest.values())
