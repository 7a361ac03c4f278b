"""The count of proven clauses never flatters."""

import json
from pathlib import Path

import pytest

from lunheng.cli import clauses
from lunheng.cli.main import main

OUTCOME = {"passed": ["a"], "failed": [], "skipped": []}


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "clauses.json"
    monkeypatch.setattr(clauses, "proven", lambda: clauses_proven(path))
    return path


clauses_proven = clauses.proven


def test_a_clause_with_a_failing_test_is_not_proven(report: Path) -> None:
    outcomes = {
        "QD-四(一)4a": OUTCOME,
        "QD-四(一)4b": {**OUTCOME, "failed": ["b"]},
        "QD-四(一)5": {**OUTCOME, "skipped": ["c"]},
    }
    report.write_text(json.dumps({"clauses": outcomes}))
    assert clauses_proven(report) == {"QD-四(一)4a"}


def test_without_a_run_nothing_is_proven(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["clauses", "--missing", "--system", "qingdao", "--stage", "meeting"])
    assert (code, capsys.readouterr().out.split()) == (1, ["QD-序e", "QD-二(二)c", "QD-四(一)4a"])


def test_when_all_is_proven_nothing_is_missing(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.write_text(
        json.dumps({"clauses": {mark: OUTCOME for row in clauses.rows() for mark in row.marks}})
    )
    assert (main(["clauses", "--missing"]), capsys.readouterr().out) == (0, "")


def test_the_summary_counts_per_system_and_stage(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report.write_text(json.dumps({"clauses": {"QD-四(一)4a": OUTCOME}}))
    main(["clauses", "--system", "qingdao", "--stage", "meeting"])
    assert capsys.readouterr().out.splitlines() == ["qingdao    meeting        1 / 3", "合计 1 / 3"]


def test_a_worked_case_of_a_pack_proves_nothing_of_the_product(report: Path) -> None:
    outcomes = {"QD-四(一)4a": {**OUTCOME, "passed": ["tests/law/test_cases.py::test_case on postgresql"]}}
    report.write_text(json.dumps({"clauses": outcomes}))
    assert clauses_proven(report) == set()


def test_a_row_is_proven_when_all_its_parts_are(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    row = next(row for row in clauses.rows() if len(row.parts) > 1)
    *some, last = row.marks
    report.write_text(json.dumps({"clauses": {mark: OUTCOME for mark in [row.id, *some]}}))
    assert clauses_proven(report) == set()
    report.write_text(json.dumps({"clauses": {mark: OUTCOME for mark in [*some, last]}}))
    assert clauses_proven(report) == {row.id}


def test_a_failing_part_disproves_the_row(report: Path) -> None:
    row = next(row for row in clauses.rows() if row.parts)
    outcomes = {mark: OUTCOME for mark in row.marks} | {row.id: {**OUTCOME, "failed": ["b"]}}
    report.write_text(json.dumps({"clauses": outcomes}))
    assert clauses_proven(report) == set()


def test_rows_are_printed_by_their_parts() -> None:
    rows = [clauses.Row("虚构-一", "虚构", "draw", ("写明", "拒绝")), clauses.Row("虚构-二", "虚构", "draw")]
    lines = clauses.by_parts(rows, {"虚构-一/写明", "虚构-二"})
    assert [line.split() for line in lines] == [
        ["虚构-一", "1", "/", "2", "拒绝"],
        ["虚构-二", "1", "/", "1"],
    ]
