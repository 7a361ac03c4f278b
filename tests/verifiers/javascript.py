"""The JavaScript verifier, run by node on many records at once."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lunheng.verifiers import verify_draw

PROGRAM = Path(verify_draw.__file__).with_suffix(".js")
RUNNER = Path(__file__).with_suffix(".mjs")
NODE = shutil.which("node") or str(Path(verify_draw.__file__).parents[3] / ".venv/bin/node")


class Found(NamedTuple):
    """What a verifier says: "holds", "false" or "malformed", and the problems by name."""

    kind: str
    problems: list[str]


def by_javascript(texts: Sequence[str]) -> list[Found]:
    """What the JavaScript verifier finds in each of these files."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    done = subprocess.run(
        [NODE, str(RUNNER), str(PROGRAM)], input=lines, capture_output=True, check=True, encoding="utf-8"
    )
    return [Found(**json.loads(line)) for line in done.stdout.splitlines()]


def by_python(text: str) -> Found:
    """What the Python verifier finds."""
    try:
        problems = verify_draw.examine(verify_draw.read(text))
    except verify_draw.Malformed as malformed:
        return Found("malformed", [f"不是有效的抽取记录：{malformed}"])
    return Found("false" if problems else "holds", problems)


def written(document: Any) -> str:
    """A record as the text of a file."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
