"""Entries for the tests of the log: a file of the ledger without any business around it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings

from lunheng.core.actor import Actor, Role
from lunheng.core.ledger import EMPTY_LEAF
from lunheng.core.ledger.note import COSIGNATURE, LOG
from lunheng.ledger import keys
from lunheng.ledger.append import Line, append
from lunheng.ledger.memory import Memory
from lunheng.ledger.models import Entry
from lunheng.ledger.signer import Signer
from lunheng.ledger.witness import Witness
from tests.conftest import OPENING

ACTOR = Actor("tester", Role.STATION)


Files = Sequence[Mapping[str, str | int]]


def enter(
    count: int = 1, *, subject: str = "CS-0001", at: datetime = OPENING, files: Files = ()
) -> list[Entry]:
    """Append ``count`` entries to one file."""
    return [_enter(subject, at, files) for _ in range(count)]


def _enter(subject: str, at: datetime, files: Files) -> Entry:
    last = Entry.objects.filter(subject=subject).order_by("subject_number").last()
    line = Line(
        subject=subject,
        number=last.subject_number + 1 if last else 1,
        previous=bytes(last.leaf_sha256).hex() if last else EMPTY_LEAF,
        tenant="370200",
        event="trial.noted/1",
        actor=ACTOR,
        at=at,
        data={"note": "虚构"},
        files=files,
    )
    return append(line, recorded_at=at)


def following(folder: Path, *, name: str = "") -> tuple[Signer, Witness]:
    """A signer of the site's log and a witness that knows it, both with empty memories in ``folder``."""
    signer_key = keys.load_or_make(folder / "log.key", name or settings.LEDGER_ORIGIN, LOG)
    witness_key = keys.load_or_make(folder / "witness.key", "witness.example/w1", COSIGNATURE)
    signer = Signer(signer_key, Memory(folder / "signer.json"))
    return signer, Witness(
        witness_key, [signer_key.key], folder / "witness", lambda: int(OPENING.timestamp())
    )
