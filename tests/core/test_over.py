"""办结: what "over" means of a review, said once, and asked by whoever needs it."""

import ast
from pathlib import Path

import pytest

import lunheng
from lunheng.core.workflow import OVER, ReviewState, Standing, over

OF_TURNS = {"desk/queries/duties.py", "desk/queries/listing.py", "core/procedures/review.py"}
"""Whose turn it is, and which steps lead to an end, is another question."""
CLOSED = {"failed", "void", "superseded", "cancelled"}
SETTLED = CLOSED | {"passed", "working"}
CONCLUDED = SETTLED | {"revising", "rechecking", "reapproving"}


@pytest.mark.parametrize(
    ("least", "states"),
    [(Standing.CLOSED, CLOSED), (Standing.SETTLED, SETTLED), (Standing.CONCLUDED, CONCLUDED)],
)
def test_how_far_a_review_is_over(least: Standing, states: set[str]) -> None:
    assert {state.value for state in over(least)} == states


def test_every_state_has_its_standing() -> None:
    assert set(OVER) == set(ReviewState)
    assert over(Standing.RUNNING) == set(ReviewState)


def test_nobody_keeps_a_second_list_of_the_ends() -> None:
    """A tuple, list or set of product code that names two ends of a review beside each other is another truth."""
    root = Path(lunheng.__file__).parent
    second = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Tuple | ast.List | ast.Set) and {"VOID", "SUPERSEDED"} <= _states(node)
    }
    assert second <= {"core/workflow.py", *OF_TURNS}


def _states(node: ast.Tuple | ast.List | ast.Set) -> set[str]:
    return {
        one.attr
        for one in node.elts
        if isinstance(one, ast.Attribute) and getattr(one.value, "id", "") in ("ReviewState", "S")
    }
