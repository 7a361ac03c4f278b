"""Runs a parser as a child process: hostile bytes meet a process that holds nothing worth having."""

import json
import subprocess
import sys
from pathlib import Path

import lunheng
from lunheng.documents.parsing.faults import Fault, Unfit

SECONDS = 30
"""Wall clock; the child itself allows ten seconds of work."""


def parse_apart(kind: str, source: Path, target: Path) -> int:
    """The pages of the file as its parser counts them.

    Raises:
        Unfit: the parser named a fault, or did not come back.
    """
    command = [sys.executable, "-m", "lunheng.documents.parsing", kind, str(source), str(target)]
    folder = str(Path(lunheng.__path__[0]).parent)
    environment = {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, capture_output=True, env=environment, timeout=SECONDS, check=False, cwd=source.parent
        )
    except subprocess.TimeoutExpired:
        raise Unfit(Fault.TOO_COMPLEX) from None
    return _pages_in(done)


def _pages_in(done: "subprocess.CompletedProcess[bytes]") -> int:
    if done.returncode != 0:
        raise Unfit(Fault.TOO_COMPLEX)  # killed by its own limits
    answer = json.loads(done.stdout)
    if "fault" in answer:
        raise Unfit(Fault(answer["fault"]))
    return int(answer["pages"])
