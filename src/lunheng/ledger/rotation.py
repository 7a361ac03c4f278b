"""Changing the log's key: the old and the new key sign one statement, and the log itself keeps that it was made.

Afterwards the policy names both keys: what the old one signed stays valid. The old key is renamed, not destroyed;
destroying it is the act of two people, after the entry is cosigned.
"""

import hashlib
from datetime import datetime
from pathlib import Path

from lunheng.core.actor import Actor
from lunheng.core.ledger import EMPTY_LEAF
from lunheng.core.ledger.note import Key, Note, NoteError, parse_key, parse_note, valid_signatures
from lunheng.core.procedures.files import ROTATE_KEY
from lunheng.ledger import disk, keys
from lunheng.ledger.append import Line, append
from lunheng.ledger.models import Entry

EVENT = ROTATE_KEY.event
SUBJECT = "log"
"""The file of the log itself; no case stands behind it."""
NO_DIVISION = "000000"


def prepare(folder: Path, name: str = "key") -> Note:
    """Make a new key beside the present one and sign the statement with both. The old key goes on signing.

    The statement is on the disk before the new key takes its place, so a change that stops halfway is begun anew.
    """
    old = keys.load(folder / name)
    beside = folder / f"{name}.new"
    beside.unlink(missing_ok=True)
    new = keys.load_or_make(beside, old.name, old.algorithm)
    text = f"{old.name}\n{EVENT}\n{old.key}\n{new.key}\n"
    note = Note(text, (old.sign(text), new.sign(text)))
    disk.write(folder / f"rotation-{new.key.identifier.hex()}.note", str(note))
    return note


def activate(folder: Path, name: str = "key") -> None:
    """Let the new key take the place of the old one, which is renamed; a running signer signs with it from now on.

    There is a key in the file at every moment.
    """
    old = keys.load(folder / name).key
    aside = folder / f"{name}.old-{old.identifier.hex()}"
    aside.unlink(missing_ok=True)
    aside.hardlink_to(folder / name)
    (folder / f"{name}.new").replace(folder / name)
    disk.settle(folder)


def read_rotation(raw: bytes) -> tuple[Key, Key]:
    """The old and the new key of a statement that both have signed.

    Raises:
        NoteError: it is no such statement, or a signature is missing or does not hold.
    """
    note = parse_note(raw)
    lines = note.text.split("\n")
    if len(lines) != 5 or lines[1] != EVENT:
        raise NoteError("the note does not tell of a change of keys")
    old, new = parse_key(lines[2]), parse_key(lines[3])
    if {lines[0]} != {old.name, new.name} or old.public == new.public:
        raise NoteError("the keys are not two of this log")
    if len(valid_signatures(note, [old, new], keys.verify)) != 2:
        raise NoteError("both keys have to sign the change")
    return old, new


def enter(raw: bytes, *, origin: str, at: datetime) -> Entry:
    """Enter the change in the log's own file, inside the caller's transaction; the entry commits to the whole note.

    Raises:
        NoteError: it is no change of this log's keys.
    """
    old, new = read_rotation(raw)
    if old.name != origin:
        raise NoteError(f"the keys are of {old.name}, not of {origin}")
    last = Entry.objects.filter(subject=SUBJECT).order_by("subject_number").last()
    line = Line(
        subject=SUBJECT,
        number=last.subject_number + 1 if last else 1,
        previous=bytes(last.leaf_sha256).hex() if last else EMPTY_LEAF,
        tenant=NO_DIVISION,
        event=EVENT,
        actor=Actor.system(),
        at=at,
        data={"old": str(old), "new": str(new)},
        files=[{"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)}],
    )
    return append(line, recorded_at=at)
