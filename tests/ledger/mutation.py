"""One cell changed behind everybody's back, and undone again: what a person with the database's password can do.

The person is the database's owner: the ledger's refusals are lifted, and the triggers that note a change are silent.
"""

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
WHOLE = "（整行）"
TRIES = 20
Column = tuple[str, str]
Find = Callable[[], Iterator[Difference]]


class Undo(Exception):
    """Leaves the block as if nothing had happened."""


@dataclass(frozen=True)
class Cell:
    """Where something was changed; a changed key is a row that is gone and another that came."""

    table: str
    key: str
    column: str
    new_key: str
    kind: str = ""
    value: str = ""

    def is_located(self, found: list[Difference]) -> bool:
        """Whether table, row and field are named."""
        fields = {self.column, WHOLE} if self.key != self.new_key else {self.column}
        return any(
            one.table == self.table
            and one.row in (self.key, self.new_key)
            and not fields.isdisjoint(one.field.split(", "))
            for one in found
        )


@dataclass(frozen=True)
class Value:
    """What is written into a cell: an expression of SQL, and its parameter where it has one."""

    parameter: Any
    expression: str = "%s"

    def parameters(self, field: "Field[Any, Any]") -> list[Any]:
        """The parameter as the database takes it."""
        if "%s" not in self.expression:
            return []
        if self.expression == "%s":
            return [field.get_db_prep_save(self.parameter, connection)]
        return [self.parameter]


@contextmanager
def undone() -> Iterator[None]:
    """Do something to the database and see it undone."""
    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        pass


@contextmanager
def owned() -> Iterator[None]:
    """Take the ledger's refusals and every condition on single rows away; keys stay unique."""
    connection.check_constraints()
    drop(connection)
    _lift_checks()
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def _lift_checks() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT conrelid::regclass, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0 "
                "AND connamespace = current_schema()::regnamespace"
            )
            for table, name in cursor.fetchall():
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")


@contextmanager
def silently() -> Iterator[None]:
    """No trigger notes what the block does, and no foreign key is asked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM ledger_touched")
        (last,) = cursor.fetchone()
        _replicate(connection.vendor, "replica")
        yield
        _replicate(connection.vendor, "origin")
        cursor.execute("DELETE FROM ledger_touched WHERE id > %s", [last])


def _replicate(vendor: str, role: str) -> None:
    """SQLite cannot silence a trigger; there its notes are thrown away."""
    if vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL session_replication_role = {role}")


def tables() -> list[str]:
    """Every covered table and every table of the ledger that holds something."""
    names = [*coverage.covered(), *LEDGER]
    return [name for name in names if coverage.models()[name]._default_manager.exists()]


def columns(*names: str) -> list[Column]:
    """Every column of these tables that says something."""
    return [
        (table, str(field.column))
        for table in names
        for field in coverage.models()[table]._meta.concrete_fields
        if field.column not in coverage.NOT_COVERED_COLUMNS.get(table, {})
        and (table, field.column) not in UNBOUND
    ]


def mutate(place: Column, random: Random) -> Cell | None:
    """Change one cell of this column in one row; None when the database itself would not have it."""
    table, column = place
    model = coverage.models()[table]
    field = next(one for one in model._meta.concrete_fields if one.column == column)
    keys = list(model._default_manager.order_by("pk").values_list("pk", flat=True))
    row = model._default_manager.get(pk=random.choice(keys))
    value = other(field, getattr(row, field.attname), random)
    before = spelled(field, row.pk)
    if not write(row, field, value):
        return None
    if spelled(field, row.pk) == before:
        return None
    new_key = str(value.parameter) if field.primary_key else str(row.pk)
    kind = _target(field).get_internal_type()
    return Cell(table, str(row.pk), column, new_key, kind, f"{value.expression} {value.parameter!r}")


def write(row: Model, field: "Field[Any, Any]", value: Value) -> bool:
    """Write another value into one cell past the application; False when a constraint forbids it, or nothing changed."""
    table, key = row._meta.db_table, row._meta.pk
    statement = f'UPDATE {table} SET "{field.column}" = {value.expression} WHERE "{key.column}" = %s'
    parameters = [*value.parameters(field), key.get_db_prep_save(row.pk, connection)]
    try:
        with transaction.atomic(), silently(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return bool(cursor.rowcount == 1)
    except (DatabaseError, ValueError):
        return False


def spelled(field: "Field[Any, Any]", key: Any) -> Any:
    """A cell as the database itself spells it: what it rounds off or cuts away is no change."""
    table, own = field.model._meta.db_table, field.model._meta.pk
    text = (
        f'"{field.column}"::text'
        if connection.vendor == "postgresql"
        else f'typeof("{field.column}") || hex("{field.column}")'
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT {text} FROM {table} WHERE "{own.column}" = %s', [own.get_db_prep_save(key, connection)]
        )
        return cursor.fetchone()


def _target(field: "Field[Any, Any]") -> "Field[Any, Any]":
    target: Any = field
    while target.remote_field is not None:
        target = target.target_field
    found: Field[Any, Any] = target
    return found


def other(field: "Field[Any, Any]", value: Any, random: Random) -> Value:
    """Another value of the same kind, the empty one where there may be none, or another row where it names one."""
    if field.null and value is not None and random.random() < 0.3:
        return Value(None)
    if field.remote_field is not None and random.random() < 0.5:
        model = field.remote_field.model
        others = model._default_manager.exclude(pk=value).order_by("pk").values_list("pk", flat=True)
        if others:
            return Value(random.choice(list(others)))
    made = CHANGES.get(_target(field).get_internal_type(), _text)(value, random)
    return made if isinstance(made, Value) else Value(made)


def _text(value: str | None, random: Random) -> str:
    """Another letter, a letter less or more; a space or a zero byte that nobody sees."""
    if not value:
        return "虚"
    place = random.randrange(len(value))
    letter = "0" if value[place] != "0" else "1"
    changed = value[:place] + letter + value[place + 1 :]
    hidden = [value + "\0" + letter] if connection.vendor == "sqlite" else []
    return random.choice([changed, changed, value[:-1], value + letter, value + " ", *hidden])


def _bytes(value: Any, random: Random) -> bytes:
    raw = bytearray(bytes(value or b"\0"))
    flipped = bytearray(raw)
    flipped[random.randrange(len(raw))] ^= 1 << random.randrange(8)
    return bytes(random.choice((flipped, flipped, raw[:-1], raw + b"\0")))


def _number(value: int | None, random: Random) -> int:
    return (value or 0) + random.choice((1, 7, 1000))


def _structure(value: Any, random: Random) -> Value:
    """A leaf somewhere in it changed, changed into another kind, put in or taken out; or nothing at all."""
    changed = None if random.random() < 0.1 and value is not None else _leaf_changed(value, random)
    expression = "%s::jsonb" if connection.vendor == "postgresql" else "%s || ''"
    return Value(json.dumps(changed), expression)


def _leaf_changed(value: Any, random: Random) -> Any:
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(sorted(value))
        return {**value, key: _leaf_changed(value[key], random)}
    if isinstance(value, list) and value and random.random() < 0.9:
        place = random.randrange(len(value))
        return [*value[:place], _leaf_changed(value[place], random), *value[place + 1 :]]
    return _of_another_kind(value, random)


def _of_another_kind(value: Any, random: Random) -> Any:
    """The number 2.5 for the text "2.5", the text "None" for nothing, and what else looks alike."""
    match value:
        case dict():
            return {**value, "extra": None}
        case list():
            return [*value, None]
        case bool():
            return random.choice((not value, str(value).lower(), int(value)))
        case int() | float():
            return random.choice((value + 1, str(value), [value]))
        case None:
            return random.choice((False, "", "null", 0))
        case _:
            return random.choice((_number_of(value), _text(value, random), None))


def _number_of(text: str) -> Any:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text + "虚"


def _moment(value: datetime | None, random: Random) -> Value:
    start = value or datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    if connection.vendor == "postgresql" and random.random() < 0.2:
        return Value(None, random.choice(("'infinity'", "'-infinity'", "'20000-01-01'")))
    by = random.choice((timedelta(microseconds=1), timedelta(seconds=random.randrange(1, 10_000))))
    return Value(start + by)


def _day(value: date | None, random: Random) -> Value:
    if connection.vendor == "postgresql" and random.random() < 0.2:
        return Value(None, random.choice(("'infinity'", "'20000-01-01'")))
    return Value((value or date(2026, 1, 1)) + timedelta(days=random.randrange(1, 400)))


CHANGES: dict[str, Callable[[Any, Random], Any]] = {
    "BooleanField": lambda value, _: not value,
    "JSONField": _structure,
    "BinaryField": _bytes,
    "DateTimeField": _moment,
    "DateField": _day,
    "UUIDField": lambda value, _: UUID(int=(value.int if value else 0) ^ 1),
    **dict.fromkeys(
        (
            "AutoField", "BigAutoField", "BigIntegerField", "IntegerField",
            "PositiveBigIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField",
        ),
        _number,
    ),
}  # fmt: skip


def attack(place: Column, random: Random, find: Find = differences) -> tuple[Cell | None, list[Difference]]:
    """Change a cell of the column; the cell, and what the comparison says then."""
    cell, found = None, []
    with undone():
        for _ in range(TRIES):
            cell = cell or mutate(place, random)
        if cell is not None:
            found = list(find())
    return cell, found
