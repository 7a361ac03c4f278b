"""A witness to be killed: ``python -m tests.ledger.witness_victim <folder>``, told on its standard input what to do.

Each line ``<manner> <file>`` forks a process of the witness for the request in the file and answers one line of JSON:
status and body, or ``null`` when the process died. ``live`` answers; ``written`` dies when the new memory lies beside
the old one, ``kept`` when it has taken its place, ``signed`` when the answer is made and not given. ``hasty`` answers first and
dies before it remembers: the mistake that the others must not make.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lunheng.core.ledger.following import Tip, follow
from lunheng.core.ledger.note import COSIGNATURE, parse_key
from lunheng.ledger import keys
from lunheng.ledger.memory import Memory
from lunheng.ledger.witness import Witness


def serve(folder: Path) -> None:
    """One process for each line."""
    logs = [parse_key((folder / "log").read_text("utf-8"))]
    for line in sys.stdin:
        manner, file = line.split()
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            DEATHS[manner]()
            witness = Witness(
                keys.load_or_make(folder / "key", "witness.example/w1", COSIGNATURE), logs, folder, lambda: 7
            )
            answer = witness.answer(Path(file).read_bytes())
            if manner == "signed":
                die()
            os.write(write, json.dumps(answer).encode())
            os._exit(0)
        os.close(write)
        os.waitpid(child, 0)
        answer_line = os.read(read, 65_536).decode()
        os.close(read)
        print(answer_line or "null", flush=True)


def die() -> None:
    """As a power cut ends a process: at once."""
    os.kill(os.getpid(), signal.SIGKILL)


def before_replacing() -> None:
    """Die with the new memory beside the old one."""
    os.replace = lambda *_: die()


def after_keeping() -> None:
    """Die as soon as the new memory is kept."""
    whole = Memory._keep

    def keep(self: Memory, tip: Tip) -> None:
        whole(self, tip)
        die()

    Memory._keep = keep  # type: ignore[method-assign]


def in_haste() -> None:
    """Sign what follows and forget it."""

    def forget(self: Memory, old: int, *rest: Any) -> Tip:
        return follow(self.tip(), old, *rest)

    Memory.follow = forget  # type: ignore[assignment]


def nothing() -> None:
    """Live."""


DEATHS: dict[str, Callable[[], None]] = {
    "live": nothing,
    "signed": nothing,
    "written": before_replacing,
    "kept": after_keeping,
    "hasty": in_haste,
}

if __name__ == "__main__":
    serve(Path(sys.argv[1]))
