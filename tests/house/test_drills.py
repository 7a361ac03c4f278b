"""The list of long drills is that of the tests, and a drill that held is noted with its day."""

import ast
from pathlib import Path

import pytest

from tests.harness.drills import FILE, HEAD, NEVER, Watch, read, write
from tests.house.tree import ROOT


def is_drill(node: ast.stmt) -> bool:
    """Whether a test function is marked as a drill, whole or in some of its cases."""
    return isinstance(node, ast.FunctionDef) and any(
        "mark.drill" in ast.unparse(decorator) for decorator in node.decorator_list
    )


def drills() -> set[str]:
    """Every drill of the tests."""
    return {
        f"{path.relative_to(ROOT)}::{node.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        if "mark.drill" in (text := path.read_text("utf-8"))
        for node in ast.parse(text).body
        if is_drill(node) and isinstance(node, ast.FunctionDef)
    }


def test_every_drill_is_in_the_list_and_nothing_else() -> None:
    assert (sorted(drills() - set(read())), sorted(set(read()) - drills())) == ([], [])


def test_the_list_is_in_its_order_and_its_days_are_days() -> None:
    assert FILE.read_text("utf-8").startswith(f"{HEAD}\n")
    assert list(read()) == sorted(read())
    assert {day for day, _ in read().values() if day != NEVER[0] and len(day.split("-")) != 3} == set()


def test_a_drill_that_held_is_noted_and_one_that_failed_is_not(tmp_path: Path) -> None:
    file = tmp_path / "drills.tsv"
    write({"a": NEVER, "b": NEVER, "c": ("2026-01-02", "7")}, file)
    watch = Watch(file)
    for test, outcome in (("a[1]", "passed"), ("a[2]", "passed"), ("b[1]", "passed"), ("b[2]", "failed")):
        watch.pytest_runtest_logreport(
            pytest.TestReport(
                nodeid=test,
                location=("", 0, ""),
                keywords={"drill": 1},
                outcome=outcome,  # type: ignore[arg-type]
                longrepr=None,
                when="call",
                duration=2.0,
            )
        )
    watch.pytest_sessionfinish()
    noted = read(file)
    assert (noted["a"][1], noted["b"], noted["c"]) == ("4", NEVER, ("2026-01-02", "7"))
    assert noted["a"][0] != NEVER[0]
