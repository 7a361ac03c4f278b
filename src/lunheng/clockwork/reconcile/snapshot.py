"""Reading of one moment, while acts and the sequencer go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Let everything that is read inside be of one moment, and nothing be written; nobody else waits for it.

    Inside another transaction the reader sees what that sees.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            _say("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # What Django begins waits for the turn to write; this only reads.
        _say("BEGIN DEFERRED")
        try:
            yield
        finally:
            _say("ROLLBACK")


def _say(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def aside() -> Iterator[None]:
    """Let what fails inside fail alone: PostgreSQL reads nothing more in a transaction in which a statement failed."""
    if connection.vendor == "postgresql" and connection.in_atomic_block:
        with transaction.atomic():
            yield
    else:
        yield
