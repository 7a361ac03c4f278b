"""List pages in a real browser: on a desk and on a phone everything fits, and everybody can read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from lunheng.cases.models import Case
from lunheng.works.models import Project
from tests.factories.world import build
from tests.harness import browser as chromium
from tests.robustness.swift import SwiftStory

WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LONG = "穆罕默德·买买提·阿卜杜拉路地下综合管廊及配套道路改造提升工程（二期）第三标段"
LISTS = {
    "cases": ("station", "/cases/"),
    "no-cases": ("station", "/cases/?overdue=late"),
    "projects": ("station", "/projects/"),
    "register": ("station", "/experts/"),
    "refusals": ("station", "/records/refusals/"),
    "accesses": ("station", "/records/accesses/"),
    "own-accesses": ("expert:0", "/records/mine/accesses/"),
    "no-such-page": ("station", "/cases/?page=999"),
    "print": ("station", "/cases/?print=1"),
    "public-register": ("", "/register/"),
}


@pytest.fixture
def story(transactional_db: None, clock: Any) -> SwiftStory:
    """A review of a project with a long name, one refusal, one look into a file."""
    told = SwiftStory(build("qingdao", experts=8), clock)
    told.project()
    Project.objects.filter(pk=told.project_id).update(name=LONG)
    told.work()
    told.review(title="1号竖井深基坑专项施工方案")
    assert told.as_("chief_supervisor").refused("plans.request_panel", **told.request_body())
    told.as_("station").get(f"/cases/{told.case_id}/")
    told.as_("station").get(f"/experts/{told.world.experts[0].pk}/")
    assert Case.objects.filter(pk=told.case_id).exists()
    return told


def test_every_list_fits_a_desk_and_a_phone_and_can_be_read(
    story: SwiftStory, page: Page, live_server: Any, picture: Callable[[Page, str], Path]
) -> None:
    found: dict[str, Any] = {}
    for name, (seat, path) in LISTS.items():
        page.context.clear_cookies()
        if seat:
            cookie = story.as_(seat).http.cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}{path}")
        for size in (chromium.DESKTOP, chromium.PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            picture(page, f"list-{name}-{size['width']}")
            found[f"{name} {size['width']}"] = page.evaluate(WIDER_THAN_THE_SCREEN)
        found[f"{name} axe"] = [one["id"] for one in Axe().run(page).response["violations"]]

    assert {name: what for name, what in found.items() if what} == {}
