"""The timeline of a file, as its reader may know it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lunheng.cases.models import Case
from lunheng.cases.sealing import is_sealed, names_for
from lunheng.core.actor import Actor, Role
from lunheng.core.events import words_of
from lunheng.ledger.queries import entries_of
from lunheng.ledger.receipts import Standing, digits_of, signed_size, standing


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
    digits: str
    log_number: int | None
    is_signed: bool
    is_sealed: bool = False
    is_erased: bool = False

    @property
    def who(self) -> str:
        """Name and role, where they differ."""
        return self.actor if self.actor == self.role else f"{self.actor} · {self.role}"

    @property
    def proof(self) -> str:
        """待签发, or 已签发 with the number in the log."""
        return Standing(self.log_number, self.is_signed).words


def timeline(case: Case, actor: Actor | None = None) -> list[TimelineLine]:
    """Who did what, when and by which clause, oldest first (three queries and the names), as far as ``actor`` may know it yet."""
    entries = list(entries_of(case.reference).select_related("payload", "sequence"))
    covered = signed_size()
    bodies = [json.loads(bytes(entry.body)) for entry in entries]
    names = names_for(actor, case, bodies)
    lines = []
    for entry, body in zip(entries, bodies, strict=True):
        data = json.loads(entry.payload.content or "{}")
        data.pop("judgement", None)
        sealed = is_sealed(actor, case, entry.event, body)
        place = standing(entry, covered)
        lines.append(
            TimelineLine(
                number=entry.subject_number,
                event=entry.event,
                label=str(data.pop("label", words_of(entry.event))),
                at=entry.at,
                actor=names.get(body["actor"], "系统"),
                role=Role(body["role"]).label,
                clause=str(data.pop("clause", "")),
                data={} if sealed else data,
                entry_id=str(entry.id),
                digits=digits_of(entry),
                log_number=place.number,
                is_signed=place.is_signed,
                is_sealed=sealed,
                is_erased=entry.payload.erased_at is not None,
            )
        )
    return lines
