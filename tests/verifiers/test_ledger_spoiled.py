"""No file that was spoiled on its way, or forged without the keys, is believed; and every one is refused politely.

Receipts and checkpoints by the carry-away verifier; proofs, notes and cosignatures by what signer and witnesses use.
"""

from __future__ import annotations

import contextlib
import functools
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lunheng.core.draw import Stream
from lunheng.core.ledger import leaf_hash
from lunheng.core.ledger.note import (
    NoteError,
    Signature,
    parse_checkpoint,
    parse_note,
    parse_signatures,
    valid_signatures,
)
from lunheng.core.ledger.proof import parse_extension, parse_receipt
from lunheng.core.ledger.tree import ProofError, verify_consistency, verify_inclusion
from lunheng.ledger.keys import verify
from lunheng.verifiers import verify_ledger
from tests.verifiers.ledger_site import LOG_KEY, ORIGIN, POLICY, WITNESSES, paper_log, put
from tests.verifiers.ledger_spoiling import BLIND, Spoil, other_checkpoint, other_key, spoiled

SIZE, OLD, INDEX = 40, 13, 21
LOG = paper_log(SIZE)
KEYS = [LOG_KEY.key, *(one.key for one in WITNESSES)]
OLD_ROOT = parse_checkpoint(LOG.checkpoint(OLD).decode().partition("\n\n")[0] + "\n").root
Believed = Callable[[bytes], bool]


class Refused(Exception):
    """By one of the ways a file may be refused."""


def signed_by_all(raw: bytes) -> tuple[int, bytes]:
    """Size and root of a checkpoint that log and both witnesses signed."""
    note = parse_note(raw)
    statement = parse_checkpoint(note.text)
    if statement.origin != ORIGIN or len(valid_signatures(note, KEYS, verify)) < len(KEYS):
        raise Refused
    return statement.size, statement.root


def receipt_holds(raw: bytes) -> bool:
    """A receipt, as the platform reads it."""
    receipt = parse_receipt(raw)
    size, root = signed_by_all(receipt.checkpoint)
    verify_inclusion(receipt.index, size, leaf_hash(receipt.body), receipt.path, root)
    return True


def checkpoint_holds(raw: bytes) -> bool:
    """A checkpoint, as the platform reads it."""
    return bool(signed_by_all(raw))


def extension_holds(raw: bytes) -> bool:
    """A request to a witness that remembers the log at its old size."""
    extension = parse_extension(raw)
    if extension.old != OLD:
        raise Refused
    size, root = signed_by_all(extension.checkpoint)
    verify_consistency(OLD, size, extension.proof, OLD_ROOT, root)
    return True


TEXT = LOG.checkpoint(SIZE).decode().partition("\n\n")[0] + "\n"
COSIGNATURES = "".join(str(one.sign(TEXT, seconds=1_764_000_000)) for one in WITNESSES).encode()


def cosignatures_hold(raw: bytes) -> bool:
    """What witnesses send back: one line each."""
    try:
        lines = parse_signatures(raw.decode())
    except UnicodeDecodeError as error:
        raise Refused from error
    return len(valid_signatures(parse_note(f"{TEXT}\n{joined(lines)}".encode()), KEYS[1:], verify)) == 2


def joined(lines: list[Signature]) -> str:
    """As a note holds them."""
    return "".join(str(one) for one in lines)


KEY, OTHER = other_key(LOG, SIZE), other_checkpoint(LOG, (SIZE - 1, 20, OLD))
SUBJECTS: dict[str, tuple[bytes, Believed, tuple[Spoil, ...]]] = {
    "receipt": (LOG.receipt(INDEX, SIZE), receipt_holds, (*BLIND, KEY, OTHER)),
    "checkpoint": (LOG.checkpoint(SIZE), checkpoint_holds, (*BLIND, KEY)),
    "extension": (LOG.extension(OLD, SIZE), extension_holds, (*BLIND, KEY, OTHER)),
    "cosignatures": (
        COSIGNATURES,
        cosignatures_hold,
        tuple(one for one in BLIND if one.__name__ != "other_number"),
    ),
}


def believed(name: str, count: int) -> list[bytes]:
    """Those of so many spoiled files that are believed; any exception but the known ones ends the test."""
    raw, holds, ways = SUBJECTS[name]
    found = []
    for changed in changes(name, raw, ways, count):
        with contextlib.suppress(NoteError, ProofError, Refused):
            if holds(changed):
                found.append(changed)
    return found


def changes(name: str, raw: bytes, ways: tuple[Spoil, ...], count: int) -> Iterator[bytes]:
    """So many spoiled files."""
    made = spoiled(raw, ways, Stream(f"spoiled {name} {count}".encode()))
    return (next(made) for _ in range(count))


def believed_outside(name: str, count: int, folder: Path) -> list[bytes]:
    """The same by the carry-away verifier, which answers with an exit code and never with a traceback."""
    raw, _, ways = SUBJECTS[name]
    policy, file = put(folder / "policy.txt", POLICY.encode()), folder / "file"
    found = []
    for changed in changes(name, raw, ways, count):
        file.write_bytes(changed)
        with contextlib.redirect_stdout(io.StringIO()):
            if verify_ledger.main([name, str(file), "--policy", str(policy)]) not in (1, 2, 3):
                found.append(changed)
    return found


@pytest.mark.parametrize("name", SUBJECTS)
def test_what_is_spoiled_here_was_true_before(name: str) -> None:
    raw, holds, _ = SUBJECTS[name]

    assert holds(raw)


@pytest.mark.parametrize("name", SUBJECTS)
def test_nothing_spoiled_is_believed(name: str) -> None:
    assert believed(name, 2_300) == []


@pytest.mark.parametrize("name", ["receipt", "checkpoint"])
def test_nothing_spoiled_is_believed_outside(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_signatures(monkeypatch)

    assert believed_outside(name, 400, tmp_path) == []


def remember_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A signature that was reckoned once is not reckoned again: most changes leave it as it was."""
    remembered = functools.lru_cache(maxsize=64)(verify_ledger.ed25519_holds)
    monkeypatch.setattr(verify_ledger, "ed25519_holds", remembered)


@pytest.mark.drill
def test_of_a_hundred_thousand_spoiled_files_none_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember_signatures(monkeypatch)

    found = {name: believed(name, 20_000) for name in SUBJECTS}
    outside = {name: believed_outside(name, 10_000, tmp_path) for name in ("receipt", "checkpoint")}

    assert found == {name: [] for name in SUBJECTS}
    assert outside == {"receipt": [], "checkpoint": []}
