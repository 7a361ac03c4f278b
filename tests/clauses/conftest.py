"""One city each, and the titles of the documents that refusals name."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from django.conf import settings

from lunheng.jobs.clock import FixedClock
from tests.factories.story import Story
from tests.factories.world import EVERY_CITY, build

JUNE = datetime.fromisoformat("2025-06-02T09:00:00+08:00")
"""A Monday on which both notices are in force."""


@pytest.fixture
def qingdao(db: None, clock: FixedClock) -> Story:
    """Qingdao on a Monday in June 2025."""
    clock.set(JUNE)
    return Story(build("qingdao"), clock)


@pytest.fixture
def nanning(db: None, clock: FixedClock) -> Story:
    """Nanning on a Monday in June 2025."""
    clock.set(JUNE)
    return Story(build("nanning"), clock)


@pytest.fixture(params=EVERY_CITY)
def city(request: pytest.FixtureRequest, db: None, clock: FixedClock) -> Story:
    """Either city."""
    clock.set(JUNE)
    return Story(build(request.param), clock)


@pytest.fixture
def small(db: None, clock: FixedClock) -> Callable[..., Story]:
    """``small("nanning", experts=7)``: a city with a pool of that size."""
    clock.set(JUNE)
    return lambda name, experts: Story(build(name, experts=experts), clock)


Texts = dict[str, str]
Reissue = Callable[[Story, Callable[[Texts], None]], object]


@pytest.fixture
def reissued() -> Reissue:
    """``reissued(story, change)``: the authority issues the city's pack with other texts, before anybody asks for a panel."""
    from lunheng.core.policy import read_pack, resolve
    from lunheng.jurisdictions import packs

    def issue(story: Story, change: Callable[[Texts], None]) -> object:
        texts = dict(packs.folder_texts(settings.PACKS_DIRECTORY / story.world.pack_id))
        change(texts)
        newer = resolve(read_pack(texts), packs.read("cn"), packs.read("platform"))
        return packs.record(newer, at=story.clock.now())

    return issue


@pytest.fixture
def newer_pack(reissued: Reissue) -> Callable[[Story], object]:
    """``newer_pack(story)``: the authority issues the next version of the city's pack, in force today."""

    def issue(story: Story) -> object:
        today = story.clock.now().date().isoformat()

        def newer(texts: Texts) -> None:
            texts["pack.toml"] = texts["pack.toml"].replace('version = "20', 'version = "next-20')
            texts["scope.toml"] = re.sub(
                r"from_on = \d{4}-\d\d-\d\d", f"from_on = {today}", texts["scope.toml"]
            )

        return reissued(story, newer)

    return issue


@pytest.fixture
def send_window(reissued: Reissue) -> Callable[[Story], object]:
    """``send_window(story)``: the authority turned the send window of the city's pack on."""

    def switch_on(texts: Texts) -> None:
        for name, text in texts.items():
            head, mark, tail = text.partition("[confirmation.send_window]")
            texts[name] = head + mark + tail.replace("enabled = false", "enabled = true", 1)

    return lambda story: reissued(story, switch_on)


@pytest.fixture
def one_specialty_warns(reissued: Reissue) -> Callable[[Story], object]:
    """``one_specialty_warns(story)``: a list of one specialty passes with a warning."""

    def warn(texts: Texts) -> None:
        head, mark, tail = texts["draws.toml"].partition("[draw.specialties]")
        texts["draws.toml"] = head + mark + tail.replace('effect = "refuse"', 'effect = "warn"', 1)

    return lambda story: reissued(story, warn)


@pytest.fixture
def grade_table(reissued: Reissue) -> Callable[[Story], object]:
    """``grade_table(story)``: plans of the highest level of risk are for experts of the second grade and above."""

    def asks(texts: Texts) -> None:
        texts["draws.toml"] += (
            '\n[draw.grade]\nclause = "五（一）"\ntitle = "与本人等级相适应"\n'
            'order = ["三级", "二级", "一级"]\nat_least = { "重大风险" = "二级" }\n'
        )

    return lambda story: reissued(story, asks)
