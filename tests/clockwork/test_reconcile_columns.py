"""A column that a later release adds: rows entered before it are whole as long as it is empty, and not a moment longer."""

from collections.abc import Iterator

import pytest

from lunheng.clockwork.reconcile import rows
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions.models import Division
from lunheng.ledger import coverage, registers, rowstates
from lunheng.ledger.models import Touched

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TABLE = "jurisdictions_division"


def forget() -> None:
    """What was worked out from the columns that were known so far."""
    for known in (coverage.covered, rowstates._row_in_postgresql, rowstates._row_in_sqlite):
        known.cache_clear()


@pytest.fixture
def entered_before(clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A division of the release before levels."""
    Division.objects.create(code="650000", name="虚疆")
    with monkeypatch.context() as earlier:
        earlier.setitem(coverage.NOT_COVERED_COLUMNS, TABLE, {"level": "unknown then"})
        forget()
        registers.take_over(clock.now())
    forget()
    yield
    forget()


def found() -> list[tuple[str, str, str]]:
    return [(one.table, one.row, one.field) for one in rows.differences()]


def test_an_empty_column_that_came_later_is_no_difference(entered_before: None) -> None:
    assert found() == []


def test_what_somebody_writes_in_it_behind_the_acts_is_one(entered_before: None) -> None:
    Division.objects.filter(pk="650000").update(level="county")
    Touched.objects.all().delete()
    assert found() == [(TABLE, "650000", "level")]


def test_the_next_entry_binds_it(entered_before: None, clock: FixedClock) -> None:
    with registers.written("虚构", clock.now()):
        Division.objects.filter(pk="650000").update(level="region")
    assert found() == []
    Division.objects.filter(pk="650000").update(level=None)
    Touched.objects.all().delete()
    assert found() == [(TABLE, "650000", "level")]
