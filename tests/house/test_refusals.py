"""A test that is refused says on which ground: any 403 is not the one that was meant."""

import ast
from pathlib import Path

from tests.house.tree import ROOT


def refusals_nobody_reads(text: str) -> list[int]:
    """Lines on which ``….refused(…)`` stands alone, with neither its clauses read nor ``clause=`` given."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == "refused"
        and "clause" not in {one.arg for one in node.value.keywords}
    ]


def told() -> list[Path]:
    """Every file of the tests but the journeys, whose screens are told what they must read there."""
    return [path for path in sorted((ROOT / "tests").rglob("*.py")) if "journeys" not in path.parts]


def test_every_refusal_is_read() -> None:
    found = {str(path.relative_to(ROOT)): refusals_nobody_reads(path.read_text("utf-8")) for path in told()}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_a_refusal_that_nobody_reads_is_found() -> None:
    text = 'a.refused("x")\nassert a.refused("x") == ["y"]\na.refused("x", clause="y")\nb = a.refused("x")\n'
    assert refusals_nobody_reads(text) == [1]
