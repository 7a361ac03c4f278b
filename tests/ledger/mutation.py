"""One cell changed behind everybody's back, and undone again: what a person with the database's password can do."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random  # noqa: TID251
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import Field, Model

from lunheng.clockwork.reconcile import Difference, differences
from lunheng.ledger import coverage
from lunheng.ledger.triggers import drop

LEDGER = (
    "ledger_entry", "ledger_payload", "ledger_pending", "ledger_rowstate", "ledger_sequence", "ledger_tile",
)  # fmt: skip
UNBOUND = {
    ("ledger_pending", "id"): "the order of waiting among files is free until it is numbered",
    ("ledger_tile", "id"): "nothing refers to it",
    ("ledger_rowstate", "id"): "nothing refers to it; the place within the entry is bound",
}
"""Cells that say nothing."""


class Undo(Exception):
    """Leaves the block as if nothing had happened."""


@dataclass(frozen=True)
class Cell:
    """Where something was changed."""

    table: str
    key: str
    column: str
    new_key: str

    def is_located(self, found: list[Difference]) -> bool:
        """Whether table, row and field are named."""
        return any(
            one.table == self.table
            and (self.key in one.row or self.new_key in one.row)
            and (self.column in one.field.split(", ") or one.field == "（整行）")
            for one in found
        )


@contextmanager
def undone() -> Iterator[None]:
    """Do something to the database and see it undone."""
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        pass


def tables() -> list[str]:
    """Every covered table and every table of the ledger that holds something."""
    names = [*coverage.covered(), *LEDGER]
    return [name for name in names if coverage.models()[name]._default_manager.exists()]


def mutate(table: str, random: Random) -> Cell | None:
    """Change one cell of one row; None when the database itself would not have it."""
    model = coverage.models()[table]
    row = random.choice(list(model._default_manager.order_by("pk")))
    columns = [field for field in model._meta.concrete_fields if _says_something(table, field)]
    field = random.choice(columns)
    value = other(field, getattr(row, field.attname), random)
    new_key = str(value) if field.primary_key else str(row.pk)
    return Cell(table, str(row.pk), str(field.column), new_key) if write(row, field, value) else None


def _says_something(table: str, field: "Field[Any, Any]") -> bool:
    is_left_out = field.column in coverage.NOT_COVERED_COLUMNS.get(table, {})
    return not is_left_out and (table, field.column) not in UNBOUND


def write(row: Model, field: "Field[Any, Any]", value: Any) -> bool:
    """Write another value into one cell past the application; False when a constraint forbids it."""
    table, key = row._meta.db_table, row._meta.pk
    statement = f'UPDATE {table} SET "{field.column}" = %s WHERE "{key.column}" = %s'
    parameters = [field.get_db_prep_save(value, connection), key.get_db_prep_save(row.pk, connection)]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return bool(cursor.rowcount == 1)
    except DatabaseError:
        return False


def other(field: "Field[Any, Any]", value: Any, random: Random) -> Any:
    """Another value of the same kind."""
    target: Any = field
    while target.remote_field is not None:
        target = target.target_field
    change = CHANGES.get(target.get_internal_type(), _text)
    return change(value, random)


def _text(value: str | None, random: Random) -> str:
    if not value:
        return "虚"
    place = random.randrange(len(value))
    return value[:place] + ("0" if value[place] != "0" else "1") + value[place + 1 :]


def _bytes(value: Any, random: Random) -> bytes:
    raw = bytearray(bytes(value or b"\0"))
    raw[random.randrange(len(raw))] ^= 1 << random.randrange(8)
    return bytes(raw)


def _number(value: int | None, random: Random) -> int:
    return (value or 0) + random.choice((1, 7, 1000))


def _structure(value: Any, random: Random) -> Any:
    text = json.dumps(value)
    return [*value, "虚"] if isinstance(value, list) else {**(value or {}), "extra": len(text)}


def _moment(value: datetime | None, random: Random) -> datetime:
    start = value or datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    return start + timedelta(seconds=random.randrange(1, 10_000))


def _day(value: date | None, random: Random) -> date:
    return (value or date(2026, 1, 1)) + timedelta(days=random.randrange(1, 400))


CHANGES: dict[str, Callable[[Any, Random], Any]] = {
    "BooleanField": lambda value, _: not value,
    "JSONField": _structure,
    "BinaryField": _bytes,
    "DateTimeField": _moment,
    "DateField": _day,
    "UUIDField": lambda value, _: UUID(int=(value.int if value else 0) ^ 1),
    "DecimalField": lambda value, _: (value or 0) + 1,
    **dict.fromkeys(
        (
            "AutoField", "BigAutoField", "BigIntegerField", "IntegerField",
            "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField",
        ),
        _number,
    ),
}  # fmt: skip


def attack(table: str, random: Random) -> tuple[Cell | None, list[Difference]]:
    """Change a cell of the table with the ledger's refusals lifted; the cell, and what the comparison says then."""
    cell, found = None, []
    with undone():
        drop(connection)
        for _ in range(20):
            cell = cell or mutate(table, random)
        if cell is not None:
            found = list(differences())
    return cell, found
