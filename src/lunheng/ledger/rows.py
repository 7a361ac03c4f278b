"""The rows of new entries, written in as few statements as the database allows: every act waits for them.

PostgreSQL takes entry, payload and place in the queue in one statement; SQLite, which is no journey away, in three.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model

from lunheng.ledger.models import Entry, Payload, Pending


def write(pairs: Sequence[tuple[Entry, Payload]]) -> None:
    """Insert entries and payloads, and let the entries wait for their numbers in this order.

    Raises:
        IntegrityError: an entry's place in its file is taken.
    """
    rows = [{**_values(entry), **_values(payload)} for entry, payload in pairs]
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            if len(rows) == 1:
                cursor.execute(statement, rows[0])
            else:
                cursor.executemany(statement, rows)
    for entry, _ in pairs:
        entry._state.adding = False
        entry._state.db = connection.alias


def _values(row: Model) -> Mapping[str, Any]:
    """Each column's value as the database takes it, under the name of table and column."""
    return {
        name: getattr(row, field.attname)
        if is_native
        else field.get_db_prep_save(getattr(row, field.attname), connection)
        for name, field, is_native in _columns(type(row), connection.vendor)
    }


@cache
def _columns(model: type[Model], vendor: str) -> list[tuple[str, Field[Any, Any], bool]]:
    """Name, field, and whether the driver takes the value as it is, as that of PostgreSQL does."""
    table = model._meta.db_table
    return [
        (f"{table}_{field.column}", field, vendor == "postgresql") for field in model._meta.concrete_fields
    ]


@cache
def _statements(vendor: str) -> list[str]:
    entry, payload = _insert(Entry), _insert(Payload)
    waiting = f"INSERT INTO {Pending._meta.db_table} (entry_id) VALUES (%({Entry._meta.db_table}_id)s)"  # noqa: S608  # nosec B608
    if vendor == "postgresql":
        return [f"WITH entry AS ({entry}), payload AS ({payload}) {waiting}"]
    return [entry, payload, waiting]


def _insert(model: type[Model]) -> str:
    table, columns = model._meta.db_table, [str(field.column) for field in model._meta.concrete_fields]
    values = ", ".join(f"%({table}_{column})s" for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"  # noqa: S608  # nosec B608
