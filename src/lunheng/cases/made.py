"""What the acts of one call entered in the ledger, for whoever performed them and wants to hand out receipts; and what
a caller has to keep together with them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_made: ContextVar[list[UUID] | None] = ContextVar("made_entries", default=None)
_keep: ContextVar[Callable[[object], None] | None] = ContextVar("kept_beside", default=None)


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


@contextmanager
def keeping(keep: Callable[[object], None]) -> Iterator[None]:
    """Acts inside the block call ``keep`` with what they return, in their own transaction: both are kept or neither."""
    token = _keep.set(keep)
    try:
        yield
    finally:
        _keep.reset(token)


def keep(result: object) -> None:
    """Let the caller of the running act keep what the act is about to return, if it asked to."""
    kept_by = _keep.get()
    if kept_by is not None:
        kept_by(result)
