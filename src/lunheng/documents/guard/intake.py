"""From received bytes to a row: guarded, stored, then told to the database."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from lunheng.core.actor import Actor
from lunheng.core.errors import Refused, require
from lunheng.documents import store
from lunheng.documents.guard import LARGEST, examine, size_verdict
from lunheng.documents.guard.names import clean_name, extension_of
from lunheng.documents.models import Document
from lunheng.documents.permissions import may_upload


class TooLarge(Refused):
    """The file passed the limit while it was still coming in."""


def receive(name: str, chunks: Iterable[bytes], *, actor: Actor, at: datetime, kind: str = "") -> Document:
    """Take one uploaded file: counted while it comes in, looked through, stored on the disk, then recorded.

    Raises:
        Busy: there is no room for looking through it now.
        Refused: the actor may not upload, or the guard found a fault.
    """
    require(may_upload(actor))
    part, rewritten = store.new_part(), store.new_part()
    try:
        _fill(part, chunks, extension_of(clean_name(name)))
        found = examine(name, part, rewritten)
        shown = store.put_file(found.rendition) if found.rendition else ""
        digest = store.put_file(found.path)
        return Document.objects.create(
            sha256=digest,
            shown_sha256=shown,
            name=found.name,
            media_type=found.media_type,
            kind=kind if kind in Document.Kind.values else Document.Kind.OTHER,
            size=found.size,
            pages=found.pages,
            uploaded_by=actor.reference,
            uploaded_organization=actor.organization,
            uploaded_at=at,
        )
    finally:
        part.unlink(missing_ok=True)
        rewritten.unlink(missing_ok=True)


def _fill(part: Path, chunks: Iterable[bytes], kind: str) -> None:
    size = 0
    with part.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            verdict = size_verdict(kind, size)
            if not verdict.is_allowed:
                raise TooLarge(verdict) if size > LARGEST else Refused(verdict)
            file.write(chunk)
