"""Writers and sequencers at once: every committed entry is numbered once, none that was taken back, no gap."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from lunheng.core.ledger.tree import root_at, root_of
from lunheng.ledger import log
from lunheng.ledger.models import Entry, Pending, Sequence
from lunheng.ledger.sequencer import sequence
from tests.conftest import OPENING
from tests.ledger.factory import enter

WRITERS, SEQUENCERS, ROUNDS = 4, 3, 15


class Crowd:
    """Writers, every third of whose transactions is taken back, and sequencers, until the writers are done."""

    def __init__(self) -> None:
        self.failures: list[BaseException] = []
        self.is_over = threading.Event()

    def work(self) -> None:
        """Let all of them work at once."""
        writers = [
            threading.Thread(target=self.guard(self.write), args=(number,)) for number in range(WRITERS)
        ]
        sequencers = [threading.Thread(target=self.guard(self.number_all)) for _ in range(SEQUENCERS)]
        for thread in (*writers, *sequencers):
            thread.start()
        for thread in writers:
            thread.join()
        self.is_over.set()
        for thread in sequencers:
            thread.join()

    def write(self, number: int) -> None:
        """One file's acts."""
        for turn in range(ROUNDS):
            with transaction.atomic():
                enter(2, subject=f"CS-{number}")
                transaction.set_rollback(turn % 3 == 2)

    def number_all(self) -> None:
        """One of several sequencers."""
        while not self.is_over.is_set():
            sequence(OPENING, limit=7)

    def guard(self, work: Callable[..., None]) -> Callable[..., None]:
        """Keep what went wrong, and leave no connection behind."""

        def guarded(*arguments: int) -> None:
            try:
                work(*arguments)
            except BaseException as error:
                self.failures.append(error)
            finally:
                connection.close()

        return guarded


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_every_committed_entry_is_numbered_once() -> None:
    crowd = Crowd()
    crowd.work()
    while sequence(OPENING):
        pass
    committed = WRITERS * 2 * (ROUNDS - ROUNDS // 3)
    places = list(Sequence.objects.select_related("entry").order_by("number"))
    in_files = [(place.entry.subject, place.entry.subject_number) for place in places]
    assert crowd.failures == []
    assert (Entry.objects.count(), Pending.objects.count()) == (committed, 0)
    assert [place.number for place in places] == list(range(committed))
    assert root_at(log.size(), log.nodes()) == root_of(bytes(place.entry.leaf_sha256) for place in places)
    assert sorted(in_files, key=lambda one: one[0]) == sorted(in_files)
