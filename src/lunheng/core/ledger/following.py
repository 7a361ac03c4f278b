"""Following a log: who signs or cosigns remembers the last checkpoint and never goes back or aside (C2SP tlog-witness)."""

from collections.abc import Sequence
from dataclasses import dataclass

from lunheng.core.ledger.hashing import SHA256, SM3, Hashing
from lunheng.core.ledger.note import SM2, Checkpoint, Key
from lunheng.core.ledger.tree import EMPTY_ROOT, ProofError, verify_consistency


@dataclass(frozen=True)
class Tip:
    """The last checkpoint that somebody put a name to."""

    size: int = 0
    root: bytes = EMPTY_ROOT


class NotFollowed(Exception):
    """The checkpoint is not signed; ``status`` is that of the witness protocol, ``body`` what it answers."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body.strip()}")
        self.status = status
        self.body = body


def hashing_of(key: Key) -> Hashing:
    """How the tree is hashed whose checkpoints this key signs."""
    return SM3 if key.algorithm == SM2 else SHA256


def follow(tip: Tip, old: int, checkpoint: Checkpoint, proof: Sequence[bytes], by: Hashing = SHA256) -> Tip:
    """The tip after ``checkpoint``, when ``proof`` shows that it extends ``tip``.

    Raises:
        NotFollowed: 400 the log would shrink, 409 the asker does not know our tip or shows another root for its size,
            422 the proof does not show that the new tree begins with ours.
    """
    if old > checkpoint.size:
        raise NotFollowed(400, "the old size is greater than the new one\n")
    if old != tip.size:
        raise NotFollowed(409, f"{tip.size}\n")
    if old == checkpoint.size and checkpoint.root != tip.root:
        raise NotFollowed(409, f"{tip.size}\n")
    try:
        verify_consistency(old, checkpoint.size, proof, tip.root, checkpoint.root, by)
    except ProofError as error:
        raise NotFollowed(422, f"{error}\n") from error
    return Tip(checkpoint.size, checkpoint.root)
