"""When each long drill last held: ``tests/drills.tsv`` (loaded by ``-p tests.harness.drills``, written with ``--note-drills``).

``make drill`` writes the day and the seconds beside every drill that passed in it; a drill that was never noted says so. The
list and the tests are the same set (``tests/house/test_drills.py``), so that no drill is forgotten.
"""

import time
from pathlib import Path

import pytest

FILE = Path(__file__).resolve().parents[1] / "drills.tsv"
HEAD = "drill\tlast run\tseconds"
NEVER = ("never noted", "")
Notes = dict[str, tuple[str, str]]


def read(file: Path = FILE) -> Notes:
    """The day and the seconds of each drill."""
    lines = (line.split("\t") for line in file.read_text("utf-8").splitlines()[1:])
    return {name: (day, seconds) for name, day, seconds in lines}


def write(notes: Notes, file: Path = FILE) -> None:
    """Every drill on a line, in the order of names."""
    lines = ("\t".join((name, *note)) for name, note in sorted(notes.items()))
    file.write_text("\n".join((HEAD, *lines, "")), "utf-8")


class Watch:
    """Hear of every drill of this run."""

    def __init__(self, file: Path = FILE) -> None:
        self.file = file
        self.taken: dict[str, float] = {}
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up the parts of one drill; one part that failed and it has not held."""
        if "drill" in report.keywords:
            name = report.nodeid.partition("[")[0]
            self.taken[name] = self.taken.get(name, 0.0) + report.duration
            if report.outcome != "passed":
                self.failed.add(name)

    def pytest_sessionfinish(self) -> None:
        """Note those that held."""
        day = time.strftime("%Y-%m-%d")
        held = {name: (day, f"{taken:.0f}") for name, taken in self.taken.items() if name not in self.failed}
        write(read(self.file) | held, self.file)


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option."""
    parser.addoption(
        "--note-drills", action="store_true", help="write into tests/drills.tsv which drills held today"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Watch in the controller, where asked."""
    if config.getoption("--note-drills") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Watch(), "lunheng-drills")
