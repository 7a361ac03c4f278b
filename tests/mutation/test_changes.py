"""The changes are those that are meant, each one leaves a file that can be read, and the same seed means the same ones."""

import ast

from tests.mutation.__main__ import PRODUCT, ROOT, chosen, nearest, reviewed, sources, table
from tests.mutation.changes import Source

TEXT = """
def guard(actor: str) -> None:
    \"\"\"虚构。\"\"\"
    require(actor)
    if actor == "甲":
        Case.objects.filter(kind="a", state="b")
    count(3)
"""


def test_each_kind_of_change_is_made_where_it_belongs() -> None:
    source = Source("guard.py", TEXT.encode())
    made = {(one.line, one.kind, one.after) for one in source.changes()}
    assert made == {
        (4, "drop a guard", "pass"),
        (4, "return early", "return"),
        (5, "negate", 'not (actor == "甲")'),
        (5, "compare", '(actor != "甲")'),
        (6, "drop a condition", 'Case.objects.filter(state="b")'),
        (6, "drop a condition", 'Case.objects.filter(kind="a")'),
        (7, "constant", "4"),
    }
    for one in source.changes():
        assert ast.parse(one.applied(TEXT.encode())) is not None


def test_the_same_seed_chooses_the_same_changes_and_each_leaves_a_readable_file() -> None:
    changes = chosen(37, 200, "")
    assert len({one.key for one in changes}) > 180
    assert changes == chosen(37, 200, "")
    assert changes != chosen(38, 200, "")
    for one in changes:
        ast.parse(one.applied((ROOT / PRODUCT / one.file).read_bytes()))


def test_every_part_of_the_product_that_is_changed_has_tests_near_it_and_they_exist() -> None:
    assert [one.file for one in sources() if not nearest(one.file)] == []
    named = {test for tests in table().values() for test in tests}
    assert [test for test in sorted(named) if not (ROOT / test).exists()] == []
    assert [start for start in table() if not any(one.file.startswith(start) for one in sources())] == []


def test_a_survivor_in_the_list_has_its_reason() -> None:
    assert [key for key, reason in reviewed().items() if not reason.strip()] == []
