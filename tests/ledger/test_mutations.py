"""L-06: whatever single cell is changed in whatever business or ledger table, it is found and named."""

from random import Random  # noqa: TID251

import pytest

from lunheng.accounts.models import Account
from lunheng.clockwork.reconcile import differences
from lunheng.jobs.clock import FixedClock
from lunheng.ledger import registers
from tests.factories.story import Story
from tests.factories.world import build
from tests.ledger.conftest import Site
from tests.ledger.mutation import Cell, attack, tables

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SEED = 20261120


@pytest.fixture
def told(clock: FixedClock, site: Site) -> Story:
    """A review from the plan to its uploaded result, numbered, signed, cosigned and wholly entered."""
    story = Story(build("qingdao", experts=20), clock)
    registers.take_over(clock.now())
    story.ready()
    story.panel()
    story.conclude("approved_if_revised")
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    registers.keep(clock.now())
    return story


def unlocated(count: int, random: Random) -> list[Cell]:
    """Change ``count`` cells, one at a time and table after table; those that were not named."""
    names, missed, done = tables(), [], 0
    while done < count:
        cell, found = attack(names[done % len(names)], random)
        done += 1
        if cell is not None and not cell.is_located(found):
            missed.append(cell)
    return missed


def test_nothing_is_found_where_nothing_was_done(told: Story) -> None:
    assert [str(one) for one in differences()] == []


def test_a_cell_that_somebody_changed_is_named(told: Story) -> None:
    assert unlocated(len(tables()), Random(SEED)) == []


@pytest.mark.drill
def test_a_thousand_cells_that_somebody_changed_are_named(told: Story) -> None:
    assert unlocated(1_000, Random(SEED + 1)) == []


def test_the_measure_tells_what_is_found_from_what_is_not(told: Story) -> None:
    """The control: a cell that nobody compares, and a finding at another place, do not count as found."""
    Account.objects.update(has_large_type=True)
    account = Account.objects.earliest("pk")
    key = str(account.pk)
    assert Cell("accounts_account", key, "has_large_type", key).is_located(list(differences())) is False
    Account.objects.filter(pk=account.pk).update(name="虚构")
    found = list(differences())
    places = [Cell("accounts_account", key, column, key).is_located(found) for column in ("name", "kind")]
    assert places == [True, False]
