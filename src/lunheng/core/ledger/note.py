"""Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature): text, keys, signature lines.

How a signature is made and checked is given from outside (``Verify``); this module knows the bytes.
"""

import binascii
import hashlib
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lunheng.core.ledger.tree import HASH_SIZE

LOG = 0x01
"""Ed25519 over the text: the log's own signature."""
COSIGNATURE = 0x04
"""Ed25519 over time and text: a witness's cosignature/v1."""
SM2 = 0xFF
"""SM2 with SM3 over the text (GB/T 32918), the log's own signature in its second tree; the value is r ‖ s."""
KINDS = {LOG: b"\x01", COSIGNATURE: b"\x04", SM2: b"\xffsm2-sm3/1"}
"""How keys write their algorithm; 0xff is the format's escape, followed by a name."""
PUBLIC_SIZE = {LOG: 32, COSIGNATURE: 32, SM2: 64}
SIGNATURE_SIZE = {LOG: 64, COSIGNATURE: 72, SM2: 64}
OF_LOGS = (LOG, SM2)
END_OF_CALENDAR = 253_402_300_800
"""Unix time of the first moment that needs five digits for its year."""
LARGEST_NOTE = 1_000_000
DASH = "\u2014 "

Verify = Callable[[bytes, bytes, bytes], bool]
"""Whether (public key, signature, message) belong together: by Ed25519, or by SM2 when the key has 64 bytes."""


class NoteError(ValueError):
    """The bytes are no note, checkpoint or key of the format; the message says why."""


@dataclass(frozen=True)
class Key:
    """Who may sign: a name, an algorithm and a public key (32 bytes, or the 64 of an SM2 point)."""

    name: str
    algorithm: int
    public: bytes

    @property
    def identifier(self) -> bytes:
        """The four bytes by which signatures name their key."""
        return hashlib.sha256(f"{self.name}\n".encode() + KINDS[self.algorithm] + self.public).digest()[:4]

    def __str__(self) -> str:
        encoded = b64encode(KINDS[self.algorithm] + self.public).decode()
        return f"{self.name}+{self.identifier.hex()}+{encoded}"


@dataclass(frozen=True)
class Signature:
    """One signature line: name, key identifier and what the algorithm puts behind it."""

    name: str
    key: bytes
    value: bytes

    @property
    def moment(self) -> datetime:
        """When a cosignature says that it was made, in whole seconds.

        Raises:
            NoteError: no calendar has such a moment.
        """
        seconds = int.from_bytes(self.value[:8], "big")
        if seconds >= END_OF_CALENDAR:
            raise NoteError("the cosignature's moment is beyond the calendar")
        return datetime.fromtimestamp(seconds, UTC)

    def __str__(self) -> str:
        return f"{DASH}{self.name} {b64encode(self.key + self.value).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text (ending in a newline) and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(str(one) for one in self.signatures)}"


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its origin, how many entries it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def parse_key(line: str) -> Key:
    """A verification key as people exchange it (``name+identifier+base64``).

    Raises:
        NoteError: it is not one, or its identifier is another.
    """
    name, _, rest = line.partition("+")
    identifier, _, encoded = rest.partition("+")
    raw = decode(encoded)
    algorithm, public = split_kind(raw)
    if not is_name(name) or len(public) != PUBLIC_SIZE.get(algorithm):
        raise NoteError(f"{line!r} is no verification key")
    key = Key(name, algorithm, public)
    if key.identifier.hex() != identifier:
        raise NoteError(f"the identifier of the key of {name} is {key.identifier.hex()}")
    return key


def split_kind(raw: bytes) -> tuple[int, bytes]:
    """Algorithm and key of what keys are written as; algorithm 0 when nobody knows it."""
    for algorithm, kind in KINDS.items():
        if raw.startswith(kind):
            return algorithm, raw[len(kind) :]
    return 0, raw


def parse_note(raw: bytes) -> Note:
    """A note and its signature lines, none of them checked.

    Raises:
        NoteError: not UTF-8, control characters, no blank line, no or malformed signatures.
    """
    text, separator, lines = _decoded(raw).rpartition("\n\n")
    if not separator or not lines.endswith("\n"):
        raise NoteError("a note is a text, an empty line and signature lines")
    return Note(f"{text}\n", tuple(parse_signatures(lines)))


def parse_signatures(lines: str) -> list[Signature]:
    """Signature lines, each ended by a newline.

    Raises:
        NoteError: a malformed line, none at all, or more than a hundred.
    """
    if not lines.endswith("\n") or lines.count("\n") > 100:
        raise NoteError("a note has one to a hundred signature lines")
    return [_parse_signature(line) for line in lines[:-1].split("\n")]


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    raw = decode(encoded)
    if not line.startswith(DASH) or not is_name(name) or len(raw) < 5:
        raise NoteError(f"{line[:80]!r} is no signature line")
    return Signature(name, raw[:4], raw[4:])


def parse_checkpoint(text: str) -> Checkpoint:
    """The three lines of a checkpoint; no others are part of this log's format.

    Raises:
        NoteError: another number of lines, a size that is not written shortest, a root of other length.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise NoteError("a checkpoint has an origin, a size and a root")
    root = decode(lines[2])
    if len(root) != HASH_SIZE:
        raise NoteError("the root has not 32 bytes")
    return Checkpoint(lines[0], parse_size(lines[1]), root)


def parse_size(text: str) -> int:
    """A number of leaves in its shortest decimal form, below 2**63.

    Raises:
        NoteError: any other spelling.
    """
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) >= 2**63:
        raise NoteError(f"{text[:40]!r} is no size")
    return int(text)


def decode(text: str) -> bytes:
    """Standard base64 with padding, in the one spelling that encodes its bytes.

    Raises:
        NoteError: any other spelling.
    """
    try:
        raw = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError(f"{text[:40]!r} is no base64") from error
    if b64encode(raw).decode() != text:
        raise NoteError(f"{text[:40]!r} is not how base64 spells these bytes")
    return raw


def is_name(name: str) -> bool:
    """Whether a key may be called so: not empty, no spaces, no plus sign."""
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


def signed_bytes(algorithm: int, text: str, value: bytes) -> bytes:
    """What the signature in ``value`` covers: the text, for a cosignature after the time that stands in ``value``."""
    if algorithm in OF_LOGS:
        return text.encode()
    return f"cosignature/v1\ntime {int.from_bytes(value[:8], 'big')}\n{text}".encode()


def valid_signatures(note: Note, keys: Sequence[Key], verify: Verify) -> list[tuple[Key, Signature]]:
    """The signatures of known keys that hold. Unknown keys are passed over.

    Raises:
        NoteError: a signature of a known key does not hold, or a key signed twice.
    """
    known = {(key.name, key.identifier): key for key in keys}
    found: dict[Key, Signature] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key))
        if key is None:
            continue
        if key in found:
            raise NoteError(f"{key.name} signed twice")
        if not holds(key, note.text, signature.value, verify):
            raise NoteError(f"the signature of {key.name} does not hold")
        found[key] = signature
    return list(found.items())


def holds(key: Key, text: str, value: bytes, verify: Verify) -> bool:
    """Whether ``value`` is the signature of ``key`` under ``text``."""
    if len(value) != SIGNATURE_SIZE[key.algorithm]:
        return False
    return verify(key.public, value[-64:], signed_bytes(key.algorithm, text, value))


def _decoded(raw: bytes) -> str:
    if len(raw) > LARGEST_NOTE:
        raise NoteError("the note is too long")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise NoteError("the note is not UTF-8") from error
    if any((ord(character) < 0x20 and character != "\n") or character == "\x7f" for character in text):
        raise NoteError("the note holds control characters")
    return text
