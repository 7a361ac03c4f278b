"""A difference, and where they are all looked for."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """Something in the tables that is not what was entered; ``field`` lists several where one cannot be told."""

    table: str
    row: str
    field: str
    reason: str

    def __str__(self) -> str:
        return f"表 {self.table} 第 {self.row} 行 {self.field}：{self.reason}"


def differences() -> Iterator[Difference]:
    """Every difference: first in the ledger itself, then in the rows that it vouches for."""
    from lunheng.clockwork.reconcile import chains, expected, numbering, rows

    yield from chains.differences()
    yield from numbering.differences()
    yield from rows.differences()
    yield from expected.differences()
