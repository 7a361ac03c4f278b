"""The signer: a process of its own that puts the log's name to checkpoints, and is the log's first witness.

It has its own key and its own memory. Whoever asks must show that the new checkpoint extends the last one that was
signed; so neither the database's owner nor a broken program obtains a second history. The exchange over the socket is
an ``add-checkpoint`` request whose checkpoint needs no signature yet; the answer is a status line and then a signature
line or the reason.
"""

import os
import socket
import socketserver
from pathlib import Path

from lunheng.core.ledger.following import NotFollowed
from lunheng.core.ledger.note import NoteError, parse_checkpoint
from lunheng.core.ledger.proof import parse_extension
from lunheng.ledger.keys import SigningKey, load
from lunheng.ledger.memory import Memory

LARGEST_REQUEST = 64 * 1024
PATIENCE = 10.0
"""Seconds to wait for the other side."""


class Signer:
    """Answers requests for one log; ``file`` is where its key lies, looked at again before each signature."""

    def __init__(self, key: SigningKey, memory: Memory, file: Path | None = None) -> None:
        self.key = key
        self.memory = memory
        self.file = file
        self._seen = _version(file)

    def answer(self, raw: bytes) -> tuple[int, str]:
        """Status and body: 200 with a signature line, or why there is none."""
        try:
            self._take_new_key()
            return 200, self._signed(raw)
        except NotFollowed as refusal:
            return refusal.status, refusal.body
        except NoteError as error:
            return 400, f"{error}\n"
        except OSError as error:
            return 500, f"{error}\n"

    def _take_new_key(self) -> None:
        """After a rotation another key lies in the file: it signs from now on."""
        seen = _version(self.file)
        if self.file is None or seen == self._seen:
            return
        key = load(self.file)
        if (key.name, key.algorithm) != (self.key.name, self.key.algorithm):
            raise NoteError(f"the key in the file is that of {key.name}, not of {self.key.name}")
        self.key, self._seen = key, seen

    def _signed(self, raw: bytes) -> str:
        request = parse_extension(raw)
        text = request.checkpoint.decode(errors="replace")
        checkpoint = parse_checkpoint(text)
        if checkpoint.origin != self.key.name:
            raise NotFollowed(404, "this signer signs for another log\n")
        self.memory.follow(request.old, checkpoint, request.proof)
        return str(self.key.sign(text))


class Signers:
    """Several logs behind one socket: whoever knows the checkpoint's origin answers."""

    def __init__(self, *signers: Signer) -> None:
        self.signers = signers

    def answer(self, raw: bytes) -> tuple[int, str]:
        """Status and body."""
        for signer in self.signers:
            status, body = signer.answer(raw)
            if status != 404:
                break
        return status, body


def _version(file: Path | None) -> tuple[int, int]:
    """Tells whether a file is another than before."""
    if file is None:
        return 0, 0
    found = file.stat()
    return found.st_ino, found.st_mtime_ns


class _Handler(socketserver.StreamRequestHandler):
    timeout = PATIENCE

    def handle(self) -> None:
        raw = self.rfile.read(LARGEST_REQUEST)
        status, body = self.server.signer.answer(raw)  # type: ignore[attr-defined]
        self.wfile.write(f"{status}\n{body}".encode())


class SignerServer(socketserver.UnixStreamServer):
    """Listens on a socket that only its owner and group may open; one request after another."""

    def __init__(self, path: Path, signer: Signer | Signers) -> None:
        self.signer = signer
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        before = os.umask(0o117)
        try:
            super().__init__(str(path), _Handler)
        finally:
            os.umask(before)


def ask(path: Path, raw: bytes) -> tuple[int, str]:
    """Ask the signer behind the socket; status and body.

    Raises:
        OSError: nobody listens, or nobody answers in time.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE)
        connection.connect(str(path))
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as file:
            status, _, body = file.read(LARGEST_REQUEST).decode().partition("\n")
    if not status.isdigit():
        raise ConnectionError("the signer gave no answer")
    return int(status), body
