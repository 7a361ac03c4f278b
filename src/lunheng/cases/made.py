"""What the acts of one call entered in the ledger, for whoever performed them and wants to hand out receipts."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_made: ContextVar[list[UUID] | None] = ContextVar("made_entries", default=None)


@contextmanager
def collecting() -> Iterator[list[UUID]]:
    """The list into which acts inside the block note what they entered, in order; read it after the block ended well."""
    entries: list[UUID] = []
    token = _made.set(entries)
    try:
        yield entries
    finally:
        _made.reset(token)


def note(entries: Iterable[UUID]) -> None:
    """Note entries of the running act, if somebody collects them."""
    collected = _made.get()
    if collected is not None:
        collected.extend(entries)
