"""What is poured from a mould is what was made, row by row; and nothing is poured where something lies already."""

import pytest
from django.db import connection

from lunheng.jobs import entropy
from lunheng.jobs.clock import FixedClock
from tests.access.staging import undone
from tests.factories import moulds, world
from tests.robustness.holdings import holdings

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="rows are copied by PostgreSQL")


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[object, moulds.Mould]:
    """No moulds at first."""
    found: dict[object, moulds.Mould] = {}
    monkeypatch.setattr(moulds, "_kept", found)
    return found


@on_postgresql
def test_what_is_poured_is_what_was_built(clock: FixedClock, kept: dict[object, moulds.Mould]) -> None:
    with undone():
        built = world.build("qingdao", experts=3)
        rows = holdings()
    poured = world.build("qingdao", experts=3)
    assert len(kept) == 1
    assert holdings() == rows
    assert (poured, poured is built) == (built, False)
    assert poured.client("expert:2").get("/my/").status_code == 200


@on_postgresql
def test_another_moment_or_size_is_another_mould(clock: FixedClock, kept: dict[object, moulds.Mould]) -> None:
    for experts, hours in ((1, 0), (2, 0), (1, 5)):
        clock.advance(hours=hours)
        with undone():
            assert len(world.build("qingdao", experts=experts).experts) == experts
    assert len(kept) == 3


@on_postgresql
def test_beside_other_rows_everything_is_made_anew(
    clock: FixedClock, kept: dict[object, moulds.Mould]
) -> None:
    world.build("qingdao", experts=1)
    world.build("nanning", experts=1)
    assert len(kept) == 1


@on_postgresql
def test_what_tosses_a_coin_is_not_kept(clock: FixedClock, kept: dict[object, moulds.Mould]) -> None:
    seeds = [moulds.cast("coin", entropy.seed) for _ in range(2)]
    assert (len(set(seeds)), kept) == (2, {})
