"""What a transaction changed, as the database itself saw it.

Triggers note table and key of every covered row that is inserted, changed or deleted, whoever wrote the statement.
The act takes its notes at its end; notes that nobody took are writes outside of any act.
"""

from collections.abc import Mapping

from django.db import connection as default
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from lunheng.ledger.coverage import NOT_COVERED_COLUMNS, covered, key_of, watched

VERBS = (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD"))


def watch(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on every watched table (again): at the end of a migration, which may have remade tables."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor)) & set(watched())
        columns = {
            table: {one.name for one in connection.introspection.get_table_description(cursor, table)}
            for table in present & set(NOT_COVERED_COLUMNS)
        }
        for statement in _statements(connection.vendor, sorted(present), columns):
            cursor.execute(statement)


def unwatch(connection: BaseDatabaseWrapper, table: str) -> None:
    """Take the triggers off a table whose columns a migration is about to change; ``watch`` puts them back."""
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for verb, _ in VERBS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, verb)}{on}")


def unwatched(connection: BaseDatabaseWrapper) -> list[str]:
    """The triggers that are missing, do not fire or do something else, as ``table_touched_verb``."""
    with connection.cursor() as cursor:
        present = {"postgresql": _firing_in_postgresql, "sqlite": _firing_in_sqlite}[connection.vendor](
            cursor
        )
    wanted = [_name(table, verb) for table in watched() for verb, _ in VERBS]
    return [name for name in wanted if name not in present]


def _firing_in_postgresql(cursor: CursorWrapper) -> set[str]:
    """Enabled for replicas alone is as good as disabled; a namesake on another table notes nothing of ours."""
    cursor.execute(
        "SELECT tgname, proname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
        "WHERE tgenabled IN ('O', 'A') AND tgqual IS NULL AND starts_with(tgname, tgrelid::regclass || '_touched_')"
    )
    # Between the dollars stands what the database keeps of a function.
    ours = {(f"ledger_touch_{key}", _function(key).split("$$")[1]) for key in map(key_of, watched())}
    return {name for name, function, body in cursor.fetchall() if (function, body) in ours}


def _firing_in_sqlite(cursor: CursorWrapper) -> set[str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ours = set(_statements("sqlite", list(watched())))
    return {name for name, statement in cursor.fetchall() if statement in ours}


def mark() -> int:
    """The last note of the present transaction: what comes after it belongs to the act that begins.

    A transaction of PostgreSQL that has just begun has no notes, and nobody is asked. In SQLite the notes that nobody took
    lie beside ours.
    """
    if default.vendor == "postgresql" and not default.savepoint_ids:
        return 0
    with default.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM ledger_touched WHERE xact = {_xact()}")  # noqa: S608  # nosec B608
        return int(cursor.fetchone()[0])


def take(since: int) -> list[tuple[str, str]]:
    """Table and key of every row that this transaction touched after ``since``, each once; the notes go."""
    with default.cursor() as cursor:
        cursor.execute(taking(), [since])
        return sorted(set(cursor.fetchall()))


def taking() -> str:
    """The statement that takes the notes of the present transaction after a given one."""
    return f"DELETE FROM ledger_touched WHERE xact = {_xact()} AND id > %s RETURNING table_name, key"  # noqa: S608  # nosec B608


def _xact() -> str:
    # SQLite has one writer at a time, so the notes of others never mix with ours.
    return "txid_current()" if default.vendor == "postgresql" else "0"


def _name(table: str, verb: str) -> str:
    return f"{table}_touched_{verb}"


def _statements(vendor: str, tables: list[str], columns: Mapping[str, set[str]] | None = None) -> list[str]:
    """With the columns that a table has in the middle of its migrations, only those are named."""
    functions = sorted({key_of(table) for table in tables}) if vendor == "postgresql" else []
    found = [_function(key) for key in functions]
    for table in tables:
        for verb, row in VERBS:
            name = _name(table, verb)
            on = f" ON {table}" if vendor == "postgresql" else ""
            body = (
                _call(table) if vendor == "postgresql" else _insert(table, f"{row}.{_quoted(key_of(table))}")
            )
            found.append(f"DROP TRIGGER IF EXISTS {name}{on}")
            found.append(f"CREATE TRIGGER {name} AFTER {_when(table, verb, columns)} ON {table} {body}")
    return found


def _when(table: str, verb: str, columns: Mapping[str, set[str]] | None) -> str:
    """Where some columns are not covered, only a change of the others is noted."""
    if verb != "update" or table not in NOT_COVERED_COLUMNS:
        return verb.upper()
    named = [one for one in covered()[table] if columns is None or one in columns[table]]
    return f"UPDATE OF {', '.join(map(_quoted, named))}"


def _insert(table: str, key: str) -> str:
    values = f"0, '{table}', CAST({key} AS TEXT)"
    return f"BEGIN INSERT INTO ledger_touched (xact, table_name, key) VALUES ({values}); END"  # noqa: S608  # nosec B608


def _call(table: str) -> str:
    return f"FOR EACH ROW EXECUTE FUNCTION ledger_touch_{key_of(table)}()"


def _function(key: str) -> str:
    """One for each name of a key: the row's key as text, with the transaction that touched it."""
    note = "INSERT INTO ledger_touched (xact, table_name, key) VALUES (txid_current(), TG_TABLE_NAME"
    return (
        f"CREATE OR REPLACE FUNCTION ledger_touch_{key}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN {note}, OLD.{key}::text); ELSE {note}, NEW.{key}::text); END IF; "
        "RETURN NULL; END $$"
    )


def _quoted(column: str) -> str:
    return f'"{column}"'
