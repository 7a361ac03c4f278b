"""``lunheng migrate`` as operators run it."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from lunheng.cli.server import has_migrations, put_guards_back
from lunheng.ledger import touching, triggers
from lunheng.ledger.models import Entry
from tests.ledger.factory import enter

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def change_an_entry() -> None:
    """What the ledger's own triggers refuse."""
    with transaction.atomic():
        Entry.objects.update(event="trial.other/1")


def test_whether_a_migration_waits_is_known_before() -> None:
    assert not has_migrations()
    MigrationRecorder(connection).record_unapplied("pools", "0004_engine")
    assert has_migrations()


@pytest.fixture
def stranger() -> Iterator[None]:
    """The program's user reads and writes, and owns no table."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_writer NOLOGIN")
        cursor.execute("GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO plain_writer")
        cursor.execute("SET LOCAL ROLE plain_writer")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_guards_that_somebody_took_away_are_put_back() -> None:
    enter(1)
    connection.check_constraints()
    triggers.drop(connection)
    put_guards_back()
    with pytest.raises(DatabaseError, match=triggers.MESSAGE):
        change_an_entry()
    assert touching.unwatched(connection) == []


@pytest.mark.only("postgresql", reason="a file has one owner")
def test_who_may_not_put_them_back_is_told_and_they_stay(
    request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(1)
    connection.check_constraints()
    request.getfixturevalue("stranger")
    put_guards_back()
    assert capsys.readouterr().err.count("无权重建") == 2
    with pytest.raises(DatabaseError, match=triggers.MESSAGE):
        change_an_entry()


def test_any_other_fault_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers, "MESSAGE", "'")
    with pytest.raises(DatabaseError):
        put_guards_back()
