"""Write which clauses the run tried and how they fared (loaded by ``-p tests.harness.clauses_report``).

A test names the rows of ``docs/clauses.tsv`` that it shows by ``@pytest.mark.clause("QD-四(一)4a")``, and the part where
the row has several (``docs/clauses.parts.toml``): ``@pytest.mark.clause("QD-一(二)b/outside")``. The report is ``var/clauses.json``::

    {"clauses": {"<clause id>": {"passed": ["<test> on <database>"], "failed": [], "skipped": []}}}

Runs are merged, so that the PostgreSQL run and the SQLite run stand side by side; a test that is run again
on the same database replaces its earlier outcome. ``make test`` starts from an empty report.
"""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

OUTCOMES = ("passed", "failed", "skipped")
SEVERITY = {"passed": 0, "skipped": 1, "failed": 2}
PROPERTY = "clause"

Clauses = dict[str, dict[str, list[str]]]


def worse(one: str | None, other: str) -> str:
    """Return the graver of two outcomes of one test's phases."""
    return other if one is None else max(one, other, key=SEVERITY.__getitem__)


def merge(report: Mapping[str, Any], outcomes: Mapping[tuple[str, str], str]) -> Clauses:
    """Return the report with the outcomes, each under ``(clause, test)``, put in place of earlier ones."""
    merged = {clause: {name: set(row.get(name, ())) for name in OUTCOMES} for clause, row in report.items()}
    for (clause, test), outcome in outcomes.items():
        row = merged.setdefault(clause, {name: set() for name in OUTCOMES})
        for tests in row.values():
            tests.discard(test)
        row[outcome].add(test)
    return {
        clause: {name: sorted(tests) for name, tests in row.items()} for clause, row in sorted(merged.items())
    }


def read_report(path: Path) -> dict[str, Any]:
    """Return the clauses of an earlier report, empty where there is none."""
    if not path.exists():
        return {}
    clauses: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["clauses"]
    return clauses


def write_report(path: Path, clauses: Clauses) -> None:
    """Write the report in one step, so that a reader never sees half of it."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_suffix(".json.part")
    draft.write_text(json.dumps({"clauses": clauses}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def clauses_of(item: pytest.Item) -> Iterable[str]:
    """Yield the clause ids of a test's markers, nearest first, each once."""
    return dict.fromkeys(clause for mark in item.iter_markers("clause") for clause in mark.args)


class ClausesReport:
    """Collect outcomes in the process that hears of every test: the controller under xdist."""

    def __init__(self, path: Path, database: str) -> None:
        self.path = path
        self.database = database
        self.outcomes: dict[tuple[str, str], str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the outcome of one phase (setup, call, teardown) of one test."""
        test = f"{report.nodeid} on {self.database}"
        for name, clause in report.user_properties:
            if name == PROPERTY:
                key = (str(clause), test)
                self.outcomes[key] = worse(self.outcomes.get(key), report.outcome)

    def pytest_sessionfinish(self) -> None:
        """Merge what this run learned into the file; a run without such tests leaves it alone."""
        if self.outcomes:
            write_report(self.path, merge(read_report(self.path), self.outcomes))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Hang the clauses on the test, in which form they travel from an xdist worker to the controller."""
    item.user_properties.extend((PROPERTY, clause) for clause in clauses_of(item))


def pytest_configure(config: pytest.Config) -> None:
    """Listen only in the controller."""
    if not hasattr(config, "workerinput"):
        database = os.environ.get("LUNHENG_DATABASE", "sqlite").partition(":")[0]
        config.pluginmanager.register(ClausesReport(config.rootpath / "var" / "clauses.json", database))
