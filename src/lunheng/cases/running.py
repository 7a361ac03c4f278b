"""The act that is running in this thread of execution: what it locked, entered and set due."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol, TypeVar
from uuid import UUID

from lunheng.core.actor import Actor
from lunheng.core.policy import Law
from lunheng.jobs import clock
from lunheng.ledger.append import Line, new_identifier
from lunheng.ledger.models import Entry

REVIEW = "review"
"""The kind of file that has an order of steps."""


class File(Protocol):
    """A case, as the running act knows it."""

    last_leaf: str

    @property
    def pk(self) -> int: ...

    @property
    def reference(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def state(self) -> str: ...

    @property
    def law(self) -> Law: ...


R = TypeVar("R")


class ActError(Exception):
    """An act broke a rule of the house: a fault of ours, never of the person in front of the screen."""


@dataclass
class Run:
    """One performance of one act."""

    event: str
    actor: Actor | None = None
    further: tuple[str, ...] = ()
    locked: set[int] = field(default_factory=set)
    found: dict[int, str] = field(default_factory=dict)
    """The state in which each review was found when it was locked."""
    entered: set[tuple[int, str]] = field(default_factory=set)
    lines: list[tuple[File, Line, Entry]] = field(default_factory=list)
    read: dict[tuple[Hashable, ...], Any] = field(default_factory=dict)

    @property
    def events(self) -> tuple[str, ...]:
        """Everything that the act may enter."""
        return (self.event, *self.further)

    def locks(self, cases: Iterable[File]) -> None:
        """Note files that the act has locked, each with the state in which it was found."""
        for case in cases:
            self.locked.add(case.pk)
            self.found.setdefault(case.pk, case.state)

    def enters(self, case_id: int, event: str) -> None:
        """Note the entry of a file; only a locked file, only what the act declares, and that once."""
        if case_id not in self.locked:
            raise ActError(f"{self.event} entered a file that it had not locked")
        if event not in self.events:
            raise ActError(f"{self.event} does not declare that it may enter {event}")
        if (case_id, event) in self.entered:
            raise ActError(f"{self.event} entered a file twice")
        self.entered.add((case_id, event))

    @cached_property
    def recorded_at(self) -> datetime:
        """The server's moment of all that this act enters."""
        return clock.now()

    @cached_property
    def entry_id(self) -> UUID:
        """The identifier of the act's first entry, by which its deadlines are opened."""
        return new_identifier(self.recorded_at)

    def writes(self, case: File, line: Line, entry: Entry) -> None:
        """Keep a line until the act's end: only then is known what the act changed."""
        self.lines.append((case, line, entry))

    def finish(self) -> None:
        """See that the act entered something."""
        if not self.lines:
            raise ActError(f"{self.event} entered nothing in the ledger")


_running: ContextVar[Run | None] = ContextVar("running_act", default=None)


def current() -> Run:
    """The running act.

    Raises:
        ActError: nothing is running; rows of a case change only inside an act.
    """
    run = _running.get()
    if run is None:
        raise ActError("no act is running")
    return run


def once(key: tuple[Hashable, ...], read: Callable[[], R]) -> R:
    """What ``read`` answers, asked once in an act; outside of acts it is asked every time.

    Only for what the locks of the act hold still. Who changes it inside the act says so with ``forget``.
    """
    run = _running.get()
    if run is None:
        return read()
    if key not in run.read:
        run.read[key] = read()
    found: R = run.read[key]
    return found


def forget(*key: Hashable) -> None:
    """Let the running act read anew whatever it keeps under keys that begin so: it has changed it."""
    run = _running.get()
    if run is not None:
        run.read = {kept: found for kept, found in run.read.items() if kept[: len(key)] != key}


def events() -> tuple[str, ...] | None:
    """What the running act may enter; None where none is running."""
    run = _running.get()
    return None if run is None else run.events


def start(event: str, actor: Actor | None = None, further: tuple[str, ...] = ()) -> object:
    """Begin an act; never inside another."""
    if _running.get() is not None:
        raise ActError(f"{event} was called inside another act")
    return _running.set(Run(event, actor, further))


def stop(token: object) -> None:
    """End the act, however it ended."""
    _running.reset(token)  # type: ignore[arg-type]
