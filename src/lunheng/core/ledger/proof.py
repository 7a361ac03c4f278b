"""What is handed out and handed in: the ``.tlog-proof`` of an entry, and the request for a signature or cosignature."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from lunheng.core.ledger.note import NoteError, decode, parse_size
from lunheng.core.ledger.tree import HASH_SIZE

HEAD = "c2sp.org/tlog-proof@v1"
LONGEST = 63
"""Hashes in a path at most."""


@dataclass(frozen=True)
class Receipt:
    """Proof that an entry is in the log: its body, its number (from 0), the path, and the signed checkpoint."""

    body: bytes
    index: int
    path: Sequence[bytes]
    checkpoint: bytes

    def render(self) -> bytes:
        """The file."""
        lines = [HEAD, f"extra {b64encode(self.body).decode()}", f"index {self.index}", *_encoded(self.path)]
        return "\n".join([*lines, "", ""]).encode() + self.checkpoint


@dataclass(frozen=True)
class Extension:
    """What is asked of signer and witnesses: to go on from ``old`` leaves to the checkpoint, by this proof."""

    old: int
    proof: Sequence[bytes]
    checkpoint: bytes

    def render(self) -> bytes:
        """The body of an ``add-checkpoint`` request."""
        return "\n".join([f"old {self.old}", *_encoded(self.proof), "", ""]).encode() + self.checkpoint


def parse_receipt(raw: bytes) -> Receipt:
    """Read a ``.tlog-proof`` whose extra data is the entry's body.

    Raises:
        NoteError: it is not one.
    """
    head, lines, checkpoint = _parts(raw)
    if head != HEAD or len(lines) < 2 or not lines[0].startswith("extra "):
        raise NoteError("the file is no receipt of this log")
    if not lines[1].startswith("index "):
        raise NoteError("the receipt has no index")
    index = parse_size(lines[1].removeprefix("index "))
    return Receipt(decode(lines[0].removeprefix("extra ")), index, _decoded(lines[2:]), checkpoint)


def parse_extension(raw: bytes) -> Extension:
    """Read an ``add-checkpoint`` request.

    Raises:
        NoteError: it is not one.
    """
    head, lines, checkpoint = _parts(raw)
    if not head.startswith("old "):
        raise NoteError("the request does not begin with the old size")
    return Extension(parse_size(head.removeprefix("old ")), _decoded(lines), checkpoint)


def _parts(raw: bytes) -> tuple[str, list[str], bytes]:
    front, separator, checkpoint = raw.partition(b"\n\n")
    if not separator or not front.isascii():
        raise NoteError("an empty line before the checkpoint is missing")
    head, *lines = front.decode().split("\n")
    return head, lines, checkpoint


def _encoded(hashes: Sequence[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in hashes]


def _decoded(lines: Sequence[str]) -> list[bytes]:
    hashes = [decode(line) for line in lines]
    if len(hashes) > LONGEST or any(len(one) != HASH_SIZE for one in hashes):
        raise NoteError("a path has at most 63 hashes of 32 bytes")
    return hashes
