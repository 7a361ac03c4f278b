"""Triggers by which the database itself refuses to change or delete ledger rows."""

from django.db.backends.base.base import BaseDatabaseWrapper

UNCHANGING = ("ledger_entry", "ledger_refusedattempt", "ledger_access")
UNDELETABLE = ("ledger_payload",)
MESSAGE = "ledger rows are never changed or deleted"


def create(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place (again)."""
    drop(connection)
    _run(connection, _postgresql_create() if connection.vendor == "postgresql" else _sqlite_create())


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: only migrations and the flush of a test database may."""
    suffix = {"postgresql": " ON {table}", "sqlite": ""}[connection.vendor]
    _run(
        connection,
        [f"DROP TRIGGER IF EXISTS {table}_{verb}{suffix.format(table=table)}" for table, verb in _guarded()],
    )


def _guarded() -> list[tuple[str, str]]:
    both = [(table, verb) for table in UNCHANGING for verb in ("update", "delete")]
    return both + [(table, "delete") for table in UNDELETABLE]


def _sqlite_create() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{verb} BEFORE {verb.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for table, verb in _guarded()
    ]


def _postgresql_create() -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    triggers = []
    for table, verb in _guarded():
        triggers.append(
            f"CREATE TRIGGER {table}_{verb} BEFORE {verb.upper()} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()"
        )
        triggers.append(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{verb}")
    return [function, *triggers]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
