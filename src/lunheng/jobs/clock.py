"""The one clock of the house. Acts never look at it: they are given their moment."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the moment, always aware."""

    def now(self) -> datetime: ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until it is moved: for tests and for the demo's time travel."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def set(self, at: datetime) -> None:
        self.at = at

    def advance(self, **duration: float) -> None:
        self.at += timedelta(**duration)


_installed: list[Clock] = [SystemClock()]


def now() -> datetime:
    """The present moment by the installed clock."""
    return _installed[-1].now()


def install(clock: Clock) -> None:
    """Use ``clock`` from now on, in every thread of this process."""
    _installed[:] = [clock]
