"""A list of thirty costs the database as many questions as a list of one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from lunheng.accounts import sessions
from lunheng.cases.listing import Listing
from lunheng.jobs.clock import FixedClock
from tests.factories.world import build
from tests.robustness.conftest import JUNE
from tests.robustness.swift import SwiftStory

Counted = Callable[[int], AbstractContextManager[object]]
PAGES = {
    ("contractor", "/desk/"): 13,
    ("contractor", "/cases/"): 9,
    ("contractor", "/projects/"): 7,
    ("contractor", "/reviews/"): 7,
    ("contractor", "/my/letters/"): 5,
    ("chief_supervisor", "/desk/"): 11,
    ("chief_supervisor", "/cases/"): 9,
    ("station", "/desk/"): 22,
    ("station", "/cases/"): 10,
    ("station", "/projects/"): 10,
    ("station", "/reviews/"): 8,
    ("station", "/experts/"): 13,
    ("expert:0", "/my/"): 11,
    ("expert:0", "/cases/"): 9,
    ("expert:0", "/my/invitations/"): 10,
    ("expert:0", "/my/letters/"): 7,
    ("public", "/register/"): 4,
    ("public", "/notices/"): 2,
    ("station", "/procedures/"): 6,
    ("station", "/records/refusals/"): 7,
    ("station", "/records/accesses/"): 7,
    ("contractor", "/records/mine/refusals/"): 6,
    ("contractor", "/records/mine/accesses/"): 6,
}
"""Who opens which list, and how many questions it asks, session and navigation included."""


@pytest.fixture
def first(db: None, clock: FixedClock) -> SwiftStory:
    """A review of a pool in which five can be drawn, so that the same five are asked in every one."""
    clock.set(JUNE)
    story = SwiftStory(build("qingdao", experts=0), clock)
    for _ in range(5):
        story.world.add_expert()
    add_review(story)
    return story


def add_review(story: SwiftStory, number: int = 0) -> None:
    """One more project, plan, review and draw, with its five invitations; nobody sits in two meetings of a day."""
    story.ready()
    story.request(meeting_at=(story.clock.now() + timedelta(days=10 + number)).isoformat())
    story.draw()


def look(story: SwiftStory, django_assert_num_queries: Counted) -> None:
    """Open every list; the second time, when the process knows its packs and templates, is counted."""
    for (seat, path), asked in PAGES.items():
        browser = story.as_(seat)
        assert browser.get(path).status_code == 200
        with django_assert_num_queries(asked):
            browser.get(path)


@pytest.mark.sqlite
def test_lists_ask_the_same_number_of_questions_at_one_and_at_thirty(
    first: SwiftStory, django_assert_num_queries: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Once in a minute a session notes that it was seen, whatever is asked.
    monkeypatch.setattr(sessions, "STEP", timedelta(days=1))
    look(first, django_assert_num_queries)
    for number in range(29):
        add_review(first, number + 1)
    for _ in range(25):
        first.world.add_expert(specialties=("structure", "monitoring"))
    look(first, django_assert_num_queries)


ELSEWHERE = {
    "/demo/messages/": "exists in the demonstration only",
    "/my/draws/": "tests/panels/test_mine.py counts it over real draws",
}
"""Lists whose questions are counted by a test of their own, or by none."""


def test_every_list_page_has_its_number() -> None:
    listings = {route for route, view in _views(get_resolver(), "/") if isinstance(view, Listing)}
    plain = {route for route in listings if "<" not in route}
    assert {path for _, path in PAGES} - {"/desk/", "/my/"} == plain - set(ELSEWHERE)


def _views(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, object]]:
    for entry in resolver.url_patterns:
        path = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield path, entry.callback
        else:
            yield from _views(entry, path)
