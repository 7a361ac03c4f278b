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
MESSAGE = "ledger rows are never changed or deleted"


def create(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place (again)."""
    drop(connection)
    guarded = _guarded(connection)
    _run(
        connection,
        _postgresql_create(guarded) if connection.vendor == "postgresql" else _sqlite_create(guarded),
    )


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
    both = [(table, verb) for table in UNCHANGING for verb in ("update", "delete")]
    guarded = both + [(table, "delete") for table in UNDELETABLE]
    return [(table, verb) for table, verb in guarded if table in present]


def _sqlite_create(guarded: list[tuple[str, str]]) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{verb} BEFORE {verb.upper()} ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for table, verb in guarded
    ]


def _postgresql_create(guarded: list[tuple[str, str]]) -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    triggers = []
    for table, verb in guarded:
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
