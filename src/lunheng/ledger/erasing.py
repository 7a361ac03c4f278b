"""擦除: salt and content of an entry are destroyed; the entry, its leaf and its place stay, and every proof with them."""

from datetime import datetime

from lunheng.ledger.models import Entry, Payload, RowState
from lunheng.ledger.rowstates import passed

ERASED = "payload.erased/1"
"""The entry that says so; it refers to the entry whose content was destroyed."""


def erase(entry: Entry, at: datetime) -> None:
    """Destroy what the entry commits to and what it keeps of rows that have moved on, inside an act that enters it.

    A row's last state stays: without it nobody could tell whether the row is as it was left. Those digests go when a
    later act has changed the row and that entry is erased in its turn.
    """
    RowState.objects.filter(pk__in=passed(entry.pk)).update(salt=None, digests=None)
    Payload.objects.filter(pk=entry.pk).update(salt=None, content=None, erased_at=at)
