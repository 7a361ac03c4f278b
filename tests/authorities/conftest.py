"""The folder of packs with the made-up authority's beside the others, and a city that was there before it."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law, packs
from tests.authorities.founded import PACKS, Founded, found
from tests.authorities.rows import Rows, all_rows
from tests.factories.story import Story
from tests.factories.world import build

MARCH = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
"""A Monday on which the measures of the authority are in force."""


def _forget() -> None:
    for cache in (packs.read, packs.resolved):
        cache.cache_clear()
    law.forget()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """The packs of the repository and those of the authority in one folder, as an operator would lay them."""
    copy = tmp_path / "packs"
    shutil.copytree(settings.PACKS_DIRECTORY, copy)
    shutil.copytree(PACKS, copy, dirs_exist_ok=True)
    settings.PACKS_DIRECTORY = copy
    _forget()
    yield copy
    _forget()


@pytest.fixture
def beside(db: None, clock: FixedClock) -> Story:
    """Qingdao with a review that is concluded; made before the folder changes, as a site that runs already."""
    clock.set(MARCH)
    story = Story(build("qingdao", experts=12), clock)
    story.ready()
    story.panel()
    story.conclude()
    return story


@pytest.fixture
def before(beside: Story) -> Rows:
    """Everything that stands before the authority begins."""
    return all_rows()


@pytest.fixture
def founded(before: Rows, folder: Path, clock: FixedClock) -> Founded:
    """The authority, begun on a site where Qingdao's review has just been concluded."""
    return Founded(found(), clock)
