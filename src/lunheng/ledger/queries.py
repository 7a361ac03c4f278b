"""Reads of the ledger: the chain of a file, and whether it holds."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from lunheng.core.ledger import CanonicalError, check_chain, commitment, parse_body
from lunheng.ledger.models import Entry


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold, named by file and entry number."""

    subject: str
    number: int
    reason: str


def entries_of(subject: str) -> QuerySet[Entry]:
    """The entries of one file, oldest first."""
    return Entry.objects.filter(subject=subject).select_related("payload").order_by("subject_number")


def subjects() -> Iterator[str]:
    """Every file that has an entry."""
    return Entry.objects.order_by("subject").values_list("subject", flat=True).distinct().iterator()


def faults_of(subject: str) -> list[Fault]:
    """Re-hash the file's chain and re-commit every payload that was not erased."""
    entries = list(entries_of(subject))
    links = [(bytes(entry.body), bytes(entry.leaf_sha256)) for entry in entries]
    faults = [Fault(subject, broken.number, broken.reason) for broken in check_chain(subject, links)]
    return faults + [fault for entry in entries for fault in _payload_faults(entry)]


def _payload_faults(entry: Entry) -> Iterator[Fault]:
    payload, entered = getattr(entry, "payload", None), _commitment_of(entry)
    if payload is None:
        yield Fault(entry.subject, entry.subject_number, "the payload is missing")
        return
    if payload.erased_at is not None or entered is None:
        return
    expected = commitment(bytes(payload.salt or b""), (payload.content or "").encode())
    if not hmac.compare_digest(expected.encode(), entered.encode()):
        yield Fault(
            entry.subject, entry.subject_number, "the payload is not the one that the body commits to"
        )


def _commitment_of(entry: Entry) -> str | None:
    """What the body commits to; None when it is no body, which is a fault of the chain."""
    try:
        return str(parse_body(bytes(entry.body))["pay"])
    except CanonicalError:
        return None
