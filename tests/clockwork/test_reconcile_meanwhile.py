"""Acts and the sequencer do not wait for the nightly comparison, and it takes nothing of what they write for a difference."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from lunheng.clockwork.reconcile import Difference, compare, numbering
from lunheng.ledger.models import Pending
from lunheng.ledger.sequencer import sequence
from tests.conftest import OPENING
from tests.ledger.factory import enter

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def elsewhere(work: Callable[[], object]) -> None:
    """Do it on a connection of its own, and wait for its end."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two readings of the comparison the sequencer numbers what waits."""
    look = numbering._waiting

    def number_first(*given: object) -> object:
        elsewhere(lambda: sequence(OPENING))
        return look(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(numbering, "_waiting", number_first)


def of_the_queue(found: list[Difference]) -> list[Difference]:
    return [one for one in found if one.table in (numbering.PENDING, numbering.SEQUENCE, numbering.TILE)]


def test_what_is_numbered_meanwhile_is_no_difference(busy: None) -> None:
    enter(3)
    found = compare(OPENING)
    assert (of_the_queue(found), Pending.objects.count()) == ([], 0)
