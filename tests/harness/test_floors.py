"""A run that shrank is told, and what a run cost is added up."""

from pathlib import Path
from typing import Any

import pytest

from tests.harness.floors import FLOORS, faults, summary
from tests.harness.shuffle import pytest_collection_modifyitems
from tests.harness.totals import Totals, write_line

RULES: dict[str, Any] = {
    "tests": {"postgresql": 10, "sqlite": 4},
    "clauses": {"proven": 7},
    "skip": [{"test": "tests/one.py::", "reason": "no such library"}],
}


def run(database: str, passed: int, **skipped: str) -> dict[str, Any]:
    """What one run wrote down."""
    return {
        "database": database,
        "outcomes": {"passed": passed},
        "skipped": skipped,
        "wall": 30,
        "processor": 60.0,
    }


def test_a_whole_run_is_let_through() -> None:
    whole = [run("postgresql", 10, **{"tests/one.py::test_a[1]": "no such library"}), run("sqlite", 4)]
    assert faults(whole, 7, RULES) == []


def test_what_shrank_is_named_with_its_floor() -> None:
    assert faults([run("postgresql", 9)], 6, RULES) == [
        "9 tests passed on postgresql; the floor is 10",
        "0 tests passed on sqlite; the floor is 4",
        "6 rows of clauses are proven; the floor is 7",
    ]


@pytest.mark.parametrize(
    ("test", "reason"), [("tests/two.py::test_a", "no such library"), ("tests/one.py::test_a", "not today")]
)
def test_nobody_skips_without_leave(test: str, reason: str) -> None:
    runs = [run("postgresql", 10, **{test: reason}), run("sqlite", 4)]
    assert faults(runs, 7, RULES) == [f"{test} was skipped ({reason}); no line of {FLOORS.name} allows it"]


def test_the_cost_of_all_runs_is_one_sum() -> None:
    server = {"database": "postgresql", "name": "its server", "processor": 30.0}
    runs = [run("postgresql", 10) | {"slowest": [["tests/one.py::a", 3.0]]}, server, run("sqlite", 4)]
    assert summary(runs) == [
        "    3.0 s  tests/one.py::a on postgresql",
        "tests: 1.0 minutes by the clock, 2.5 minutes of processor time (postgresql 1.0 + its server 0.5 + sqlite 1.0)",
    ]


def test_a_run_counts_its_tests_workers_and_skips() -> None:
    totals = Totals("sqlite")
    for test, when, outcome in (("a", "setup", "passed"), ("a", "call", "passed"), ("b", "setup", "skipped")):
        totals.pytest_runtest_logreport(
            pytest.TestReport(
                nodeid=test,
                location=("", 0, ""),
                keywords={},
                outcome=outcome,  # type: ignore[arg-type]
                longrepr=("one.py", 1, "Skipped: no such library") if outcome == "skipped" else None,
                when=when,  # type: ignore[arg-type]
                user_properties=[("processor", 2.0)],
            )
        )
    totals.pytest_testnodedown(type("Node", (), {"workeroutput": {"processor": 1_000.0}}))
    line = totals.line()
    assert (line["outcomes"], line["skipped"]) == ({"passed": 1, "skipped": 1}, {"b": "no such library"})
    assert (line["processor"] > 1_000, line["slowest"]) == (True, [["a", 2.0], ["b", 2.0]])


def test_only_a_log_that_was_begun_is_written(tmp_path: Path) -> None:
    log = tmp_path / "tests.jsonl"
    write_line({"wall": 1}, log)
    assert not log.exists()
    log.touch()
    write_line({"wall": 1}, log)
    assert log.read_text("utf-8") == '{"wall": 1}\n'


def test_an_order_is_another_one_and_always_the_same(request: pytest.FixtureRequest) -> None:
    def order(seed: str) -> list[str]:
        items = list(request.session.items)
        config: Any = type("Config", (), {"getoption": lambda self, name: seed})()
        pytest_collection_modifyitems(config, items)
        return [item.nodeid for item in items]

    usual = order("")
    assert sorted(order("1")) == sorted(usual)
    assert order("1") == order("1")
    assert len(usual) < 5 or order("1") != usual or order("2") != usual
