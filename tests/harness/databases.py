"""Flushing test databases in spite of the ledger's triggers.

The triggers refuse DELETE, also when Django empties all tables after a transactional or live-server test; so
they are dropped before that flush and made again after it.
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


@contextmanager
def flush_without_triggers() -> Iterator[None]:
    """Make every flush between tests lift the triggers first."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_ledger_too(self: Any) -> None:
        with without_ledger_triggers():
            flush(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_ledger_too)
        yield
