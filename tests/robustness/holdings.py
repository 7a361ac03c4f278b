"""Everything the business holds, row by row."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps

LOOKED_ON = frozenset(
    {
        "ledger_refusedattempt", "ledger_access", "ledger_tally", "accounts_attempt", "django_session",
        "django_migrations",
    }
)  # fmt: skip
"""What was tried, how often, and who looked is kept even when nothing happens."""


def holdings() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, tables of refusals, looks and sessions aside."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        table = model._meta.db_table
        if model._meta.managed and table not in LOOKED_ON:
            kept = [field.attname for field in model._meta.concrete_fields if field.attname != "last_login"]
            found[table] = [_plain(row) for row in model._default_manager.order_by("pk").values_list(*kept)]
    return found


def _plain(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
