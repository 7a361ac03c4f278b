"""L-06: whatever single cell is changed in whatever business or ledger table, it is found and named."""

from collections.abc import Iterator
from itertools import cycle
from random import Random  # noqa: TID251

import pytest

from lunheng.accounts.models import Account
from lunheng.clockwork.reconcile import differences
from lunheng.jobs.clock import FixedClock
from lunheng.ledger import coverage, registers
from tests.factories.story import Story
from tests.factories.world import build
from tests.ledger.conftest import Site
from tests.ledger.filling import fill
from tests.ledger.mutation import LEDGER, Cell, Column, attack, columns, mutate, owned, tables, undone

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SEED = 20261120
THOUSAND = 1_000
PARTS = 5
"""The drill in so many tests: none of them takes long."""


def entered(story: Story, site: Site) -> Story:
    """A row in every table that the story left empty; all numbered, signed, cosigned and entered."""
    publish(site)
    fill()
    registers.take_over(story.clock.now())
    publish(site)
    registers.keep(story.clock.now())
    return story


def publish(site: Site) -> None:
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)


def begun(clock: FixedClock, experts: int) -> Story:
    story = Story(build("qingdao", experts=experts), clock)
    registers.take_over(clock.now())
    story.ready()
    return story


@pytest.fixture
def short(clock: FixedClock, site: Site) -> Story:
    """A review up to the approvals of its plan."""
    return entered(begun(clock, 12), site)


@pytest.fixture
def owner(short: Story) -> Iterator[Story]:
    """The same for the database's owner: no refusal, no condition and no trigger is in the way."""
    with owned():
        yield short


@pytest.fixture
def owner_of_much(clock: FixedClock, site: Site) -> Iterator[Story]:
    """A review from the plan to its uploaded result, in the hands of the database's owner."""
    story = begun(clock, 20)
    story.panel()
    story.conclude("approved_if_revised")
    entered(story, site)
    with owned():
        yield story


def test_nothing_is_found_where_nothing_was_done_and_no_table_is_left_out(short: Story) -> None:
    assert [str(one) for one in differences()] == []
    assert set(coverage.models()) - set(tables()) == {
        "accounts_attempt", "accounts_resetcode", "demo_mark", "jobs_tick", "messaging_simulatedphone",
        "ledger_finding", "ledger_touched", "procedures_draft", "documents_audit", "documents_damagedfile",
        "ledger_tally",
    }  # fmt: skip


def test_a_cell_that_somebody_changed_is_named(owner: Story) -> None:
    """One of every business table, all at once: each is named for itself. Of every table of the ledger, one at a time."""
    random = Random(SEED)
    with undone():
        changed = [mutate(random.choice(columns(table)), random) for table in coverage.covered()]
        found = list(differences())
    cells = [cell for cell in changed if cell is not None]
    assert [cell for cell in cells if not cell.is_located(found)] == []
    assert len(cells) >= len(changed) * 3 // 4
    attacked = [attack(random.choice(columns(table)), random) for table in LEDGER]
    assert [cell for cell, found in attacked if cell is None or not cell.is_located(found)] == []


@pytest.mark.drill
@pytest.mark.parametrize("part", range(PARTS))
def test_a_thousand_cells_that_somebody_changed_are_named(part: int, owner_of_much: Story) -> None:
    """Every column in turn, in an order and in rows that chance chooses, until a thousand cells were changed."""
    places = columns(*tables())
    Random(SEED).shuffle(places)
    random, places = Random(SEED + part), places[part::PARTS]
    missed: list[Cell] = []
    reached: list[Column] = []
    for place in cycle(places):
        cell, found = attack(place, random)
        if cell is not None:
            reached.append(place)
            missed += [] if cell.is_located(found) else [cell]
        if len(reached) == THOUSAND // PARTS:
            break
    assert (missed, set(places) - set(reached)) == ([], set())


def test_the_measure_tells_what_is_found_from_what_is_not(owner: Story) -> None:
    """The control: a cell that nobody compares, and a finding at another place, do not count as found."""
    Account.objects.update(has_large_type=True)
    account = Account.objects.earliest("pk")
    key = str(account.pk)
    assert Cell("accounts_account", key, "has_large_type", key).is_located(list(differences())) is False
    Account.objects.filter(pk=account.pk).update(name="虚构")
    found = list(differences())
    places = [Cell("accounts_account", key, column, key).is_located(found) for column in ("name", "kind")]
    assert places == [True, False]
    stranger = Cell("accounts_account", key + "0", "name", key + "0")
    assert stranger.is_located(found) is False
