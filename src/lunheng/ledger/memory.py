"""The memory of whoever follows a log: the last checkpoint in a file that is on the disk before anybody is answered."""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from lunheng.core.ledger.following import Tip, follow
from lunheng.core.ledger.hashing import SHA256, Hashing
from lunheng.core.ledger.note import Checkpoint
from lunheng.ledger import disk


class MemoryLost(ValueError):
    """The key is there and its memory is not: whoever began again would sign a second history."""


class Memory:
    """The tip of one log in one file, for the owner alone. Processes and threads take turns by a lock beside it."""

    def __init__(self, path: Path, by: Hashing = SHA256) -> None:
        self.path = path
        self.by = by
        self._has_begun = False

    def tip(self) -> Tip:
        """The last checkpoint; that of the empty tree when there was none.

        Raises:
            ValueError: the file is damaged, or gone although it was there; nothing may be signed until a person has
                looked at it.
        """
        if not self.path.exists():
            if self._has_begun:
                raise MemoryLost(f"{self.path} is gone")
            return Tip(0, self.by.empty)
        self._has_begun = True
        kept = json.loads(self.path.read_text("utf-8"))
        try:
            return Tip(int(kept["size"]), bytes.fromhex(kept["root"]))
        except (KeyError, TypeError) as error:
            raise ValueError(f"{self.path} holds no checkpoint") from error

    def begin(self, tip: Tip) -> None:
        """Remember this checkpoint, or the empty tree, as the first.

        Raises:
            FileExistsError: something is remembered already.
        """
        with self._turn():
            if self.path.exists():
                raise FileExistsError(self.path)
            self._keep(tip)

    def follow(self, old: int, checkpoint: Checkpoint, proof: Sequence[bytes]) -> Tip:
        """Go on to ``checkpoint`` and have it on the disk.

        Raises:
            NotFollowed: it does not extend what is remembered; the memory stays as it is.
        """
        with self._turn():
            tip = follow(self.tip(), old, checkpoint, proof, self.by)
            self._keep(tip)
        return tip

    @contextmanager
    def _turn(self) -> Iterator[None]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _keep(self, tip: Tip) -> None:
        beside = self.path.with_suffix(".new")
        disk.write(beside, json.dumps({"size": tip.size, "root": tip.root.hex()}))
        os.replace(beside, self.path)
        disk.settle(self.path.parent)
        self._has_begun = True
