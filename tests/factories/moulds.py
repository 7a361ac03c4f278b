"""What the tests of one process have made once is poured again: the rows as PostgreSQL copies them, the objects as bytes.

A mould is taken from an empty database at a fixed moment under untouched settings, and poured only into the like. Where
that is not so (another database, a clock that runs, rows that are there already) everything is made anew.
"""

import pickle
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.conf import UserSettingsHolder, settings
from django.db import connection, transaction

from lunheng.jobs import clock, entropy

T = TypeVar("T")
BEFORE_ANY_TEST = ("django_migrations", "django_content_type", "auth_permission")
NO_TRIGGERS = "SET LOCAL session_replication_role = "
"""The rows come with what the triggers noted of them."""


@dataclass(frozen=True)
class Mould:
    """The rows of every table that was not empty, and what the maker returned."""

    rows: dict[str, bytes]
    made: bytes


_kept: dict[Hashable, Mould] = {}


def cast(name: Hashable, make: Callable[[], T]) -> T:
    """What ``make`` returns, with the rows that it writes. It may be kept and poured only if it tosses no coin."""
    if not _is_plain():
        return make()
    key = (name, clock.now())
    if key in _kept:
        poured: T = _pour(_kept[key])
        return poured
    made, tossed = _make_counting(make)
    if not tossed:
        _kept[key] = Mould({table: _rows_of(table) for table in _filled()}, pickle.dumps(made))
    return made


def _is_plain() -> bool:
    """Whether what is made now depends on nothing but its name and the moment."""
    return (
        connection.vendor == "postgresql"
        and isinstance(clock._installed[-1], clock.FixedClock)
        and not isinstance(vars(settings)["_wrapped"], UserSettingsHolder)
        and not _filled()
    )


def _make_counting(make: Callable[[], T]) -> tuple[T, int]:
    """What was made, and how many seeds it took."""
    source, taken = entropy._installed[-1], []

    def counted() -> bytes:
        taken.append(source())
        return taken[-1]

    entropy.install(counted)
    try:
        return make(), len(taken)
    finally:
        entropy.install(source)


def _pour(mould: Mould) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{NO_TRIGGERS}replica")
        for table, rows in mould.rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
        cursor.execute(f"UPDATE ledger_touched SET xact = txid_current(); {NO_TRIGGERS}origin")
    return pickle.loads(mould.made)


def _rows_of(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


def _filled() -> list[str]:
    """The tables that hold rows, besides those that hold them before any test."""
    with connection.cursor() as cursor:
        cursor.execute(_question())
        return [row[0] for row in cursor.fetchall()]


@cache
def _question() -> str:
    with connection.cursor() as cursor:
        tables = sorted(set(connection.introspection.table_names(cursor)) - set(BEFORE_ANY_TEST))
    return " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
