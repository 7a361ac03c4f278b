"""What an act's end asks of the database, in as few statements as it allows: every act waits for the answers.

PostgreSQL gives the notes of the touched rows, the rows as they were left and the earlier events of the files in one
statement. It has to name the tables beforehand: those that acts of the kind have touched in this process so far; a row of
any other table is read by a statement of its own. SQLite, which is no journey away, is asked one by one.
"""

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection

from lunheng.ledger import rowstates, touching
from lunheng.ledger.coverage import key_of
from lunheng.ledger.models import Entry

MOST_TABLES = 16
"""Tables in one statement; the database opens each of them."""
Wanted = Mapping[str, Set[str]]
"""The events that are looked for, by file."""
_touched: dict[str, tuple[str, ...]] = {}
"""The tables that acts of a kind have touched in this process so far: no truth, only what to ask for first."""


@dataclass(frozen=True)
class Closing:
    """What a transaction did, and what the log has."""

    touched: list[rowstates.Row]
    cells: Mapping[rowstates.Row, rowstates.Cells]
    events: Mapping[str, Set[str]]


def close(event: str, since: int, wanted: Wanted) -> Closing:
    """Take the notes after ``since``, read the rows, and find those of the wanted events that the files have."""
    if connection.vendor == "postgresql":
        return _at_once(event, since, wanted)
    touched = touching.take(since)
    return Closing(touched, rowstates.cells(touched), _events(wanted))


def _events(wanted: Wanted) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for subject, events in wanted.items():
        have = Entry.objects.filter(subject=subject, event__in=events).order_by()
        found[subject] = set(have.values_list("event", flat=True))
    return found


def _at_once(event: str, since: int, wanted: Wanted) -> Closing:
    known = _touched.get(event, ())
    subjects = list(wanted)
    events = sorted({one for some in wanted.values() for one in some})
    parameters: list[Any] = [since, subjects, events] if wanted else [since]
    touched: list[rowstates.Row] = []
    cells: dict[rowstates.Row, rowstates.Cells] = {}
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_statement(known, bool(wanted)), parameters)
        for table, key, text, subject in cursor.fetchall():
            if subject is not None:
                found.setdefault(subject, set()).add(key)
                continue
            touched.append((table, key))
            if text is not None:
                cells[table, key] = json.loads(text, parse_float=str)
    touched.sort()
    cells.update(_others(event, known, touched))
    return Closing(touched, cells, found)


def _others(
    event: str, known: tuple[str, ...], touched: Iterable[rowstates.Row]
) -> Mapping[rowstates.Row, Any]:
    """The rows of tables that nobody had thought of; from now on they are asked for at once."""
    others = [row for row in touched if row[0] not in known]
    if others:
        _touched[event] = tuple(sorted({*known, *(table for table, _ in others)})[:MOST_TABLES])
    return rowstates.cells(others)


@cache
def _statement(tables: tuple[str, ...], has_wanted: bool) -> str:
    """Each row by its key, so that no size of a table leads the database to read it whole."""
    rows = " ".join(
        f"WHEN '{table}' THEN (SELECT {rowstates.row_of(table)} FROM {table} WHERE {key_of(table)} = CAST(note.key AS {rowstates.key_type(table)}))"  # noqa: S608  # nosec B608
        for table in tables
    )
    cells = f"CASE note.table_name {rows} END" if rows else "NULL"
    notes = (
        f"WITH taken AS ({touching.taking()}) SELECT note.table_name, note.key, {cells}, NULL "  # noqa: S608  # nosec B608
        "FROM (SELECT DISTINCT table_name, key FROM taken) AS note"
    )
    entries = (
        f" UNION ALL SELECT DISTINCT NULL, event, NULL, subject FROM {Entry._meta.db_table} "  # noqa: S608  # nosec B608
        "WHERE subject = ANY(%s) AND event = ANY(%s)"
    )
    return notes + entries if has_wanted else notes
