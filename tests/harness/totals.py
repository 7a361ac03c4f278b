"""Count what a run of the tests costs and write it down (loaded by ``-p tests.harness.totals``).

Every run that ``make test`` makes adds one line to ``var/tests.jsonl``; ``python -m tests.harness.floors`` adds them up at
the end. Time is processor time of all workers and what they started, because a wall clock says more of the machine's other
work than of the tests; the database server adds its own line (see ``tests.harness.postgres``).
"""

import json
import os
import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

PROPERTY = "processor"
SLOWEST = 10
LOG = Path(__file__).resolve().parents[2] / "var" / "tests.jsonl"


def processor_seconds() -> float:
    """What this process and those of its children that have ended took so far."""
    return sum(os.times()[:4])


def write_line(line: dict[str, Any], log: Path = LOG) -> None:
    """Add one line to the log, where somebody has begun one."""
    if log.exists():
        with log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


class Totals:
    """The count of one run, in the process that hears of every test: the controller under xdist."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.began, self.processor = time.monotonic(), 0.0
        self.outcomes: Counter[str] = Counter()
        self.skipped: dict[str, str] = {}
        self.times: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note one phase of a test."""
        if report.when == "call" or report.outcome == "skipped":
            self.outcomes[report.outcome] += 1
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self.skipped[report.nodeid] = reason.removeprefix("Skipped: ")
        for name, taken in report.user_properties:
            if name == PROPERTY:
                self.times[report.nodeid] = float(str(taken))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Add what a worker took in all."""
        self.processor += getattr(node, "workeroutput", {}).get(PROPERTY, 0.0)

    def line(self) -> dict[str, Any]:
        """What is written down."""
        slowest = sorted(self.times.items(), key=lambda row: -row[1])[:SLOWEST]
        return {
            "database": self.database,
            "outcomes": dict(self.outcomes),
            "skipped": self.skipped,
            "wall": round(time.monotonic() - self.began, 1),
            "processor": round(self.processor + processor_seconds(), 1),
            "slowest": [[test, round(taken, 1)] for test, taken in slowest],
        }

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print the slowest tests, and add the line."""
        line = self.line()
        write_line(line)
        terminalreporter.write_sep("-", f"{line['processor']} s of processor time in {line['wall']} s")
        for test, taken in line["slowest"]:
            terminalreporter.write_line(f"{taken:7.1f} s  {test}")


BEGAN = pytest.StashKey[float]()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The clock of one test starts."""
    item.stash[BEGAN] = processor_seconds()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The time travels with the report of the last phase."""
    report = yield
    if call.when == "teardown" and BEGAN in item.stash:
        report.user_properties.append((PROPERTY, processor_seconds() - item.stash[BEGAN]))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker tells the controller what it took."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[PROPERTY] = processor_seconds()


def pytest_configure(config: pytest.Config) -> None:
    """Count in the controller."""
    if not hasattr(config, "workerinput"):
        database = os.environ.get("LUNHENG_DATABASE", "sqlite").partition(":")[0]
        config.pluginmanager.register(Totals(database), "lunheng-totals")
