"""变异: change the product a little, run the tests nearest to it, and see whether they notice.

``python -m tests.mutation`` tries 200 changes chosen by a fixed seed; ``--count``, ``--seed``, ``--only PATTERN`` (of a line
as printed) and ``--budget MINUTES`` choose others. It works on a copy, so that nothing here is ever changed. It fails when
fewer than 95 of 100 changes are noticed, or a survivor stands in ``survivors.toml`` without a reason.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from tests.mutation.changes import Change, Source

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PRODUCT = "src/lunheng"
NEAREST, SURVIVORS = HERE / "nearest.toml", HERE / "survivors.toml"
PLACES = ("core/", "/actions", "/permissions", "/queries", "/forms", "/guard", "accounts/", "cases/")
COUNT, SEED, ENOUGH = 200, 37, 0.95
LIMIT = 900.0
"""Seconds until a change that makes the tests run on and on counts as noticed."""
COPIED = ("src", "packs", "tests", "pyproject.toml", "benchmarks", "docs")
LINKED = (".venv", "node_modules")


def sources() -> Iterable[Source]:
    """The files in which rules are kept, judged, asked and guarded."""
    for path in sorted((ROOT / PRODUCT).rglob("*.py")):
        name = str(path.relative_to(ROOT / PRODUCT))
        if "migrations" not in name and any(place in name for place in PLACES):
            yield Source(name, path.read_bytes())


def chosen(seed: int, count: int, only: str) -> list[Change]:
    """So many changes, the same ones for the same seed however the files grow around them."""
    every = (one for source in sources() for one in source.changes() if nearest(one.file))
    asked = [one for one in every if re.search(only, str(one))]
    return sorted(asked, key=lambda one: hashlib.sha256(f"{seed} {one.key}".encode()).digest())[:count]


@cache
def table() -> dict[str, list[str]]:
    """The reviewed map."""
    found: dict[str, list[str]] = tomllib.loads(NEAREST.read_text("utf-8"))
    return found


def nearest(file: str) -> list[str]:
    """The tests of the longest beginning that matches."""
    matching = [start for start in table() if file.startswith(start)]
    return table()[max(matching, key=len)] if matching else []


def copy(folder: Path) -> None:
    """All that the tests need, to be changed there."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    for name in LINKED:
        if (ROOT / name).exists():
            (folder / name).symlink_to(ROOT / name)


def hold(folder: Path, tests: list[str]) -> bool:
    """Whether the tests pass there. What runs longer than the limit has noticed."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-m",
        "not drill",
        "--tb=no",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *tests], cwd=folder, env=environment, capture_output=True, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def survives(folder: Path, change: Change) -> bool:
    """Make the change, run what is nearest, and take it back."""
    path = folder / PRODUCT / change.file
    before = path.read_bytes()
    path.write_bytes(change.applied(before))
    try:
        return hold(folder, nearest(change.file))
    finally:
        path.write_bytes(before)


def reviewed() -> dict[tuple[str, str, str, str], str]:
    """The reason of each survivor that is listed."""
    listed = tomllib.loads(SURVIVORS.read_text("utf-8")).get("survivor", [])
    return {(one["file"], one["kind"], one["line"], one["change"]): one["reason"] for one in listed}


def written(change: Change) -> str:
    """The survivor for the list, its reason still to be written."""
    names = ("file", "kind", "line", "change")
    lines = [f"{name} = {_quoted(text)}" for name, text in zip(names, change.key, strict=True)]
    return "\n".join(("", "[[survivor]]", *lines, 'reason = ""', ""))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def run(changes: list[Change], minutes: float) -> tuple[int, list[Change]]:
    """How many were tried within the time, and which of them nobody noticed."""
    survivors: list[Change] = []
    end, tried = time.monotonic() + minutes * 60, 0
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        folder = Path(name)
        copy(folder)
        for tests in sorted({tuple(nearest(one.file)) for one in changes}):
            if not hold(folder, list(tests)):
                sys.exit(f"没有改动时测试也不通过：{' '.join(tests)}")
        for change in changes:
            if time.monotonic() > end:
                break
            tried += 1
            lived = survives(folder, change)
            survivors += [change] if lived else []
            print(f"{'SURVIVED' if lived else 'killed  '} {change}", flush=True)
    return tried, survivors


def main() -> int:
    """Try, tell, and keep the survivors."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--only", default="")
    parser.add_argument("--budget", type=float, default=24 * 60.0)
    asked = parser.parse_args()
    changes = chosen(asked.seed, asked.count, asked.only)
    tried, survivors = run(changes, asked.budget)
    known = reviewed()
    with SURVIVORS.open("a", encoding="utf-8") as file:
        file.writelines(written(one) for one in survivors if one.key not in known)
    unexplained = [one for one in survivors if not known.get(one.key)]
    share = 1 - len(survivors) / tried if tried else 0.0
    print(
        f"{tried} of {len(changes)} changes tried, {share:.1%} noticed, {len(unexplained)} survivors without a reason"
    )
    return 0 if share >= ENOUGH and not unexplained else 1


if __name__ == "__main__":
    sys.exit(main())
