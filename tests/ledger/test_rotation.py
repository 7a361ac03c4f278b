"""The key changes, the history does not: both keys sign, the log keeps it, and the signer goes on where it was."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from lunheng.core.ledger.note import LOG, Key, Note, NoteError, parse_note
from lunheng.ledger import keys
from lunheng.ledger.memory import Memory
from lunheng.ledger.publisher import NotSigned
from lunheng.ledger.queries import faults_of
from lunheng.ledger.rotation import SUBJECT, activate, enter, prepare, read_rotation
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


def rotated(folder: Path) -> Note:
    """The whole change, without the entry."""
    note = prepare(folder)
    activate(folder)
    return note


def test_both_keys_sign_the_change(folder: Path) -> None:
    old = keys.load(folder / "key").key
    note = rotated(folder)
    new = keys.load(folder / "key").key
    kept = keys.load(folder / f"key.old-{old.identifier.hex()}").key
    assert (read_rotation(str(note).encode()), kept, old == new) == ((old, new), old, False)


def test_the_log_keeps_the_change(folder: Path) -> None:
    raw = str(rotated(folder)).encode()
    again = str(rotated(folder)).encode()
    entries = [enter(one, origin=settings.LEDGER_ORIGIN, at=OPENING) for one in (raw, again)]
    bodies = [json.loads(bytes(entry.body)) for entry in entries]
    assert [(body["type"], body["n"], body["files"][0]["size"]) for body in bodies] == [
        ("log.key/1", 1, len(raw)),
        ("log.key/1", 2, len(again)),
    ]
    assert faults_of(SUBJECT) == []


def test_a_change_that_one_key_has_not_signed_is_not_entered(folder: Path) -> None:
    note = rotated(folder)
    for signature in note.signatures:
        with pytest.raises(NoteError, match="both keys"):
            read_rotation(str(Note(note.text, (signature,))).encode())


def test_a_change_of_another_log_is_not_entered(tmp_path: Path) -> None:
    keys.load_or_make(tmp_path / "key", "other.example/ledger", LOG)
    raw = str(rotated(tmp_path)).encode()
    with pytest.raises(NoteError, match=r"other\.example"):
        enter(raw, origin=settings.LEDGER_ORIGIN, at=OPENING)


@pytest.mark.parametrize(("old", "new"), [("log.key/1", "log.key/2"), ("\nlunheng", "\nmore\nlunheng")])
def test_what_is_no_change_of_keys_is_refused(old: str, new: str, folder: Path) -> None:
    note = rotated(folder)
    text = note.text.replace(old, new, 1)
    key = keys.load(folder / "key")
    with pytest.raises(NoteError, match="change of keys"):
        read_rotation(str(Note(text, (key.sign(text),))).encode())


def believe(site: Site, key: Key) -> None:
    """Add a line to the policy."""
    site.policy.write_text(f"log {key}\n{site.policy.read_text('utf-8')}", "utf-8")


def signed_by(site: Site, count: int) -> bytes:
    """So many more acts; the identifier of the key under the checkpoint over them."""
    enter_acts(count)
    checkpoint = site.publish()
    assert checkpoint is not None
    (signature,) = parse_note(checkpoint.note.encode()).signatures
    return signature.key


@pytest.fixture
def running(site: Site, tmp_path: Path) -> Site:
    """A signer that runs on while its key changes."""
    (tmp_path / "log.key").rename(tmp_path / "key")
    key = keys.load(tmp_path / "key")
    site.signer = Signer(key, Memory(tmp_path / "signer.json"), tmp_path / "key")
    return site


def test_a_running_signer_signs_with_the_new_key_as_soon_as_it_is_there(
    running: Site, tmp_path: Path
) -> None:
    old = running.signer.key.key
    assert signed_by(running, 3) == old.identifier
    _, new = read_rotation(str(prepare(tmp_path)).encode())
    believe(running, new)
    assert signed_by(running, 2) == old.identifier
    activate(tmp_path)
    assert (signed_by(running, 2), running.signer.memory.tip().size) == (new.identifier, 7)


def test_a_change_that_stopped_halfway_is_begun_anew(running: Site, tmp_path: Path) -> None:
    prepare(tmp_path)
    _, new = read_rotation(str(rotated(tmp_path)).encode())
    believe(running, new)
    assert signed_by(running, 1) == new.identifier


def test_a_key_of_another_name_in_the_place_of_the_old_one_signs_nothing(
    running: Site, tmp_path: Path
) -> None:
    keys.load_or_make(tmp_path / "other", "other.example/ledger", LOG)
    (tmp_path / "other").replace(tmp_path / "key")
    with pytest.raises(NotSigned, match=r"400.*other\.example"):
        signed_by(running, 1)


def test_a_key_that_others_may_read_signs_nothing(running: Site, tmp_path: Path) -> None:
    rotated(tmp_path)
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(NotSigned, match=r"500.*0600"):
        signed_by(running, 1)
