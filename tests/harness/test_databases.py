"""The ledger's triggers step aside for the flush of a test database, and only for that."""

import pytest
from django.db import DatabaseError
from django.test import TransactionTestCase

from lunheng.accounts.models import Account
from lunheng.ledger.models import RefusedAttempt, Touched
from tests.conftest import OPENING
from tests.harness.databases import without_ledger_triggers

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]


def refuse_something() -> RefusedAttempt:
    """Leave one row in the ledger."""
    return RefusedAttempt.objects.create(act="虚构", account="虚构", role="public", reasons=[], at=OPENING)


def test_the_ledger_refuses_deletion_during_a_test() -> None:
    attempt = refuse_something()
    with pytest.raises(DatabaseError):
        attempt.delete()


def test_the_flush_between_tests_empties_the_ledger() -> None:
    refuse_something()
    TransactionTestCase("__init__")._fixture_teardown()  # type: ignore[attr-defined]
    assert RefusedAttempt.objects.count() == 0


def test_the_flush_between_tests_leaves_no_note_of_what_it_took_away() -> None:
    Account.objects.create(phone="13900000000")
    TransactionTestCase("__init__")._fixture_teardown()  # type: ignore[attr-defined]
    assert Touched.objects.count() == 0


def test_after_the_flush_the_ledger_refuses_again() -> None:
    with without_ledger_triggers():
        pass
    attempt = refuse_something()
    with pytest.raises(DatabaseError):
        attempt.delete()
