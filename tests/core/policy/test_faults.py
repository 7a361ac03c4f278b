"""The line of a mistake is found by scanning the text for the table and the field."""

import pytest

from lunheng.core.policy.faults import line_of

TEXT = """# rules
[panel.size]
clause = "一"
minimum = 5

[ panel.extras ]
clause = "二"
maximum = 2
"""


@pytest.mark.parametrize(
    ("key", "field", "line"),
    [
        ("panel.size", "", 2),
        ("panel.size", "minimum", 4),
        ("panel.size", "maximum", 2),
        ("panel.extras", "maximum", 8),
        ("panel.extras", "minimum", 6),
        ("panel.leader", "mode", 0),
        ("", "", 0),
    ],
)
def test_a_field_else_its_table_else_nothing(key: str, field: str, line: int) -> None:
    assert line_of(TEXT, key, field) == line


def test_a_field_above_every_table() -> None:
    assert line_of('id = "a"\ntitle = "b"\n', "", "title") == 2
