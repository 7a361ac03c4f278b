"""A mark of a clause names a row or a part that there is, and the tests that show clauses act as people would.

They may read rows of the database; the judged fact they bring about by acts and pages, never by writing the row, by
asking the law itself, or by pages of their own in front of the product's. What still does so is listed below with what
it does, and the list only becomes shorter.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from lunheng.cli.clauses import read_parts, rows
from tests.house.tree import ROOT

TESTS = ROOT / "tests"
CLAUSES = TESTS / "clauses"
WRITES = frozenset(
    (
        "save", "update", "delete", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update",
        "set_password",
    )
)  # fmt: skip
OF_THE_LAW = (
    "lunheng.core.policy",
    "lunheng.core.draw",
    "lunheng.jurisdictions",
    "lunheng.documents.signing",
)

EXCEPTIONS: dict[tuple[str, str], str] = {
    ("conftest.py reissued", "imports lunheng.core.policy"): "an authority's next pack is recorded by command, not by an act",
    ("conftest.py reissued", "imports lunheng.jurisdictions"): "the same",
    ("test_draw_qingdao.py test_over_many_draws_each_eligible_expert_is_drawn_about_equally_often", "imports lunheng.core.draw"): "two thousand draws through the interface take an hour",
    ("test_no_dead_end.py", "imports lunheng.core.policy"): "every combination of rules is a made-up pack",
    ("test_no_dead_end.py", "imports lunheng.jurisdictions"): "the same",
    ("test_readings.py test_what_is_our_reading_is_told_as_ours", "asks the law"): "shows the wording, marked for no row",
    ("test_readings.py test_what_the_text_says_is_cited_as_said", "asks the law"): "shows the wording, marked for no row",
    ("test_record.py test_nanning_wants_conclusion_sign_in_and_a_photo", "writes: delete"): "the platform puts it in by itself",
    ("test_record.py test_only_consultation_and_assessment_may_be_engaged_outside_with_a_reason", "asks the law"): "there are no consultations yet; marked for no row",
    ("test_record.py test_only_consultation_and_assessment_may_be_engaged_outside_with_a_reason", "imports lunheng.jurisdictions"): "the same",
    ("test_record.py test_without_report_or_sign_in_sheet_it_is_not_complete", "writes: delete"): "the platform puts it in by itself",
    ("test_recusal.py control", "writes: create"): "no act records a relation of two units",
    ("test_recusal.py narrow", "writes: get_or_create"): "the pool, not what is judged",
    ("test_recusal.py narrow", "writes: update"): "the size of the pool, not what is judged",
}  # fmt: skip
"""(place, what it does) → why no act can bring the fact about. It only becomes shorter: LONGEST goes down with it."""
LONGEST = 14


@lru_cache(maxsize=1)
def modules() -> dict[str, ast.Module]:
    """Every module of the tests."""
    return {
        str(path.relative_to(TESTS)): ast.parse(path.read_text("utf-8"))
        for path in sorted(TESTS.rglob("*.py"))
    }


def marks(tree: ast.AST) -> Iterator[str]:
    """What ``@pytest.mark.clause`` names, on functions, classes and modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.clause":
            yield from (str(one.value) for one in node.args if isinstance(one, ast.Constant))


def test_a_mark_names_a_row_or_a_part_of_one_and_the_part_where_there_are_several() -> None:
    known = {mark for row in rows() for mark in row.marks}
    found = {
        f"{path}: {mark}"
        for path, tree in modules().items()
        if not path.startswith(("core/", "law/"))
        for mark in marks(tree)
        if mark not in known
    }
    assert found == set()


def test_rows_with_parts_are_rows_and_have_several() -> None:
    parts = read_parts()
    ids = {row.id for row in rows()}
    assert {row for row in parts if row not in ids or len(set(parts[row])) != len(parts[row])} == set()
    assert {row for row, names in parts.items() if len(names) < 2} == set()


def shortcuts(function: ast.FunctionDef) -> Iterator[str]:
    """What a function does that no person could: writes rows, asks the law, or puts pages before the product's."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in WRITES:
                yield f"writes: {name}"
            elif name == "judge":
                yield "asks the law"
            elif name == "urls" and ast.unparse(node.func) == "pytest.mark.urls":
                yield "puts pages before the product's"


def imports(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Imports of what judges, wherever they stand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(OF_THE_LAW):
            yield node, f"imports {node.module}"


def found() -> Counter[tuple[str, str]]:
    """Every shortcut of the tests of clauses, by the function it stands in (the module, outside of functions)."""
    seen: Counter[tuple[str, str]] = Counter()
    for path in sorted(CLAUSES.glob("*.py")):
        tree = modules()[str(path.relative_to(TESTS))]
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            seen.update((f"{path.name} {function.name}", what) for what in set(shortcuts(function)))
        for node, what in imports(tree):
            owner = [one.name for one in functions if any(inner is node for inner in ast.walk(one))]
            seen[f"{path.name} {owner[0] if owner else ''}".strip(), what] += 1
        seen.update((path.name, what) for what in _of_the_module(tree))
    return seen


def _of_the_module(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and "pytest.mark.urls" in ast.unparse(node.value):
            yield "puts pages before the product's"
        for decorator in getattr(node, "decorator_list", []):
            if "pytest.mark.urls" in ast.unparse(decorator):
                yield "puts pages before the product's"


def test_the_tests_of_clauses_act_as_people_would_but_for_those_reviewed() -> None:
    assert set(found()) == set(EXCEPTIONS)


def test_the_list_of_exceptions_only_becomes_shorter() -> None:
    assert len(EXCEPTIONS) == LONGEST


def test_each_kind_of_shortcut_is_seen() -> None:
    written = (
        "from lunheng.jurisdictions import law\n"
        "@pytest.mark.urls('pages')\n"
        "def test_it(row):\n"
        "    row.save()\n"
        "    Row.objects.filter(pk=1).update(state='x')\n"
        "    law.judge('draw.mode')\n"
    )
    tree = ast.parse(written)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    assert set(shortcuts(function)) == {
        "writes: save",
        "writes: update",
        "asks the law",
        "puts pages before the product's",
    }
    assert [what for _, what in imports(tree)] == ["imports lunheng.jurisdictions"]
