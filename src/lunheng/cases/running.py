"""The act that is running in this thread of execution: what it locked, entered and set due."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lunheng.cases.models import Deadline
    from lunheng.core.actor import Actor
    from lunheng.ledger.models import Entry


class ActError(Exception):
    """An act broke a rule of the house: a fault of ours, never of the person in front of the screen."""


@dataclass
class Run:
    """One performance of one act."""

    event: str
    actor: Actor | None = None
    further: tuple[str, ...] = ()
    locked: set[int] = field(default_factory=set)
    entered: set[tuple[int, str]] = field(default_factory=set)
    deadlines: list[Deadline] = field(default_factory=list)
    entry: Entry | None = None

    def enters(self, case_id: int, event: str) -> None:
        """Note the entry of a file; only a locked file, only what the act declares, and that once."""
        if case_id not in self.locked:
            raise ActError(f"{self.event} entered a file that it had not locked")
        if event not in (self.event, *self.further):
            raise ActError(f"{self.event} does not declare that it may enter {event}")
        if (case_id, event) in self.entered:
            raise ActError(f"{self.event} entered a file twice")
        self.entered.add((case_id, event))

    def opened(self, entry: Entry) -> None:
        """Remember the act's first entry, by which its deadlines were opened."""
        self.entry = self.entry or entry

    def opens(self, deadline: Deadline) -> None:
        """Remember a deadline that the act set."""
        self.deadlines.append(deadline)

    def finish(self) -> None:
        """At least one entry; deadlines are told which entry opened them."""
        if self.entry is None:
            raise ActError(f"{self.event} entered nothing in the ledger")
        for deadline in self.deadlines:
            deadline.opened_by = self.entry.id
            deadline.save(update_fields=("opened_by",))


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


def start(event: str, actor: Actor | None = None, further: tuple[str, ...] = ()) -> object:
    """Begin an act; never inside another."""
    if _running.get() is not None:
        raise ActError(f"{event} was called inside another act")
    return _running.set(Run(event, actor, further))


def stop(token: object) -> None:
    """End the act, however it ended."""
    _running.reset(token)  # type: ignore[arg-type]
