"""The rows of a stored SQLite file into an empty PostgreSQL database: ``python -m tests.upgrade.moving FILE``.

The database is first brought to the migrations that the file has gone through and no further, so that its tables are those
of the release; then every row is copied as it is, past all triggers.
"""

import sys
from typing import Any

from tests.harness import environment

COUNTERS = """SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND is_identity = 'YES'"""
UNTOUCHED = frozenset({"django_migrations"})


def targets(stored: Any) -> list[tuple[str, str]]:
    """The last migration of each app that the file has gone through."""
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(dict(sorted(MigrationRecorder(stored).applied_migrations())).items())


def columns_of(cursor: Any, table: str) -> dict[str, str]:
    """The columns of a table and what PostgreSQL calls their types."""
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
        [table],
    )
    return dict(cursor.fetchall())


def value(kind: str, given: Any) -> Any:
    """A value as PostgreSQL wants it; SQLite keeps truth as a number and moments as text in UTC."""
    if given is None:
        return None
    if kind == "boolean":
        return bool(given)
    if kind == "timestamp with time zone":
        return f"{given}+00:00"
    if kind == "bytea":
        return bytes(given)
    return given


def move(stored: Any, target: Any) -> None:
    """Copy every table, then set the counters behind the last row."""
    with stored.cursor() as source, target.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        there = set(target.introspection.table_names(cursor)) - UNTOUCHED
        for table in stored.introspection.table_names(source):
            if table in there:
                copy(source, cursor, table)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(COUNTERS)
        for table, column in cursor.fetchall():
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence(%s, %s), COALESCE(MAX({column}), 0) + 1, false) FROM {table}",
                [table, column],
            )


def copy(source: Any, cursor: Any, table: str) -> None:
    """The rows of one table."""
    kinds = columns_of(cursor, table)
    source.execute(f'SELECT * FROM "{table}"')
    names = [column[0] for column in source.description]
    rows = [
        [value(kinds[name], given) for name, given in zip(names, row, strict=True)]
        for row in source.fetchall()
    ]
    listed, marks = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
    cursor.execute(f'DELETE FROM "{table}"')
    if rows:
        cursor.executemany(f'INSERT INTO "{table}" ({listed}) OVERRIDING SYSTEM VALUE VALUES ({marks})', rows)


def main(file: str) -> int:
    """Migrate so far, then move."""
    import django

    django.setup()
    from django.db import connection, connections
    from django.db.migrations.executor import MigrationExecutor

    connections.databases["stored"] = {
        **connection.settings_dict,
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {},
    }
    stored = connections["stored"]
    MigrationExecutor(connection).migrate(targets(stored))
    move(stored, connection)
    return 0


if __name__ == "__main__":
    assert environment.scratch
    sys.exit(main(sys.argv[1]))
