"""Flushing test databases in spite of the ledger's triggers.

The triggers refuse DELETE, also when Django empties all tables after a transactional or live-server test; so
they are dropped before that flush and made again after it. What others of them noted of the rows that went, where the
database empties table by table, goes too: the next test would take it for writes outside of any act.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connections
from django.test import TransactionTestCase


@contextmanager
def without_ledger_triggers() -> Iterator[None]:
    """Lift the ledger's refusal of DELETE for the length of the block."""
    if not apps.is_installed("lunheng.ledger"):
        yield
        return
    from lunheng.ledger import triggers

    connection = connections["default"]
    triggers.drop(connection)
    try:
        yield
    finally:
        triggers.create(connection)


def _forget_notes() -> None:
    if apps.is_installed("lunheng.ledger"):
        with connections["default"].cursor() as cursor:
            cursor.execute("DELETE FROM ledger_touched")


@contextmanager
def flush_without_triggers() -> Iterator[None]:
    """Make every flush between tests lift the triggers first."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_ledger_too(self: Any) -> None:
        with without_ledger_triggers():
            flush(self)
        _forget_notes()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_ledger_too)
        yield
