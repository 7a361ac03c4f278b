"""A witness: remembers the last checkpoint of each log it knows and cosigns only what extends it (C2SP tlog-witness).

The same exchange works over HTTP and by files, for places without a network.
"""

import hashlib
import re
from collections.abc import Callable, Container, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from lunheng.core.ledger.following import NotFollowed, Tip, hashing_of
from lunheng.core.ledger.hashing import SHA256
from lunheng.core.ledger.note import Key, NoteError, parse_checkpoint, parse_note, valid_signatures
from lunheng.core.ledger.proof import parse_extension
from lunheng.ledger.keys import SigningKey, verify
from lunheng.ledger.memory import Memory

ADDRESS = "/add-checkpoint"
LARGEST_REQUEST = 1024 * 1024
LENGTH = re.compile(r"[0-9]{1,9}")
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"


class Witness:
    """Cosigns for the logs whose keys it was given; ``seconds`` tells the Unix time."""

    def __init__(
        self, key: SigningKey, logs: Sequence[Key], folder: Path, seconds: Callable[[], int]
    ) -> None:
        self.key = key
        self.logs = logs
        self.folder = folder
        self.seconds = seconds

    def answer(self, raw: bytes) -> tuple[int, str]:
        """Status and body of one ``add-checkpoint`` request."""
        try:
            return 200, self._cosigned(raw)
        except NotFollowed as refusal:
            return refusal.status, refusal.body
        except NoteError as error:
            return 400, f"{error}\n"

    def memory_of(self, origin: str) -> Memory:
        """What this witness remembers of a log."""
        return memory_of(self.folder, self.logs, origin)

    def _cosigned(self, raw: bytes) -> str:
        request = parse_extension(raw)
        note = parse_note(request.checkpoint)
        checkpoint = parse_checkpoint(note.text)
        keys = [key for key in self.logs if key.name == checkpoint.origin]
        if not keys:
            raise NotFollowed(404, "this witness does not know the log\n")
        if not self._is_signed(request.checkpoint, keys):
            raise NotFollowed(403, "no signature of a key of this log holds\n")
        self.memory_of(checkpoint.origin).follow(request.old, checkpoint, request.proof)
        return str(self.key.sign(note.text, seconds=self.seconds()))

    @staticmethod
    def _is_signed(raw: bytes, keys: Sequence[Key]) -> bool:
        try:
            return bool(valid_signatures(parse_note(raw), keys, verify))
        except NoteError:
            return False


def memory_of(folder: Path, logs: Sequence[Key], origin: str) -> Memory:
    """What the witness in this folder remembers of a log."""
    name = f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.json"
    by = next((hashing_of(key) for key in logs if key.name == origin), SHA256)
    return Memory(folder / name, by)


def begin(folder: Path, logs: Sequence[Key], new: Container[str] | None) -> list[str]:
    """Begin with the logs that are new to the witness, all when None; returns those whose memory is lost."""
    lost = []
    for origin in sorted({key.name for key in logs}):
        memory = memory_of(folder, logs, origin)
        if memory.path.exists():
            continue
        if new is None or origin in new:
            memory.begin(Tip(0, memory.by.empty))
        else:
            lost.append(origin)
    return lost


def server(address: tuple[str, int], witness: Witness) -> ThreadingHTTPServer:
    """The witness over HTTP, listening."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != ADDRESS or not LENGTH.fullmatch(length) or int(length) > LARGEST_REQUEST:
                self._reply(404 if self.path != ADDRESS else 400, "")
                return
            self._reply(*witness.answer(self.rfile.read(int(length))))

        def _reply(self, status: int, body: str) -> None:
            is_size = status == 409
            self.send_response(status)
            self.send_header("Content-Type", SIZE_TYPE if is_size else TEXT_TYPE)
            self.send_header("Content-Length", str(len(body.encode())))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: the memory is the record."""

    return ThreadingHTTPServer(address, Handler)
