"""A difference, and how it is looked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from lunheng.clockwork.reconcile.snapshot import aside

WHOLE = "（整行）"
"""The field of a difference that is of the whole row."""


@dataclass(frozen=True)
class Difference:
    """Something in the tables that is not what was entered; ``field`` lists several where one cannot be told."""

    table: str
    row: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"表 {self.table} 第 {self.row} 行 {self.field}：{self.reason}"


def read(table: str, row: str, looks: Iterator[Difference]) -> Iterator[Difference]:
    """What a look at something finds; when nothing can be made of what lies there, that is the difference.

    Whoever owns the database can leave what no program reads. The rest is compared all the same.
    """
    found: list[Difference] = []
    try:
        with aside():
            found.extend(looks)
    except Exception as error:  # whatever somebody wrote there, the others are still to be looked at
        found.append(Difference(table, row, WHOLE, f"无法读取：{type(error).__name__}"))
    yield from found
