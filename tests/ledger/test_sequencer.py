"""The sequencer: every committed entry gets one number, in order; what stops it leaves nothing half done."""

import pytest
from django.db import DatabaseError, connection, transaction

from lunheng.core.ledger.tree import root_at, root_of
from lunheng.ledger import log, sequencer
from lunheng.ledger.models import Entry, Pending, Sequence, Tile
from lunheng.ledger.sequencer import SequencerError, sequence
from tests.conftest import OPENING
from tests.ledger.factory import enter

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def numbered() -> list[Entry]:
    return [place.entry for place in Sequence.objects.select_related("entry").order_by("number")]


def leaves() -> list[bytes]:
    return [bytes(entry.leaf_sha256) for entry in numbered()]


def test_entries_are_numbered_in_the_order_in_which_they_were_written() -> None:
    entries = [*enter(2, subject="CS-0002"), *enter(3), *enter(1, subject="CS-0002")]
    assert (sequence(OPENING), numbered(), Pending.objects.count()) == (6, entries, 0)


def test_nothing_waits_and_nothing_is_done() -> None:
    assert (sequence(OPENING), Sequence.objects.count(), Tile.objects.count()) == (0, 0, 0)


def test_the_tree_is_that_of_the_leaves_however_it_grew() -> None:
    enter(300)
    steps = [sequence(OPENING, limit=limit) for limit in (1, 255, 7, 100)]
    enter(5)
    steps.append(sequence(OPENING))
    assert (steps, root_at(log.size(), log.nodes())) == ([1, 255, 7, 37, 5], root_of(leaves()))


def test_no_more_than_a_batch_is_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    enter(4)
    assert (sequence(OPENING, limit=3), Pending.objects.count(), sequencer.BATCH) == (3, 1, 2_000)


def test_a_failure_leaves_everything_waiting() -> None:
    enter(2)
    sequence(OPENING)
    Tile.objects.update(hashes=b"\x00" * 32)
    enter(3)
    with pytest.raises(SequencerError, match="before place 2"):
        sequence(OPENING)
    assert (Sequence.objects.count(), Pending.objects.count()) == (2, 3)


@pytest.mark.parametrize(
    "table", ["ledger_sequence", "ledger_checkpoint", "ledger_cosignature", "ledger_tile"]
)
def test_the_database_refuses_to_delete_from_the_log(table: str) -> None:
    enter(1)
    sequence(OPENING)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_checkpoint (id, tree, size, root, note, signed_at) VALUES (1, 'sha256', 1, %s, 'n', %s)",
            [b"r", OPENING],
        )
        cursor.execute(
            "INSERT INTO ledger_cosignature (witness, line, witnessed_at, received_at, checkpoint_id)"
            " VALUES ('w', 'l', %s, %s, 1)",
            [OPENING, OPENING],
        )
    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")


def test_the_database_refuses_to_renumber_an_entry() -> None:
    enter(1)
    sequence(OPENING)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Sequence.objects.update(number=7)
