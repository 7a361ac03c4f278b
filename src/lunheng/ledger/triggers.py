"""Triggers by which the database itself refuses to change or delete ledger rows."""

from django.db.backends.base.base import BaseDatabaseWrapper

UNCHANGING = (
    "ledger_entry",
    "ledger_refusedattempt",
    "ledger_access",
    "ledger_sequence",
    "ledger_checkpoint",
    "ledger_cosignature",
    "ledger_rowstate",
)
UNDELETABLE = ("ledger_payload", "ledger_tile")
BY_ANOTHER_NAME = {"postgresql": "truncate", "sqlite": "insert"}
"""PostgreSQL deletes by TRUNCATE without asking the rows, SQLite by INSERT OR REPLACE."""
ERASES = {
    ("ledger_rowstate", "update"): (
        "NEW.salt IS NULL AND NEW.digests IS NULL AND OLD.salt IS NOT NULL AND NEW.id = OLD.id "
        "AND NEW.entry_id = OLD.entry_id AND NEW.place = OLD.place AND NEW.table_name = OLD.table_name "
        "AND NEW.key = OLD.key AND NEW.seal = OLD.seal"
    )
}
"""The one change that passes: what can be guessed is destroyed, and everything that the entry binds stays. Once."""
MESSAGE = "ledger rows are never changed or deleted"


def create(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place (again)."""
    drop(connection)
    guarded = _guarded(connection)
    is_postgresql = connection.vendor == "postgresql"
    _run(connection, _postgresql_create(guarded) if is_postgresql else _sqlite_create(connection, guarded))


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: only migrations and the flush of a test database may."""
    suffix = {"postgresql": " ON {table}", "sqlite": ""}[connection.vendor]
    _run(
        connection,
        [
            f"DROP TRIGGER IF EXISTS {table}_{verb}{suffix.format(table=table)}"
            for table, verb in _guarded(connection)
        ],
    )


def _guarded(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Table and verb of every trigger; tables that a later migration makes are not there yet."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    other = BY_ANOTHER_NAME[connection.vendor]
    guarded = [(table, verb) for table in UNCHANGING for verb in ("update", "delete", other)]
    # A tile grows by an insert that finds it there, which SQLite could not tell from replacing it.
    verbs = ("delete", other) if other == "truncate" else ("delete",)
    guarded += [(table, verb) for table in UNDELETABLE for verb in verbs]
    return [(table, verb) for table, verb in guarded if table in present]


def _sqlite_create(connection: BaseDatabaseWrapper, guarded: list[tuple[str, str]]) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{verb} BEFORE {verb.upper()} ON {table} "
        f"{_when_replacing(connection, table) if verb == 'insert' else _unless_erasing(table, verb)} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for table, verb in guarded
    ]


def _when_replacing(connection: BaseDatabaseWrapper, table: str) -> str:
    """Where a row with the new one's key, or with anything else that is unique, is there already."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table).values()
    unique = [one["columns"] for one in found if one["unique"] or one["primary_key"]]
    same = [" AND ".join(f'"{column}" = NEW."{column}"' for column in columns) for columns in unique]
    return f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(same)})"  # noqa: S608  # nosec B608


def _unless_erasing(table: str, verb: str) -> str:
    erases = ERASES.get((table, verb))
    return f"WHEN (({erases}) IS NOT TRUE)" if erases else ""


def _postgresql_create(guarded: list[tuple[str, str]]) -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    triggers = []
    for table, verb in guarded:
        triggers.append(
            f"CREATE TRIGGER {table}_{verb} BEFORE {verb.upper()} ON {table} "
            f"FOR EACH {'STATEMENT' if verb == 'truncate' else 'ROW'} {_unless_erasing(table, verb)} "
            "EXECUTE FUNCTION ledger_refuse()"
        )
        triggers.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{verb}")
    return [function, *triggers]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
