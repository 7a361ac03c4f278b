"""The rows of new entries, written in as few statements as the database allows: every act waits for them.

PostgreSQL takes entry, payload, place in the queue, the head of the file's chain and what the act left of other rows in
one statement; SQLite, which is no journey away, in one for each table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from lunheng.ledger.models import Entry, Payload, Pending, RowState

AT_ONCE = 100
"""States of rows in one statement."""
STATE_COLUMNS = ("entry_id", "place", "table_name", "key", "salt", "digests", "seal")


@dataclass(frozen=True)
class Head:
    """The row of a file that keeps how many entries its chain has and which leaf is the last; its lock is the caller's.

    The table has the columns ``entry_count`` and ``last_leaf`` (hex).
    """

    table: str
    key: int


@dataclass(frozen=True)
class Record:
    """An entry, what it commits to, and the row that keeps the end of its chain, if there is one."""

    entry: Entry
    payload: Payload
    head: Head | None = None

    def values(self) -> dict[str, Any]:
        """Each column's value as the database takes it, under the name of table and column."""
        values = {**_values(self.entry), **_values(self.payload)}
        if self.head:
            leaf = bytes(self.entry.leaf_sha256).hex()
            values |= {"head_key": self.head.key, "head_count": self.entry.subject_number, "head_leaf": leaf}
        return values


def write(records: Sequence[Record], states: Sequence[RowState] = ()) -> None:
    """Insert entries and payloads, let the entries wait for their numbers in this order, and move the heads.

    ``states`` are bound by the first entry, and written with it.

    Raises:
        IntegrityError: an entry's place in its file is taken.
    """
    _write_first(records[0], states[:AT_ONCE])
    _write_more(records[1:])
    for begin in range(AT_ONCE, len(states), AT_ONCE):
        some = states[begin : begin + AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(_insert_states(len(some)), _state_values(some))
    for record in records:
        record.entry._state.adding = False
        record.entry._state.db = connection.alias


def _write_first(record: Record, states: Sequence[RowState]) -> None:
    values = {**record.values(), **_state_values(states)}
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, _table(record), len(states)):
            cursor.execute(statement, values)


def _write_more(records: Sequence[Record]) -> None:
    """Records of a shape follow each other without waiting for the database's answers."""
    if not records:
        return
    by_table: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        by_table.setdefault(_table(record), []).append(record.values())
    with connection.cursor() as cursor:
        for table, values in by_table.items():
            for statement in _statements(connection.vendor, table, 0):
                cursor.executemany(statement, values)


def _table(record: Record) -> str:
    return record.head.table if record.head else ""


def _values(row: Model) -> Mapping[str, Any]:
    return {
        name: getattr(row, field.attname)
        if is_native
        else field.get_db_prep_save(getattr(row, field.attname), connection)
        for name, field, is_native in _columns(type(row), connection.vendor)
    }


def _state_values(states: Sequence[RowState]) -> dict[str, Any]:
    if not states:
        return {}
    [identifier] = {state.entry_id for state in states}
    values: dict[str, Any] = {
        "entry_id": RowState._meta.get_field("entry").get_db_prep_value(identifier, connection)
    }
    for number, state in enumerate(states):
        for column in STATE_COLUMNS[1:]:
            values[f"{column}_{number}"] = getattr(state, column)
    return values


@cache
def _columns(model: type[Model], vendor: str) -> list[tuple[str, Field[Any, Any], bool]]:
    """Name, field, and whether the driver takes the value as it is, as that of PostgreSQL does."""
    table = model._meta.db_table
    return [
        (f"{table}_{field.column}", field, vendor == "postgresql") for field in model._meta.concrete_fields
    ]


@cache
def _statements(vendor: str, head: str, states: int) -> list[str]:
    """One statement or several, for a head in this table, if any, and so many states of rows."""
    waiting = f"INSERT INTO {Pending._meta.db_table} (entry_id) VALUES (%({Entry._meta.db_table}_id)s)"  # noqa: S608  # nosec B608
    before = [_insert(Entry), _insert(Payload)]
    if head:
        before.append(
            f"UPDATE {head} SET entry_count = %(head_count)s, last_leaf = %(head_leaf)s WHERE id = %(head_key)s"  # noqa: S608  # nosec B608
        )
    if states:
        before.append(_insert_states(states))
    if vendor == "postgresql":
        named = ", ".join(f"step_{number} AS ({statement})" for number, statement in enumerate(before))
        return [f"WITH {named} {waiting}"]
    return [*before, waiting]


def _insert(model: type[Model]) -> str:
    table, columns = model._meta.db_table, [str(field.column) for field in model._meta.concrete_fields]
    values = ", ".join(f"%({table}_{column})s" for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"  # noqa: S608  # nosec B608


@cache
def _insert_states(count: int) -> str:
    """The states of so many rows, all of one entry."""
    rows = ", ".join(
        f"(%(entry_id)s, {', '.join(f'%({column}_{number})s' for column in STATE_COLUMNS[1:])})"
        for number in range(count)
    )
    return f"INSERT INTO {RowState._meta.db_table} ({', '.join(STATE_COLUMNS)}) VALUES {rows}"  # noqa: S608  # nosec B608
