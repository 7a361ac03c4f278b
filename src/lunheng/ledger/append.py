"""The only ways into the ledger: ``append`` for one file, ``append_many`` for many at once."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings

from lunheng.core.actor import Actor
from lunheng.core.ledger import Body, canonical, commitment, leaf_hash, make_body, uuid7
from lunheng.core.ledger.canonical import JsonValue, composed
from lunheng.ledger.clocks import require_in_bounds
from lunheng.ledger.models import Entry, Payload, RowState
from lunheng.ledger.rows import Head, Record, write


@dataclass(frozen=True)
class Line:
    """What is to be entered in one file; the caller holds that file's lock.

    ``number`` and ``previous`` (hex leaf) come from the locked row, so two lines never take one place; that row, where
    there is one, is ``head`` and goes along with the entry.
    """

    subject: str
    number: int
    previous: str
    tenant: str
    event: str
    actor: Actor
    at: datetime
    data: Mapping[str, JsonValue]
    files: Sequence[Mapping[str, str | int]] = ()
    refs: Sequence[UUID] = field(default_factory=tuple)
    identifier: UUID | None = None
    head: Head | None = None

    def entry(self, recorded_at: datetime) -> Entry:
        """The entry of this line as far as it is known before its body is."""
        return Entry(
            id=self.identifier or new_identifier(recorded_at),
            subject=self.subject,
            subject_number=self.number,
            event=self.event,
            at=self.at,
            recorded_at=recorded_at,
        )


def new_identifier(recorded_at: datetime) -> UUID:
    """An identifier for an entry of this moment."""
    return uuid7(recorded_at, secrets.token_bytes(10))


def append(line: Line, *, recorded_at: datetime, states: Sequence[RowState] = ()) -> Entry:
    """Enter one line inside the caller's transaction, with the states of the rows that it binds.

    Raises:
        Refused: the server's clock is out of the bounds that checkpoints and witnesses draw.
    """
    return append_many([line], recorded_at=recorded_at, states=states)[0]


def append_many(
    lines: Iterable[Line], *, recorded_at: datetime, states: Sequence[RowState] = ()
) -> list[Entry]:
    """Enter lines of different files at once, inside the caller's transaction; refused as ``append`` is.

    ``states`` are of the first line's entry.
    """
    require_in_bounds(recorded_at)
    records = [_prepare(line, recorded_at) for line in lines]
    write(records, states)
    return [record.entry for record in records]


def _prepare(line: Line, recorded_at: datetime) -> Record:
    entry = line.entry(recorded_at)
    salt = secrets.token_bytes(32)
    content = canonical(composed({**line.data, "at": line.at.isoformat()}))
    body = make_body(
        Body(
            log=settings.LEDGER_ORIGIN,
            id=str(entry.id),
            at=recorded_at,
            tenant=line.tenant,
            type=line.event,
            subject=line.subject,
            n=line.number,
            prev=line.previous,
            actor=line.actor.reference,
            role=line.actor.role.value,
            auth=line.actor.auth,
            req=line.actor.request,
            pay=commitment(salt, content),
            files=line.files,
            refs=[str(reference) for reference in line.refs],
        )
    )
    entry.body, entry.leaf_sha256 = body, leaf_hash(body)
    return Record(entry, Payload(entry_id=entry.id, salt=salt, content=content.decode()), line.head)
