"""The database itself keeps the rows of the ledger, also from statements that change or delete them by another name."""

import pytest
from django.db import DatabaseError, connection, transaction

from lunheng.ledger.models import Entry, Sequence
from lunheng.ledger.sequencer import sequence
from lunheng.ledger.triggers import UNCHANGING, UNDELETABLE
from tests.conftest import OPENING
from tests.ledger.conftest import Site
from tests.ledger.factory import enter

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def execute(statement: str, *parameters: str | int) -> None:
    """Send one statement; what it broke is taken back."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.mark.only("postgresql", reason="SQLite has no TRUNCATE")
@pytest.mark.parametrize("table", [*UNCHANGING, *UNDELETABLE])
def test_no_table_of_the_ledger_is_emptied_at_once(table: str) -> None:
    with pytest.raises(DatabaseError, match="never changed"):
        execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.only("sqlite", reason="PostgreSQL knows no REPLACE")
def test_an_entry_is_not_replaced_by_its_number_nor_by_its_place() -> None:
    first, second = enter(2)
    columns = "subject, subject_number, event, body, leaf_sha256, at, recorded_at"
    for identifier, number in ((first.pk.hex, "subject_number + 7"), ("f" * 32, "subject_number")):
        with pytest.raises(DatabaseError, match="never changed"):
            execute(
                f"INSERT OR REPLACE INTO ledger_entry (id, {columns}) SELECT %s, "
                f"{columns.replace('subject_number', number)} FROM ledger_entry WHERE id = %s",
                identifier,
                first.pk.hex,
            )
    assert list(Entry.objects.order_by("subject_number")) == [first, second]


@pytest.mark.only("sqlite", reason="PostgreSQL knows no REPLACE")
def test_no_number_is_given_to_another_entry_by_replacing_it() -> None:
    first, second = enter(2)
    sequence(OPENING)
    for number, entry in ((0, second), (5, first)):
        with pytest.raises(DatabaseError, match="never changed"):
            execute(
                "INSERT OR REPLACE INTO ledger_sequence (number, entry_id) VALUES (%s, %s)",
                number,
                entry.pk.hex,
            )
    assert [place.entry for place in Sequence.objects.order_by("number")] == [first, second]


def test_what_is_new_is_written_all_the_same(site: Site) -> None:
    for _ in range(2):
        enter(1)
        checkpoint = site.publish()
        assert checkpoint is not None
        site.cosign(checkpoint)
    assert Sequence.objects.count() == 2
