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


@pytest.fixture
def newer_pack() -> Callable[[Story], object]:
    """``newer_pack(story)``: the authority issues the next version of the city's pack, in force today."""
    from lunheng.core.policy import read_pack, resolve
    from lunheng.jurisdictions import packs

    def issue(story: Story) -> object:
        folder = settings.PACKS_DIRECTORY / story.world.pack_id
        texts = packs.folder_texts(folder)
        texts["pack.toml"] = texts["pack.toml"].replace('version = "20', 'version = "next-20')
        today = story.clock.now().date().isoformat()
        texts["scope.toml"] = re.sub(r"from_on = \d{4}-\d\d-\d\d", f"from_on = {today}", texts["scope.toml"])
        newer = resolve(read_pack(texts), packs.read("cn"), packs.read("platform"))
        return packs.record(newer, at=story.clock.now())

    return issue


@pytest.fixture
def send_window() -> Callable[[Story], None]:
    """``send_window(story)``: the authority turned the send window of the city's pack on."""
    from lunheng.core.policy import read_pack, resolve
    from lunheng.jurisdictions import packs

    def switch_on(story: Story) -> None:
        texts = packs.folder_texts(settings.PACKS_DIRECTORY / story.world.pack_id)
        for name, text in texts.items():
            head, mark, tail = text.partition("[confirmation.send_window]")
            texts[name] = head + mark + tail.replace("enabled = false", "enabled = true", 1)
        packs.record(
            resolve(read_pack(texts), packs.read("cn"), packs.read("platform")), at=story.clock.now()
        )

    return switch_on
