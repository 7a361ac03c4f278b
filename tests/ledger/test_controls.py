"""The controls of L-06: what each mechanism sees, and that without it nobody would."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random  # noqa: TID251

import pytest
from django.db import connection

from lunheng.clockwork.reconcile import differences
from lunheng.jobs.clock import FixedClock
from lunheng.ledger import registers
from lunheng.ledger.log import size
from lunheng.ledger.models import Checkpoint, Payload, RowState, Tile, Touched
from lunheng.ledger.triggers import drop
from lunheng.plans.models import Approval
from tests.factories.story import Story
from tests.factories.world import build
from tests.ledger import attacks
from tests.ledger.conftest import Site
from tests.ledger.mutation import silently, undone
from tests.ledger.sight import FALSE, HOLDS, Outside, inside
from tests.ledger.test_attacks import BUSINESS, OUTSIDE, commit, grow

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def story(clock: FixedClock, site: Site) -> Story:
    """A review up to the approvals of its plan."""
    made = Story(build("qingdao", experts=12), clock)
    registers.take_over(clock.now())
    made.ready()
    return made


@pytest.fixture
def outside(site: Site, tmp_path: Path) -> Outside:
    """A log of some files, and those who keep something of it; the ledger's own refusals lifted."""
    grow(site, size() + 40)
    connection.check_constraints()
    drop(connection)
    return Outside.at(site, tmp_path / "outside", 5, Random(1))


def spoil_content(random: Random) -> None:
    payload = random.choice(list(Payload.objects.order_by("pk")))
    Payload.objects.filter(pk=payload.pk).update(content="{}")


def spoil_tile(random: Random) -> None:
    tile = Tile.objects.get(level=0, index=0)
    Tile.objects.filter(pk=tile.pk).update(hashes=bytes(32) + bytes(tile.hashes)[32:])


def spoil_state(random: Random) -> None:
    state = random.choice(list(RowState.objects.order_by("pk")))
    RowState.objects.filter(pk=state.pk).update(seal="0" * 64)


SPOILED: dict[str, tuple[str, Callable[[Random], object]]] = {
    "a payload": ("chains", spoil_content),
    "the state of a row": ("chains", spoil_state),
    "a tile": ("numbering", spoil_tile),
    "the queue": ("numbering", lambda random: attacks.forget_pending(random, set())),
    "the signed root": ("numbering", lambda random: attacks.edit_last_with_tile(random, set())),
}


def test_what_one_part_of_the_comparison_sees_no_other_part_sees(story: Story, outside: Outside) -> None:
    """So without that part it would go unnoticed."""
    seen: dict[str, list[str]] = {}
    for name, (_, spoil) in SPOILED.items():
        with undone():
            spoil(Random(name))
            seen[name] = [*inside()]
    for name in (BUSINESS, OUTSIDE):
        with undone():
            commit(name, story, outside, Random(name))
            seen[name] = [*inside()]
    due = {name: [part] for name, (part, _) in SPOILED.items()}
    assert seen == {**due, BUSINESS: ["rows"], OUTSIDE: ["expected"]}


def test_the_whole_comparison_is_its_parts(story: Story) -> None:
    Approval.objects.update(signed_by="虚构")
    together = [one for found in inside().values() for one in found]
    assert (list(differences()), len(together) > 0) == (together, True)


def test_without_its_memory_the_witness_cosigns_another_history(outside: Outside) -> None:
    with outside.remembered(), undone():
        attack = commit("tail cut", None, outside, Random(1))
        answers = [outside.asked(attack)]
        outside.site.witness.memory_of(outside.site.signer.key.name).path.unlink()
        answers.append(outside.asked(attack))
    assert answers == [(400,), (200,)]


def test_without_its_memory_the_signer_signs_another_history(outside: Outside) -> None:
    """The thief of the key is a signer that remembers nothing; that of the site refuses."""
    with outside.remembered(), undone():
        attack = commit("old row changed, all rewritten", None, outside, Random(1))
        refused = [outside.site.signer.answer(outside.unsigned(one))[0] for one in attack.signed]
    assert (len(attack.signed), refused) == (2, [409, 422])


def test_who_kept_nothing_finds_nothing_in_another_history(outside: Outside) -> None:
    """The control of receipts, ``compare`` and ``extend``: with what is shown now beside itself all is well."""
    with outside.remembered(), undone():
        attack = commit("tail cut, another grown", None, outside, Random(1))
        shown = outside.shown("now") / "checkpoint"
        found = (outside.compared(attack, "now"), outside.extended(outside.kept, "now"))
        blind = (outside.verify("compare", shown, shown), outside.extended(shown, "now"))
    assert (found, blind) == ((FALSE, FALSE), (HOLDS, HOLDS))


def test_receipts_stand_in_a_log_that_only_grew(outside: Outside) -> None:
    grow(outside.site, size() + 7)
    assert (outside.contradicting("grown"), outside.extended(outside.kept, "grown")) == (0, HOLDS)


def test_a_change_and_back_is_told_by_the_note_alone(story: Story) -> None:
    """The control of the triggers' notes: where they are silent, a row that looks as it should is as it should be."""

    def named() -> Iterator[tuple[str, str]]:
        return ((one.table, one.row) for one in differences())

    row = Approval.objects.latest("pk")
    for name in ("虚构", row.signed_by):
        Approval.objects.filter(pk=row.pk).update(signed_by=name)
    assert list(named()) == [("plans_approval", str(row.pk))]
    Touched.objects.all().delete()
    with silently():
        for name in ("虚构", row.signed_by):
            Approval.objects.filter(pk=row.pk).update(signed_by=name)
    assert list(named()) == []


def test_a_checkpoint_that_the_log_does_not_reach_is_named(outside: Outside) -> None:
    newest = outside.newest()
    Checkpoint.objects.filter(pk=newest.pk).update(size=newest.size + 1)
    assert [(one.table, one.row, one.field) for one in differences()] == [
        ("ledger_checkpoint", str(newest.pk), "size, root")
    ]
