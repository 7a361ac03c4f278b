"""The timeline of a file, as its reader may know it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lunheng.cases.models import Case
from lunheng.cases.sealing import is_sealed, names_for
from lunheng.core.actor import Actor, Role
from lunheng.ledger.queries import entries_of


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
    is_sealed: bool = False


def timeline(case: Case, actor: Actor | None = None) -> list[TimelineLine]:
    """Who did what, when and by which clause, oldest first (two queries), as far as ``actor`` may know it yet."""
    entries = list(entries_of(case.reference))
    bodies = [json.loads(bytes(entry.body)) for entry in entries]
    names = names_for(actor, case, bodies)
    lines = []
    for entry, body in zip(entries, bodies, strict=True):
        data = json.loads(entry.payload.content or "{}")
        sealed = is_sealed(actor, case, entry.event, body)
        lines.append(
            TimelineLine(
                number=entry.subject_number,
                event=entry.event,
                label=str(data.pop("label", entry.event)),
                at=entry.at,
                actor=names.get(body["actor"], "系统"),
                role=Role(body["role"]).label,
                clause=str(data.pop("clause", "")),
                data={} if sealed else data,
                entry_id=str(entry.id),
                is_sealed=sealed,
            )
        )
    return lines
