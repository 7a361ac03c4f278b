"""The entries of steps that a test does not take itself: rows made by hand stand in a file that tells how they came."""

from datetime import datetime

from django.db import connection

from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.ledger.append import Line, append
from lunheng.ledger.models import Entry, Payload, Pending, RowState, Sequence
from lunheng.ledger.triggers import drop

TO_REQUEST = ("review.opened/1", "plan.submitted/1", "plan.approval_signed/1", "panel.requested/1")
TO_PANEL = ("draw.committed/1", "draw.result/1", "panel.seat_confirmed/1")


def enter_steps(case: Case, *events: str, at: datetime) -> None:
    """Enter these events in the file, one after the other, as the acts that the test leaves out would have."""
    for event in events:
        line = Line(
            subject=case.reference,
            number=case.entry_count + 1,
            previous=case.last_leaf,
            tenant=case.division_id,
            event=event,
            actor=Actor.system(),
            at=at,
            data={"label": "虚构", "clause": ""},
        )
        entry = append(line, recorded_at=at)
        case.entry_count, case.last_leaf = line.number, bytes(entry.leaf_sha256).hex()
    case.save(update_fields=("entry_count", "last_leaf"))


def strike(subject: str, *events: str) -> int:
    """Delete the entries of these events from a file, as the owner of the database could; returns how many."""
    keys = list(Entry.objects.filter(subject=subject, event__in=events).values_list("pk", flat=True))
    connection.check_constraints()
    drop(connection)
    for model in (RowState, Payload, Pending, Sequence):
        model._default_manager.filter(entry__in=keys).delete()
    Entry.objects.filter(pk__in=keys).delete()
    return len(keys)
