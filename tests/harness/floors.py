"""See that a run did not shrink: ``python -m tests.harness.floors`` after the tests, on what they wrote down.

``tests/floors.toml`` holds the least numbers of passing tests for each database and of proven clause rows, and every test
that may be skipped with its reason. Whoever raises or lowers them does so in that file, where it is read by others.
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.harness.totals import LOG

FLOORS = Path(__file__).resolve().parents[1] / "floors.toml"
Run = Mapping[str, Any]


def runs_of(log: Path) -> list[Run]:
    """Every run since the log was begun, and what the database server took."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def faults(runs: Iterable[Run], proven: int, floors: Mapping[str, Any]) -> list[str]:
    """What is below its floor, or skipped without leave."""
    passed: dict[str, int] = dict.fromkeys(floors["tests"], 0)
    found = []
    for run in runs:
        passed[run["database"]] = passed.get(run["database"], 0) + run.get("outcomes", {}).get("passed", 0)
        for test, reason in run.get("skipped", {}).items():
            if not any(
                test.startswith(one["test"]) and reason == one["reason"] for one in floors.get("skip", [])
            ):
                found.append(f"{test} was skipped ({reason}); no line of {FLOORS.name} allows it")
    found += [
        f"{passed[database]} tests passed on {database}; the floor is {floor}"
        for database, floor in floors["tests"].items()
        if passed[database] < floor
    ]
    if proven < floors["clauses"]["proven"]:
        found.append(f"{proven} rows of clauses are proven; the floor is {floors['clauses']['proven']}")
    return found


def summary(runs: Iterable[Run]) -> list[str]:
    """Totals of all runs together, and the slowest tests of them."""
    rows = list(runs)
    wall, processor = (sum(run.get(name, 0) for run in rows) for name in ("wall", "processor"))
    slowest = sorted(
        ((taken, f"{test} on {run['database']}") for run in rows for test, taken in run.get("slowest", [])),
        reverse=True,
    )
    parts = " + ".join(
        f"{run.get('name', run['database'])} {run['processor'] / 60:.1f}"
        for run in rows
        if "processor" in run
    )
    return [
        *(f"{taken:7.1f} s  {test}" for taken, test in slowest[:10]),
        f"tests: {wall / 60:.1f} minutes by the clock, {processor / 60:.1f} minutes of processor time ({parts})",
    ]


def main() -> int:
    """Print the totals; 1 where something is below its floor."""
    from lunheng.cli.clauses import proven, rows

    runs = runs_of(LOG)
    known = proven()
    shown = sum(row.id in known for row in rows())
    found = faults(runs, shown, tomllib.loads(FLOORS.read_text("utf-8")))
    print("\n".join(summary(runs)))
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
