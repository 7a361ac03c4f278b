"""Runs a parser as a child process: hostile bytes meet a process that holds nothing worth having."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import lunheng
from lunheng.documents.parsing.faults import Fault, Unfit

SECONDS = 60
"""Wall clock; the child itself allows thirty seconds of work. Who gets less than half of a processor meets our load."""


class NoAnswer(Exception):
    """The machine had no time or no room for the parser: it says nothing about the file."""


def parse_apart(kind: str, source: Path, target: Path) -> int:
    """The pages of the file as its parser counts them.

    Raises:
        Unfit: the parser named a fault, or used up the work that one file may cost.
        NoAnswer: it could not do its work for reasons of ours.
    """
    command = [sys.executable, "-m", "lunheng.documents.parsing", kind, str(source), str(target)]
    folder = str(Path(lunheng.__path__[0]).parent)
    environment = {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, capture_output=True, env=environment, timeout=SECONDS, check=False, cwd=source.parent
        )
    except (subprocess.TimeoutExpired, OSError):
        raise NoAnswer from None
    return _pages_in(done)


def _pages_in(done: "subprocess.CompletedProcess[bytes]") -> int:
    if done.returncode in (-signal.SIGKILL, -signal.SIGTERM):
        raise NoAnswer  # the machine ran out of memory, or is going down
    if done.returncode != 0:
        raise Unfit(Fault.TOO_COMPLEX)  # ended by its own limits
    answer = json.loads(done.stdout)
    if "fault" in answer:
        raise Unfit(Fault(answer["fault"]))
    return int(answer["pages"])
