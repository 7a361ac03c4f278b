"""The count of clauses: what a run writes down, and how two runs stand side by side."""

import json
from pathlib import Path

import pytest

from tests.harness.clauses_report import ClausesReport, merge


def report_of(test: str, clause: str, when: str, outcome: str) -> pytest.TestReport:
    """Make the report of one phase of one test."""
    return pytest.TestReport(
        nodeid=test,
        location=("", 0, ""),
        keywords={},
        outcome=outcome,  # type: ignore[arg-type]
        longrepr=None,
        when=when,  # type: ignore[arg-type]
        user_properties=[("clause", clause)],
    )


def test_a_run_writes_each_clause_with_its_tests(tmp_path: Path) -> None:
    path = tmp_path / "var" / "clauses.json"
    run = ClausesReport(path, "postgresql")
    run.pytest_runtest_logreport(report_of("test_draw", "虚构:二（三）", "call", "passed"))
    run.pytest_sessionfinish()
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "clauses": {"虚构:二（三）": {"passed": ["test_draw on postgresql"], "failed": [], "skipped": []}}
    }


def test_a_test_whose_teardown_failed_has_failed(tmp_path: Path) -> None:
    run = ClausesReport(tmp_path / "clauses.json", "sqlite")
    for when, outcome in (("setup", "passed"), ("call", "passed"), ("teardown", "failed")):
        run.pytest_runtest_logreport(report_of("test_draw", "虚构:一", when, outcome))
    assert run.outcomes == {("虚构:一", "test_draw on sqlite"): "failed"}


def test_a_run_without_clauses_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "clauses.json"
    ClausesReport(path, "sqlite").pytest_sessionfinish()
    assert not path.exists()


def test_the_runs_on_both_databases_stand_side_by_side() -> None:
    first = merge({}, {("虚构:一", "test on postgresql"): "failed"})
    assert merge(first, {("虚构:一", "test on sqlite"): "passed"}) == {
        "虚构:一": {"passed": ["test on sqlite"], "failed": ["test on postgresql"], "skipped": []}
    }


def test_a_test_that_is_run_again_replaces_its_earlier_outcome() -> None:
    first = merge({}, {("虚构:一", "test on sqlite"): "failed"})
    assert merge(first, {("虚构:一", "test on sqlite"): "passed"}) == {
        "虚构:一": {"passed": ["test on sqlite"], "failed": [], "skipped": []}
    }
