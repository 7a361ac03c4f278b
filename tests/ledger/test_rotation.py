"""The key changes, the history does not: both keys sign, the log keeps it, and the signer goes on where it was."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from lunheng.core.ledger.note import LOG, Note, NoteError, parse_note
from lunheng.ledger import keys
from lunheng.ledger.memory import Memory
from lunheng.ledger.queries import faults_of
from lunheng.ledger.rotation import SUBJECT, enter, read_rotation, rotate
from lunheng.ledger.signer import Signer
from tests.conftest import OPENING
from tests.ledger.conftest import Site
from tests.ledger.factory import enter as enter_acts

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A signer's folder with a key."""
    keys.load_or_make(tmp_path / "signer" / "key", settings.LEDGER_ORIGIN, LOG)
    return tmp_path / "signer"


def test_both_keys_sign_the_change(folder: Path) -> None:
    old = keys.load(folder / "key").key
    note = rotate(folder)
    new = keys.load(folder / "key").key
    kept = keys.load(folder / f"key.old-{old.identifier.hex()}").key
    assert (read_rotation(str(note).encode()), kept, old == new) == ((old, new), old, False)


def test_the_log_keeps_the_change(folder: Path) -> None:
    raw = str(rotate(folder)).encode()
    again = str(rotate(folder)).encode()
    entries = [enter(one, origin=settings.LEDGER_ORIGIN, at=OPENING) for one in (raw, again)]
    bodies = [json.loads(bytes(entry.body)) for entry in entries]
    assert [(body["type"], body["n"], body["files"][0]["size"]) for body in bodies] == [
        ("log.key/1", 1, len(raw)),
        ("log.key/1", 2, len(again)),
    ]
    assert faults_of(SUBJECT) == []


def test_a_change_that_one_key_has_not_signed_is_not_entered(folder: Path) -> None:
    note = rotate(folder)
    for signature in note.signatures:
        with pytest.raises(NoteError, match="both keys"):
            read_rotation(str(Note(note.text, (signature,))).encode())


def test_a_change_of_another_log_is_not_entered(tmp_path: Path) -> None:
    keys.load_or_make(tmp_path / "key", "other.example/ledger", LOG)
    raw = str(rotate(tmp_path)).encode()
    with pytest.raises(NoteError, match=r"other\.example"):
        enter(raw, origin=settings.LEDGER_ORIGIN, at=OPENING)


@pytest.mark.parametrize(("old", "new"), [("log.key/1", "log.key/2"), ("\nlunheng", "\nmore\nlunheng")])
def test_what_is_no_change_of_keys_is_refused(old: str, new: str, folder: Path) -> None:
    note = rotate(folder)
    text = note.text.replace(old, new, 1)
    key = keys.load(folder / "key")
    with pytest.raises(NoteError, match="change of keys"):
        read_rotation(str(Note(text, (key.sign(text),))).encode())


def test_the_signer_goes_on_with_the_new_key(site: Site, tmp_path: Path) -> None:
    enter_acts(3)
    assert site.publish() is not None
    (tmp_path / "log.key").rename(tmp_path / "key")
    rotate(tmp_path)
    new = keys.load(tmp_path / "key")
    head = site.policy.read_text("utf-8")
    site.policy.write_text(f"log {new.key}\n{head}", "utf-8")
    site.signer = Signer(new, Memory(tmp_path / "signer.json"))
    enter_acts(2)
    checkpoint = site.publish()
    assert checkpoint is not None
    (signature,) = parse_note(checkpoint.note.encode()).signatures
    assert (checkpoint.size, signature.key) == (5, new.key.identifier)
