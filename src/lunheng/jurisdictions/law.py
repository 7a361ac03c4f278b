"""The law that a case is pinned to, by the digest of its pack."""

from datetime import date
from functools import lru_cache

from lunheng.core.policy import Law, ResolvedPack
from lunheng.core.policy.expiry import expired
from lunheng.jurisdictions.calendars import work_calendar
from lunheng.jurisdictions.models import PackRecord


@lru_cache(maxsize=64)
def _pack(digest: str) -> ResolvedPack:
    return _read(bytes(PackRecord.objects.values_list("content", flat=True).get(digest=digest)))


@lru_cache(maxsize=64)
def _read(content: bytes) -> ResolvedPack:
    """The same bytes are the same pack, whatever database they come from."""
    return ResolvedPack.from_bytes(content)


def of(digest: str) -> Law:
    """The law of the pack with this digest, with the calendar of working days as it is known when it is first counted."""
    return Law(_pack(digest), work_calendar)


def forget() -> None:
    """Drop what was read: tests change databases under us."""
    _pack.cache_clear()


def in_force(pack_id: str, on: date) -> PackRecord | None:
    """The version of the pack by which the day is judged: in force, or ended while terms or new acts go on."""
    begun = [record for record in _begun(on) if record.pack_id == pack_id]
    now = [record for record in begun if not _has_ended(record, on)]
    return next(iter(now), None) or next((record for record in begun if _outlasts(record, on)), None)


def all_in_force(on: date) -> list[PackRecord]:
    """One version of every pack that is in force on the day, drafts left out."""
    return [record for record in _latest(_begun(on), on) if not _has_ended(record, on)]


def all_begun(on: date) -> list[PackRecord]:
    """One version of every pack that has come into force, also of those that have ended: their cases run on."""
    return _latest(_begun(on), on)


def _begun(on: date) -> list[PackRecord]:
    """What has come into force by the day, latest first."""
    return [record for record in on_record() if record.effective_from and record.effective_from <= on]


def on_record() -> list[PackRecord]:
    """Every version of every pack but drafts, by pack, latest first; of one first day the version loaded last.

    Asked of the database every time, in one question: a pack that another process has just recorded counts at once.
    """
    records = PackRecord.objects.exclude(status="draft").defer("content")
    kept: dict[tuple[str, date | None], PackRecord] = {}
    for record in records.order_by("pack_id", "-effective_from", "-loaded_at", "digest"):
        kept.setdefault((record.pack_id, record.effective_from), record)
    return list(kept.values())


def _latest(records: list[PackRecord], on: date) -> list[PackRecord]:
    """One record of each pack: the latest that has not ended, else the latest."""
    latest: dict[str, PackRecord] = {}
    for record in sorted(records, key=lambda one: _has_ended(one, on)):
        latest.setdefault(record.pack_id, record)
    return sorted(latest.values(), key=lambda one: one.pack_id)


def _has_ended(record: PackRecord, on: date) -> bool:
    return record.effective_to is not None and record.effective_to < on


def _outlasts(record: PackRecord, on: date) -> bool:
    """Whether the pool of an ended pack is still kept by it."""
    ended = expired(_pack(record.digest), on)
    return ended is not None and not ended.goes_on.isdisjoint({"terms", "new_acts"})
