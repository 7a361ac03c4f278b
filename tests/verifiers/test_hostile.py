"""What a stranger hands over, or a server answers, ends a check with one of its five codes: never with a traceback."""

import json
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lunheng.verifiers import verify_draw, verify_ledger
from tests.verifiers.ledger_javascript import by_javascript, by_python, check_agreement
from tests.verifiers.ledger_site import (
    POLICY,
    changed,
    paper_log,
    put,
    with_body,
    zipped,
)

LOG = paper_log(3)


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """Log and both witnesses."""
    return put(tmp_path / "policy.txt", POLICY.encode())


@contextmanager
def answering(raw: bytes) -> Iterator[str]:
    """A server that answers one request so, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_answer, args=(listening, raw))
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join(10)


def _answer(listening: socket.socket, raw: bytes) -> None:
    caller, _ = listening.accept()
    with caller:
        caller.recv(65_536)
        try:
            caller.sendall(raw)
        except OSError:
            return


ANSWERS = {
    "half of what was promised": b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nlog.example",
    "not in the protocol": b"hello\r\n\r\n",
    "nothing": b"",
    "a chunk without end": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\nx",
    "a line without end": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_a_server_does_not_finish_is_missing(case: str, policy: Path) -> None:
    with answering(ANSWERS[case]) as address:
        found = by_python(["checkpoint", f"{address}/checkpoint", "--policy", policy])
    assert found.code == 4


@pytest.mark.parametrize("address", ["http://[", "http://a b/", "http://127.0.0.1:99999/", "http://\n"])
def test_an_address_that_is_none_gives_nothing(address: str, policy: Path) -> None:
    assert by_python(["checkpoint", address, "--policy", policy]).code == 4


def test_a_server_that_never_ends_is_not_heard_out(policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_ledger, "LARGEST_FILE", 1_000)
    with answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2_000) as address:
        found = by_python(["checkpoint", f"{address}/checkpoint", "--policy", policy])
    assert (found.code, "过大" in found.said) == (4, True)


def test_a_case_without_a_reference_is_no_case_file(tmp_path: Path) -> None:
    manifest = {"format": "lunheng-case-file/1", "case": {"entries": 0}, "files": []}
    file = put(tmp_path / "case.zip", zipped(manifest, {}))
    assert check_agreement([["case", file]]) == [2]


@pytest.mark.parametrize("path", ["\ud800", "\x1b[2J", "甲\n归档文件前后一致"])
def test_what_a_file_is_called_is_told_in_one_line_without_commands(path: str, tmp_path: Path) -> None:
    manifest = {
        "format": "lunheng-case-file/1",
        "case": {"reference": "CS-0001", "entries": 0},
        "files": [{"path": path, "sha256": "0" * 64}],
    }
    file = put(tmp_path / "case.zip", zipped(manifest, {}))
    done = subprocess.run(
        [sys.executable, verify_ledger.__file__, "case", str(file)], capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout.count("\n"), "\x1b" in done.stdout) == (4, 1, False)
    assert by_javascript([["case", file]])[0] == by_python(["case", file])


def test_an_entry_cannot_write_lines_of_its_own_into_the_finding(policy: Path, tmp_path: Path) -> None:
    body = changed(LOG.bodies[0], subject="CS-0001\n见证 9 个\x1b[1m")
    log = with_body(LOG, 0, body)
    file = put(tmp_path / "receipt.tlog-proof", log.receipt(0, 3))
    assert check_agreement([["receipt", file, "--policy", policy]]) == [0]
    said = by_python(["receipt", file, "--policy", policy]).said
    assert (len(said.split("\n")), "\x1b" in said) == (2, False)


def test_a_terminal_that_lacks_our_letters_still_gets_the_code(policy: Path, tmp_path: Path) -> None:
    file = put(tmp_path / "receipt.tlog-proof", LOG.receipt(0, 3))
    done = subprocess.run(
        [sys.executable, verify_ledger.__file__, "receipt", str(file), "--policy", str(policy)],
        capture_output=True,
        env={"PYTHONIOENCODING": "cp1252"},
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_draw_is_told_on_a_terminal_that_lacks_our_letters(tmp_path: Path) -> None:
    file = put(tmp_path / "record.json", b"{}")
    done = subprocess.run(
        [sys.executable, verify_draw.__file__, str(file)],
        capture_output=True,
        env={"PYTHONIOENCODING": "cp1252"},
    )
    assert (done.returncode, done.stderr) == (2, b"")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_case_file_is_packed_as_the_platform_packs_it(method: int, tmp_path: Path) -> None:
    manifest = {"format": "lunheng-case-file/1", "case": {"reference": "CS-0001", "entries": 0}, "files": []}
    file = tmp_path / "case.zip"
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
    assert check_agreement([["case", file]]) == [2]
