"""Sixteen writers whose commits come late and out of order, and a sequencer that dies after any of its statements.

Every committed entry is numbered once, none that was taken back, and whoever reads by number misses nothing. Whoever
reads by time misses entries: that is the control, and the reason for numbers.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from lunheng.core.ledger.tree import root_at, root_of
from lunheng.ledger import log, sequencer
from lunheng.ledger.models import Entry, Pending, Sequence
from lunheng.ledger.sequencer import sequence
from tests.conftest import OPENING
from tests.ledger.factory import enter

WRITERS = 16
LONGEST_DELAY = 0.050
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only("postgresql", reason="SQLite has one writer at a time, so nothing commits out of order"),
]


class Crash(BaseException):
    """The process is gone."""


@contextmanager
def crashing(after: int) -> Iterator[list[str]]:
    """Cut the connection after so many statements, as the end of a process does; gives the statements."""
    seen: list[str] = []

    def count(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        result = execute(sql, *rest)
        seen.append(sql)
        if len(seen) == after:
            connection.connection.close()
            raise Crash
        return result

    with connection.execute_wrapper(count):
        yield seen


def statements_of_a_batch() -> int:
    """After how many of its statements the sequencer can die."""
    enter(3, subject="CS-0099")
    with crashing(-1) as seen:
        sequence(OPENING)
    return len(seen)


def delay(writer: int, turn: int) -> float:
    """Seconds between writing and committing: any, and the same in every run."""
    drawn = hashlib.sha256(f"{writer}/{turn}".encode()).digest()
    return LONGEST_DELAY * int.from_bytes(drawn[:4], "big") / 2**32


class Watchers:
    """Two who follow the log while it is written: one by number, one by time."""

    def __init__(self) -> None:
        self.by_number: list[Any] = []
        self.by_time: set[Any] = set()
        self.watermark = OPENING - timedelta(days=1)

    def look(self) -> None:
        """Take what is new to each."""
        self.by_number += Sequence.objects.filter(number__gte=len(self.by_number)).order_by("number")
        for entry in Entry.objects.filter(recorded_at__gt=self.watermark).order_by("recorded_at"):
            self.by_time.add(entry.pk)
            self.watermark = entry.recorded_at


class Storm:
    """Writers, watchers, and a sequencer that dies again and again, until all is written."""

    def __init__(self, crashes: int) -> None:
        self.crashes = crashes
        self.points = statements_of_a_batch()
        self.fallen: list[int] = []
        self.committed: list[Any] = []
        self.taken_back: list[Any] = []
        self.failures: list[BaseException] = []
        self.is_over = threading.Event()
        self.watchers = Watchers()
        self.begun = time.monotonic()

    def rage(self) -> "Storm":
        """Let all work at once."""
        writers = [self.start(partial(self.write, number)) for number in range(WRITERS)]
        others = [self.start(self.number_and_die), self.start(self.watch)]
        for thread in writers:
            thread.join()
        self.is_over.set()
        for thread in others:
            thread.join()
        while sequence(OPENING):
            pass
        self.watchers.look()
        return self

    def start(self, work: Callable[[], None]) -> threading.Thread:
        """A thread with a connection of its own, whose failure is kept."""

        def run() -> None:
            try:
                work()
            except BaseException as error:
                self.failures.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def write(self, number: int) -> None:
        """One file's acts until the sequencer has died often enough, at least a few; every fourth is taken back."""
        turn = 0
        while turn < 8 or (len(self.fallen) < self.crashes and not self.failures):
            is_taken_back = turn % 4 == 3
            moment = OPENING + timedelta(seconds=time.monotonic() - self.begun)
            with transaction.atomic():
                (entry,) = enter(1, subject=f"CS-{number:04d}", at=moment)
                time.sleep(delay(number, turn))
                transaction.set_rollback(is_taken_back)
            (self.taken_back if is_taken_back else self.committed).append(entry.pk)
            turn += 1

    def number_and_die(self) -> None:
        """After each death another sequencer goes on; each dies one statement later than the one before."""
        while len(self.fallen) < self.crashes:
            point = 1 + len(self.fallen) % self.points
            try:
                with crashing(point):
                    sequence(OPENING)
            except Crash:
                self.fallen.append(point)
            finally:
                connection.close()
            sequence(OPENING, limit=5)

    def watch(self) -> None:
        """Look every few milliseconds."""
        while not self.is_over.is_set():
            self.watchers.look()
            time.sleep(0.003)


def check(storm: Storm) -> None:
    """Once each, none before its commit, none missed, in the order of its file; and the tree is that of the leaves."""
    places = list(Sequence.objects.select_related("entry").order_by("number"))
    numbered = [place.entry_id for place in places if place.entry.subject != "CS-0099"]
    assert storm.failures == []
    assert sorted(numbered) == sorted(storm.committed)
    assert [place.number for place in places] == list(range(len(places)))
    assert [seen.entry_id for seen in storm.watchers.by_number] == [place.entry_id for place in places]
    assert (Pending.objects.count(), Entry.objects.filter(pk__in=storm.taken_back).count()) == (0, 0)
    in_files = [(place.entry.subject, place.entry.subject_number) for place in places]
    assert sorted(in_files, key=lambda one: one[0]) == sorted(in_files)
    assert root_at(log.size(), log.nodes()) == root_of(bytes(place.entry.leaf_sha256) for place in places)


def test_a_sequencer_that_dies_after_any_statement_loses_and_doubles_nothing() -> None:
    storm = Storm(crashes=0)
    storm.crashes = storm.points * 5
    check(storm.rage())
    assert sorted(set(storm.fallen)) == list(range(1, storm.points + 1))


@pytest.mark.drill
def test_a_sequencer_that_dies_two_hundred_times_after_each_statement_loses_and_doubles_nothing() -> None:
    storm = Storm(crashes=0)
    storm.crashes = storm.points * 200
    check(storm.rage())


def test_who_reads_by_time_misses_what_was_committed_late() -> None:
    storm = Storm(crashes=5).rage()
    missed = set(storm.committed) - storm.watchers.by_time
    assert (len(missed) > 0, len(storm.watchers.by_number)) == (True, len(storm.committed) + 3)


def test_without_its_transaction_the_same_death_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    points = statements_of_a_batch()
    monkeypatch.setattr(sequencer, "transaction", SimpleNamespace(atomic=nullcontext))
    enter(2)
    with pytest.raises(Crash), crashing(points - 1):
        sequence(OPENING)
    connection.close()
    assert (Sequence.objects.count(), Pending.objects.count()) == (5, 2)
