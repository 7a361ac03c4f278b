"""擦除: salt and content of an entry are destroyed; the entry, its leaf and its place stay, and every proof with them."""

import json
from datetime import datetime
from uuid import UUID

from lunheng.core.procedures.files import ERASE_CONTENT
from lunheng.ledger.models import Entry, Payload, RowState
from lunheng.ledger.rowstates import passed

ERASED = ERASE_CONTENT.event
"""The entry that says so; it refers to the entry whose content was destroyed."""


def erase(entry: Entry, at: datetime) -> None:
    """Destroy what the entry commits to and what it keeps of rows that have moved on, inside an act that enters it.

    A row's last state stays: without it nobody could tell whether the row is as it was left. It goes when the row has
    moved on (``catch_up``).
    """
    _forget(entry.pk)
    Payload.objects.filter(pk=entry.pk).update(salt=None, content=None, erased_at=at)


def catch_up() -> int:
    """Destroy what erased entries keep of rows that have moved on since; returns how many states.

    Called when all entries are what they were: each erasure is then one that was entered.
    """
    bodies = Entry.objects.filter(event=ERASED).values_list("body", flat=True)
    return sum(_forget(UUID(name)) for body in bodies for name in json.loads(bytes(body))["refs"])


def _forget(entry_id: UUID) -> int:
    return RowState.objects.filter(pk__in=passed(entry_id)).update(salt=None, digests=None)
