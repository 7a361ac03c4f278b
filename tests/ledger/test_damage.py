"""What is damaged, missing or half written is told, or mended; it never stops whoever looks, and never stays for ever."""

import os
import socket
import stat
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from lunheng.core.ledger.note import LOG
from lunheng.ledger import keys, publisher, triggers
from lunheng.ledger.memory import Memory
from lunheng.ledger.models import Entry, Payload
from lunheng.ledger.queries import faults_of
from lunheng.ledger.rotation import activate, prepare
from lunheng.ledger.witness import server as witness_server
from lunheng.verifiers import verify_ledger
from tests.ledger.conftest import Site
from tests.ledger.factory import enter

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def damage() -> None:
    """Somebody with the database's own rights has taken its guards away."""
    triggers.drop(connection)


@pytest.mark.usefixtures("damage")
@pytest.mark.parametrize("body", [b"{}", b"\xff", b"[" * 5_000])
def test_a_body_that_is_none_is_told_with_all_other_faults(body: bytes) -> None:
    first, second, third = enter(3)
    Entry.objects.filter(pk=first.pk).update(body=body)
    Payload.objects.filter(pk=third.pk).update(content="{}")
    assert [(fault.number, fault.reason[:16]) for fault in faults_of(second.subject)] == [
        (1, faults_of(second.subject)[0].reason[:16]),
        (2, "prev is '" + first_leaf(first)),
        (3, "the payload is n"),
    ]


def first_leaf(entry: Entry) -> str:
    return bytes(entry.leaf_sha256).hex()[:7]


@pytest.mark.usefixtures("damage")
def test_a_content_that_is_gone_is_told() -> None:
    first, _ = enter(2)
    Payload.objects.filter(pk=first.pk).delete()
    assert [(fault.number, fault.reason) for fault in faults_of(first.subject)] == [
        (1, "the payload is missing")
    ]


@pytest.mark.parametrize("kept", ["{", "{}", "[]", '{"size": 1}', '{"size": 1, "root": 2}', "null"])
def test_a_memory_that_cannot_be_read_is_no_empty_one(kept: str, tmp_path: Path) -> None:
    memory = Memory(tmp_path / "state.json")
    memory.path.write_text(kept)
    with pytest.raises(ValueError):
        memory.tip()


def test_an_export_that_was_interrupted_is_made_whole_by_the_next(site: Site, tmp_path: Path) -> None:
    enter(300)
    site.cosign(site.publish())  # type: ignore[arg-type]
    folder = tmp_path / "copy"
    with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr(Path, "write_bytes", half_written)
        publisher.export(folder)
    publisher.export(folder)
    assert verify_ledger.main(["audit", str(folder), "--policy", str(site.policy)]) == 0
    assert [file.name for file in folder.rglob("*.new")] == []


def half_written(file: Path, content: bytes) -> int:
    with file.open("wb") as opened:
        opened.write(content[: len(content) // 2])
    raise OSError("the disk is full")


def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Kind of everything that is brought to the disk from now on, in order."""
    found: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        found.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    return found


def test_a_new_key_and_its_place_in_the_folder_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = synced(monkeypatch)
    keys.load_or_make(tmp_path / "key", settings.LEDGER_ORIGIN, LOG)
    assert found == ["file", "folder"]


def test_a_change_of_keys_is_on_the_disk_at_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.load_or_make(tmp_path / "key", settings.LEDGER_ORIGIN, LOG)
    found = synced(monkeypatch)
    prepare(tmp_path)
    assert found == ["file", "folder"] * 2
    activate(tmp_path)
    assert found == ["file", "folder"] * 2 + ["folder"]


@pytest.mark.parametrize("length", ["²", "٣", "-1", "+1", "1_0", "", "9" * 5_000])
def test_a_witness_answers_whatever_length_it_is_told(length: str, site: Site) -> None:
    listening = witness_server(("127.0.0.1", 0), site.witness)
    thread = threading.Thread(target=listening.handle_request)
    thread.start()
    with socket.create_connection(("127.0.0.1", listening.server_port)) as caller:
        request = f"POST /add-checkpoint HTTP/1.0\r\nContent-Length: {length}\r\n\r\n"
        caller.sendall(request.encode())
        answer = caller.makefile("rb").readline()
    thread.join(10)
    listening.server_close()
    assert answer == b"HTTP/1.0 400 Bad Request\r\n"
