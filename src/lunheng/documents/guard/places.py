"""Few files are looked through at once: places at the parsers, one for each account and two for each address.

The places are locks on bytes of one file that nobody reads or writes: they hold between all processes of the machine,
end with the process that holds them, and leave nothing behind. Who finds none waits a little, if few wait already, or
is told that the platform is busy. That is our load and nobody's fault: it is kept as no refused attempt.
"""

import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from lunheng.accounts.throttle import Limit, TooManyAttempts, key_of, try_once
from lunheng.core.clauses import Clause
from lunheng.core.errors import Refused
from lunheng.core.verdict import refused

RUNNING = max(1, min(2, (os.cpu_count() or 1) - 1))
"""Parsers at once; one processor is left for everybody else's pages."""
WAITING = 2
PATIENCE = 15.0
"""Seconds that an upload may wait for a parser."""
BEAT = 0.05
OF_ADDRESS = 2
RUN_PLACE, WAIT_PLACE, ACCOUNT_PLACE, ADDRESS_PLACE = 0, 100, 1 << 41, 1 << 42
"""Where on the file the locks of each kind begin."""
FILES_OF_ACCOUNT = Limit("file-account", 120, timedelta(minutes=10))
FILES_OF_ADDRESS = Limit("file-address", 600, timedelta(minutes=10))
BUSY = ("平台繁忙，请稍后再试", "文件没有问题，也没有记为退回；请过一两分钟重新上传")


class Busy(Refused):
    """The platform could not look through the file now; the file may be perfectly right."""

    def __init__(self, clause: Clause) -> None:
        super().__init__(refused(clause, *BUSY))
        self.is_kept = True  # nobody's attempt: our own load
        self.is_passing = True


class TooOften(Refused):
    """This account or address has used up what it may have looked through for now."""

    def __init__(self, clause: Clause, wait: timedelta) -> None:
        minutes = max(1, -(-wait // timedelta(minutes=1)))
        super().__init__(refused(clause, "上传次数过多", f"请在 {minutes} 分钟后再上传"))
        self.is_passing = True


@contextmanager
def held(*, account: str, address: str, at: datetime, clause: Clause) -> Iterator[None]:
    """A place at the parsers for this account and address, for as long as the block lasts.

    Raises:
        TooOften: the budget of the account or of the address is used up.
        Busy: there is no place now.
    """
    try:
        try_once(
            [(FILES_OF_ACCOUNT, key_of("file", account)), (FILES_OF_ADDRESS, key_of("file", address))], at
        )
    except TooManyAttempts as limit:
        raise TooOften(clause, limit.wait) from None
    with _one_of(_own(account), clause), _one_of(_near(address), clause), _parser(clause):
        yield


def is_full(*, account: str, address: str) -> bool:
    """Whether this account at this address would find no place now: asked before the file itself is read."""
    anywhere = [*_running(), *_waiting()]
    return not all(_board.has_room(group) for group in (_own(account), _near(address), anywhere))


def _own(account: str) -> list[int]:
    return [ACCOUNT_PLACE + _number(account)]


def _near(address: str) -> list[int]:
    return [ADDRESS_PLACE + OF_ADDRESS * _number(address) + one for one in range(OF_ADDRESS)]


def _running() -> list[int]:
    return [RUN_PLACE + one for one in range(RUNNING)]


def _waiting() -> list[int]:
    return [WAIT_PLACE + one for one in range(WAITING)]


@contextmanager
def _parser(clause: Clause) -> Iterator[None]:
    place = _board.take(_running())
    if place is None:
        with _one_of(_waiting(), clause):
            place = _wait_for(_running())
    if place is None:
        raise Busy(clause)
    try:
        yield
    finally:
        _board.give(place)


def _wait_for(places: list[int]) -> int | None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(BEAT)
        place = _board.take(places)
        if place is not None:
            return place
    return None


@contextmanager
def _one_of(places: list[int], clause: Clause) -> Iterator[None]:
    place = _board.take(places)
    if place is None:
        raise Busy(clause)
    try:
        yield
    finally:
        _board.give(place)


def _number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:5])


class _Board:
    """Locks on single bytes of one file: between processes by the system, between threads by the set."""

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.taken: set[int] = set()
        self.handle = -1
        self.process = 0

    def take(self, places: list[int]) -> int | None:
        """The first of the places that is free; nothing when none is."""
        with self.guard:
            handle = self._opened()
            for place in places:
                if place not in self.taken and self._lock(handle, place):
                    self.taken.add(place)
                    return place
        return None

    def has_room(self, places: list[int]) -> bool:
        """Whether one of the places is free."""
        place = self.take(places)
        if place is not None:
            self.give(place)
        return place is not None

    def give(self, place: int) -> None:
        """Leave a place."""
        with self.guard:
            if place in self.taken:
                self.taken.discard(place)
                fcntl.lockf(self.handle, fcntl.LOCK_UN, 1, place)

    @staticmethod
    def _lock(handle: int, place: int) -> bool:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError:
            return False
        return True

    def _opened(self) -> int:
        if self.process != os.getpid():  # a forked process holds no lock of its parent's
            folder = Path(settings.VAR)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.handle = os.open(folder / "parsers.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self.process, self.taken = os.getpid(), set()
        return self.handle


_board = _Board()
