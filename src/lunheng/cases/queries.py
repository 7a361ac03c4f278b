"""Reads of cases: parties, deadlines, timeline, what fell due."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from lunheng.accounts.models import Account
from lunheng.cases.models import Case, Deadline, Party
from lunheng.core.actor import Role
from lunheng.ledger.queries import Fault, entries_of, faults_of


def parties_of(case: Case) -> QuerySet[Party]:
    """Present parties of the case."""
    return case.parties.filter(left_at__isnull=True).select_related("organization").order_by("id")


def roles_of(case: Case, organization: str) -> set[str]:
    """The roles that an organization (by credit code) has in the case."""
    return set(
        case.parties.filter(left_at__isnull=True, organization__code=organization).values_list(
            "role", flat=True
        )
    )


def open_deadlines(case: Case) -> QuerySet[Deadline]:
    """What the case still waits for, earliest first."""
    return case.deadlines.filter(met_at__isnull=True, performed_at__isnull=True)


def next_deadline(case: Case) -> Deadline | None:
    """The earliest open deadline that is not a mere consequence of now."""
    return open_deadlines(case).first()


def fallen_due(at: datetime, *, limit: int = 100) -> QuerySet[Deadline]:
    """Deadlines whose moment has come and whose act has not been performed: one indexed query."""
    return (
        Deadline.objects.filter(due_at__lte=at, met_at__isnull=True, performed_at__isnull=True)
        .filter(Q(retry_at__isnull=True) | Q(retry_at__lte=at))
        .order_by("due_at", "id")[:limit]
    )


@dataclass(frozen=True)
class TimelineLine:
    """One entry as people read it."""

    number: int
    event: str
    label: str
    at: datetime
    actor: str
    role: str
    clause: str
    data: dict[str, Any]
    entry_id: str


def timeline(case: Case) -> list[TimelineLine]:
    """Who did what, when and by which clause, oldest first (two queries)."""
    entries = list(entries_of(case.reference))
    bodies = [json.loads(bytes(entry.body)) for entry in entries]
    names = dict(
        Account.objects.filter(reference__in={body["actor"] for body in bodies}).values_list(
            "reference", "name"
        )
    )
    lines = []
    for entry, body in zip(entries, bodies, strict=True):
        data = json.loads(entry.payload.content or "{}")
        lines.append(
            TimelineLine(
                number=entry.subject_number,
                event=entry.event,
                label=str(data.pop("label", entry.event)),
                at=entry.at,
                actor=names.get(body["actor"], "系统"),
                role=Role(body["role"]).label,
                clause=str(data.pop("clause", "")),
                data=data,
                entry_id=str(entry.id),
            )
        )
    return lines


def chain_faults(reference: str) -> list[Fault]:
    """What does not hold in a file's chain: bodies, leaves, payloads, and entries missing at its end."""
    faults = faults_of(reference)
    case = Case.objects.get(reference=reference)
    last = entries_of(reference).last()
    number, leaf = (last.subject_number, bytes(last.leaf_sha256).hex()) if last else (0, "0" * 64)
    if (case.entry_count, case.last_leaf) != (number, leaf):
        reason = f"案件记有 {case.entry_count} 条存证，链上最后一条是第 {number} 条，或散列不符"
        faults.append(Fault(reference, number, reason))
    return faults
