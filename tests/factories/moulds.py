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
NOTES = "ledger_touched"
BEFORE_ANY_TEST = ("django_migrations", "django_content_type", "auth_permission")
NO_TRIGGERS = "SET LOCAL session_replication_role = "
"""The rows come with what the triggers noted of them."""


Rows = dict[str, set[bytes]]


@dataclass(frozen=True)
class Mould:
    """Every row that there is in the end, those that had to be added and taken away for it, and what was returned."""

    rows: Rows
    added: dict[str, bytes]
    """By table, the lines as they are copied."""
    gone: dict[str, list[str]]
    """By table, the primary keys."""
    made: bytes


_kept: dict[Hashable, Mould] = {}
_is_replaced: Callable[[], bool] = lambda: False  # noqa: E731


def cast(name: Hashable, make: Callable[[], T]) -> tuple[Hashable, T]:
    """What ``make`` returns, with the rows that it writes; and the name of the mould that the database now equals, row by
    row, where there is one. It may be kept and poured only if it tosses no coin.
    """
    if not _is_plain() or _filled():
        return None, make()
    key = (name, clock.now())
    if key in _kept:
        return key, cast_of(_kept[key])
    made, tossed = _make_counting(make)
    if tossed:
        return None, made
    _keep(key, {}, made)
    return key, made


def go_on(base: Hashable, name: Hashable, make: Callable[[], T]) -> tuple[Hashable, T]:
    """What ``make`` returns, which adds to what the mould ``base`` has made; and the name of the mould of both.

    Only for whoever was told by ``cast`` or here that the database equals the base, and has seen that this ``Moment`` is
    still now. Chance falls once for all who pour.
    """
    key = (base, name, clock.now())
    if base not in _kept or not _is_plain() or not connection.in_atomic_block or not _is_chance_free():
        return None, make()
    if key in _kept:
        return key, cast_of(_kept[key])
    made = make()
    _keep(key, _kept[base].rows, made)
    return key, made


@dataclass(frozen=True)
class Moment:
    """How much a transaction had written at some time, and the savepoints that it stood in."""

    writes: int
    within: tuple[str | None, ...]

    @property
    def is_now(self) -> bool:
        """Whether nothing was written since, and nothing was taken back: what was counted once stays counted."""
        now = Moment.taken()
        return (now.writes, now.within[: len(self.within)]) == (self.writes, self.within)

    @classmethod
    def taken(cls) -> "Moment":
        """One statement; the count never falls."""
        if connection.vendor != "postgresql":
            return cls(0, ())
        with connection.cursor() as cursor:
            cursor.execute("SELECT SUM(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables")
            return cls(int(cursor.fetchone()[0]), tuple(connection.savepoint_ids))


def watch(replaced: Callable[[], bool]) -> None:
    """Ask ``replaced`` whether the test that runs has replaced parts of the product: it then tells its whole story."""
    global _is_replaced
    _is_replaced = replaced


def cast_of(mould: Mould) -> Any:
    """Pour: the rows, then what was returned."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{NO_TRIGGERS}replica")
        for table, keys in mould.gone.items():
            column = _key_of(table)[1]
            cursor.execute(f"DELETE FROM {table} WHERE CAST({column} AS TEXT) = ANY(%s)", [keys])
        for table, lines in mould.added.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(lines)
        cursor.execute(f"UPDATE {NOTES} SET xact = txid_current() WHERE xact = 0; {NO_TRIGGERS}origin")
    return pickle.loads(mould.made)


def _keep(key: Hashable, before: Rows, made: object) -> None:
    present = _present()
    added = {table: found - before.get(table, set()) for table, found in present.items()}
    gone = {table: found - present.get(table, set()) for table, found in before.items()}
    # Lines that stayed are kept once in memory, however many moulds stand upon each other.
    rows = {
        table: (before.get(table, set()) - gone.get(table, set())) | found for table, found in added.items()
    }
    lines = {table: b"".join(sorted(found)) for table, found in added.items() if found}
    keys = {table: _keys_of(table, found) for table, found in gone.items() if found}
    _kept[key] = Mould(rows, lines, keys, pickle.dumps(made))


def _keys_of(table: str, rows: set[bytes]) -> list[str]:
    place = _key_of(table)[0]
    return sorted(row.rstrip(b"\n").split(b"\t")[place].decode() for row in rows)


def _is_plain() -> bool:
    """Whether what is made now depends on nothing but its name, the moment and the rows that are there."""
    return (
        connection.vendor == "postgresql"
        and not _is_replaced()
        and isinstance(clock._installed[-1], clock.FixedClock)
        and not isinstance(vars(settings)["_wrapped"], UserSettingsHolder)
    )


def _is_chance_free() -> bool:
    """Whether no test has installed dice of its own."""
    return entropy._installed[-1].__module__ == entropy.__name__


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


def _present() -> Rows:
    return {table: _rows_of(table) for table in _filled()}


def _rows_of(table: str) -> set[bytes]:
    """The rows as lines; the notes of the triggers without the transaction, which is another when they are poured."""
    what = f"(SELECT id, 0, table_name, key FROM {NOTES})" if table == NOTES else table
    with connection.cursor() as cursor, cursor.copy(f"COPY {what} TO STDOUT") as copy:
        return set(b"".join(copy).splitlines(keepends=True))


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


@cache
def _key_of(table: str) -> tuple[int, str]:
    """Where a row has its primary key, and its name."""
    with connection.cursor() as cursor:
        column = connection.introspection.get_primary_key_column(cursor, table)
        names = [one.name for one in connection.introspection.get_table_description(cursor, table)]
    assert column is not None
    return names.index(column), column
