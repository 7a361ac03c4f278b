"""What is poured from a mould is what was made, row by row; and nothing is poured where something lies already."""

import pytest

from lunheng.experts.models import Expert
from lunheng.jobs import entropy
from lunheng.jobs.clock import FixedClock
from tests.access.staging import undone
from tests.factories import moulds, world
from tests.factories.story import Story
from tests.robustness.holdings import holdings

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.only("postgresql", reason="rows are copied by PostgreSQL")


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
    with undone():
        world.build("nanning", experts=1)
    first = world.build("qingdao", experts=1)
    second = world.build("nanning", experts=1)
    assert (len(kept), first.mould in kept, second.mould) == (2, True, None)


@on_postgresql
def test_what_tosses_a_coin_is_not_kept(clock: FixedClock, kept: dict[object, moulds.Mould]) -> None:
    seeds = [moulds.cast("coin", entropy.seed)[1] for _ in range(2)]
    assert (len(set(seeds)), kept) == (2, {})


def tell(clock: FixedClock) -> Story:
    """A plan that is ready."""
    story = Story(world.build("qingdao", experts=8), clock)
    story.ready()
    return story


@on_postgresql
def test_a_story_told_again_has_the_same_rows_and_goes_on(
    clock: FixedClock, kept: dict[object, moulds.Mould]
) -> None:
    with undone():
        tell(clock)
        rows = holdings()
    story = tell(clock)
    assert (holdings() == rows, len(kept)) == (True, 2)
    assert len(story.panel()) == 5


@on_postgresql
def test_a_story_is_told_anew_when_somebody_has_written_before_it(
    clock: FixedClock, kept: dict[object, moulds.Mould]
) -> None:
    with undone():
        tell(clock)
    story = Story(world.build("qingdao", experts=8), clock)
    Expert.objects.filter(pk=story.world.experts[0].pk).update(name="虚构改名")
    story.ready()
    assert Expert.objects.get(pk=story.world.experts[0].pk).name == "虚构改名"
    assert moulds.writes() > story.world.writes
