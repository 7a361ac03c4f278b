"""The two verifiers of the log: the one in JavaScript, in one node for all questions of a run, and the one in Python."""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lunheng.verifiers import verify_ledger
from tests.verifiers.javascript import NODE

PROGRAM = Path(verify_ledger.__file__).with_suffix(".js")
RUNNER = Path(__file__).with_suffix(".mjs")


class Found(NamedTuple):
    """The exit code and what was printed."""

    code: Any
    said: str


def ask_javascript(questions: Sequence[Mapping[str, Any]]) -> list[Found]:
    """What the JavaScript verifier answers to each: ``words`` of a command line, or a ``tool`` and its arguments."""
    return [_answered(json.dumps(one)) for one in questions]


def _answered(question: str) -> Found:
    node = _node()
    assert node.stdin and node.stdout
    node.stdin.write(question + "\n")
    node.stdin.flush()
    return Found(**json.loads(node.stdout.readline()))


@functools.cache
def _node() -> subprocess.Popen[str]:
    """Started at the first question; it ends when its input is closed, at the end of the run."""
    words = [NODE, str(RUNNER), str(PROGRAM)]
    node = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    atexit.register(node.communicate)
    return node


def by_javascript(commands: Sequence[Sequence[object]]) -> list[Found]:
    """What the JavaScript verifier finds by each of these command lines."""
    return ask_javascript([{"words": [str(word) for word in words]} for words in commands])


def by_python(words: Sequence[object]) -> Found:
    """What the Python verifier finds."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        code = verify_ledger.main([str(word) for word in words])
    return Found(code, said.getvalue().removesuffix("\n"))


def check_agreement(commands: Sequence[Sequence[object]]) -> list[int]:
    """Both must find the same, word by word; of what is malformed only that it is."""
    found = by_javascript(commands)
    assert len(found) == len(commands)
    for words, here in zip(commands, found, strict=True):
        there = by_python(words)
        assert here.code == there.code, (words, here, there)
        assert here.code == verify_ledger.Malformed.code or here.said == there.said
    return [here.code for here in found]
