"""What is poured from a mould is what was made, row by row; and nothing is poured where something lies already."""

from collections.abc import Iterator

import pytest

from lunheng.experts.models import Expert
from lunheng.jobs import entropy
from lunheng.jobs.clock import FixedClock
from lunheng.plans.models import PlanVersion
from tests.access.staging import undone
from tests.factories import moulds, world
from tests.factories.story import Story
from tests.robustness.holdings import holdings

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.only("postgresql", reason="rows are copied by PostgreSQL")


@pytest.fixture
def kept() -> Iterator[dict[object, moulds.Mould]]:
    """No moulds at first."""
    found: dict[object, moulds.Mould] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moulds, "_kept", found)
        yield found


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
    assert (holdings() == rows, story.world.mould in kept) == (True, True)
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
    assert story.world.moulded is not None
    assert not story.world.moulded.is_now


@on_postgresql
def test_what_was_taken_back_is_told_again(clock: FixedClock, kept: dict[object, moulds.Mould]) -> None:
    city = world.build("qingdao", experts=8)
    with undone():
        Story(city, clock).ready()
    story = Story(city, clock)
    story.ready()
    assert [story.version_id] == list(PlanVersion.objects.values_list("pk", flat=True))


@on_postgresql
def test_of_the_same_step_with_other_words_another_mould_is_made(
    clock: FixedClock, kept: dict[object, moulds.Mould]
) -> None:
    def ask(place: str) -> str:
        with undone():
            story = tell(clock)
            story.request(meeting_place=place)
            return str(story.panel_request().meeting_place)

    assert [ask(place) for place in ("甲室", "乙室", "甲室")] == ["甲室", "乙室", "甲室"]
    steps = [key[1][1] for key in kept if isinstance(key, tuple) and isinstance(key[1], tuple)]
    assert sorted(set(steps)) == [
        "_others", "approve", "project", "ready", "request", "review", "version", "work"
    ]  # fmt: skip
    assert steps.count("request") == 2


def test_a_test_that_replaces_parts_of_the_product_pours_nothing(
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entropy, "seed", entropy.seed)
    assert world.build("qingdao", experts=1).mould is None
