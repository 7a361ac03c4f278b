"""L-06: the attacks of somebody who owns the database and the log's key; each is seen, by whom the design says."""

import shutil
from itertools import count
from pathlib import Path
from random import Random  # noqa: TID251

import pytest

from lunheng.clockwork.reconcile import Difference, differences
from lunheng.ledger.models import Pending
from lunheng.ledger.publisher import NotSigned
from tests.ledger import attacks
from tests.ledger.conftest import Site
from tests.ledger.factory import enter
from tests.ledger.mutation import undone

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
SIZES = (12, 30, 300)
TIMES = 50
folders = count()


def named(found: list[Difference]) -> set[tuple[str, str]]:
    return {(one.table, one.row) for one in found}


def see_edit(site: Site, size: int, random: Random) -> None:
    attacks.grown(site, size)
    entry = attacks.edit(random)
    assert named(list(differences())) == {("ledger_entry", str(entry.pk))}


def see_edit_with_tile(site: Site, size: int, random: Random) -> None:
    attacks.grown(site, size)
    entry = attacks.edit_with_tile(random)
    assert ("ledger_entry", str(entry.pk)) in named(list(differences()))


def see_pending(site: Site, size: int, random: Random) -> None:
    attacks.grown(site, size)
    (entry,) = enter(1)
    Pending.objects.all().delete()
    assert named(list(differences())) == {("ledger_pending", f"存证 {entry.pk}")}


def see_from_outside(name: str, site: Site, size: int, random: Random, folder: Path) -> None:
    """Inside all is well; the witness refuses, and what parties hold is no longer in the log."""
    attacks.grown(site, size)
    before = attacks.leaves()
    attacks.ALL[name](random)
    checkpoint = attacks.forged(site, folder / str(next(folders)))
    assert list(differences()) == []
    with pytest.raises(NotSigned):
        site.cosign(checkpoint)
    now = attacks.leaves()
    assert [leaf for place, leaf in enumerate(before) if now[place : place + 1] != [leaf]] != []


INSIDE = {"edit": see_edit, "edit_with_tile": see_edit_with_tile, "pending": see_pending}


@pytest.mark.parametrize("name", INSIDE)
def test_the_comparison_sees_and_names_the_entry(name: str, site: Site) -> None:
    INSIDE[name](site, SIZES[0], Random(name))


@pytest.mark.parametrize("name", attacks.ALL)
def test_the_witness_sees_what_is_consistent_inside(name: str, site: Site, tmp_path: Path) -> None:
    see_from_outside(name, site, SIZES[1], Random(name), tmp_path)


def test_the_witness_goes_on_with_a_log_that_only_grew(site: Site) -> None:
    attacks.grown(site, SIZES[0])
    enter(5)
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    assert [str(one) for one in differences()] == []


@pytest.mark.drill
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [*INSIDE, *attacks.ALL])
def test_every_attack_many_times(name: str, size: int, site: Site, tmp_path: Path) -> None:
    """Fifty times in all, at places that chance chooses."""
    random = Random(f"{name} {size}")
    for _ in range(-(-TIMES // len(SIZES))):
        forget_everybody(site)
        with undone():
            if name in INSIDE:
                INSIDE[name](site, size, random)
            else:
                see_from_outside(name, site, size, random, tmp_path)


def forget_everybody(site: Site) -> None:
    """Signer and witness begin anew with each log."""
    site.signer.memory.path.unlink(missing_ok=True)
    shutil.rmtree(site.witness.folder, ignore_errors=True)
