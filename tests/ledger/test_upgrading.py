"""An upgrade that gives or takes columns: rows that nobody touched are entered as they are now, others stay told."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from lunheng.clockwork.reconcile.rows import differences
from lunheng.experts.models import Expert
from lunheng.jobs.clock import FixedClock
from lunheng.ledger import coverage, rowstates
from lunheng.ledger.models import Entry
from lunheng.ledger.registers import take_over, upgraded
from lunheng.pools.models import Membership
from tests.factories.world import World, build

pytestmark = pytest.mark.django_db


def forget_shapes() -> None:
    for known in (coverage.covered, rowstates._row_in_postgresql, rowstates._row_in_sqlite):
        known.cache_clear()


@pytest.fixture
def earlier(clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A city whose rows were entered when experts had no column ``grade``; now they have it."""
    world = build("qingdao", experts=3)
    with monkeypatch.context() as before:
        before.setattr(
            coverage, "NOT_COVERED_COLUMNS", {**coverage.NOT_COVERED_COLUMNS, "experts_expert": {"grade": ""}}
        )
        forget_shapes()
        take_over(clock.now())
    forget_shapes()
    yield world
    forget_shapes()


def told(table: str) -> list[tuple[str, str]]:
    return sorted((one.row, one.field) for one in differences() if one.table == table)


def rows_of(world: World) -> list[str]:
    return sorted(str(expert.pk) for expert in world.experts)


def upgrade(at: datetime) -> None:
    with upgraded(at):
        pass


def test_rows_that_nobody_touched_are_entered_in_their_new_shape(earlier: World, clock: FixedClock) -> None:
    assert told("experts_expert") == [(row, "grade") for row in rows_of(earlier)]
    upgrade(clock.now())
    assert told("experts_expert") == []
    assert Entry.objects.filter(event="register.upgraded/1").count() == 1


def test_a_row_that_was_changed_behind_the_acts_stays_a_difference(earlier: World, clock: FixedClock) -> None:
    one = earlier.experts[1]
    Expert.objects.filter(pk=one.pk).update(title="伪造职称")
    upgrade(clock.now())
    assert {row for row, _ in told("experts_expert")} == {str(one.pk)}
    assert (str(one.pk), "title") in told("experts_expert")


def test_what_a_migration_writes_is_entered_with_the_upgrade(earlier: World, clock: FixedClock) -> None:
    one = Membership.objects.get(expert=earlier.experts[0])
    with upgraded(clock.now()):
        Membership.objects.filter(pk=one.pk).update(state="removed")
    assert told("pools_membership") == []


def test_without_a_change_of_shape_nothing_is_entered(clock: FixedClock) -> None:
    build("qingdao", experts=1)
    take_over(clock.now())
    upgrade(clock.now())
    assert not Entry.objects.filter(event="register.upgraded/1").exists()


def test_where_nothing_migrates_a_write_of_the_meantime_stays_a_difference(
    earlier: World, clock: FixedClock
) -> None:
    one = Membership.objects.get(expert=earlier.experts[0])
    with upgraded(clock.now(), migrates=False):
        Membership.objects.filter(pk=one.pk).update(state="removed")
    assert told("pools_membership") == [(str(one.pk), "state")]
