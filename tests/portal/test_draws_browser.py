"""抽取公示 in a real browser: on a desk and on a phone everything fits, and everybody can read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from lunheng.panels.models import Member
from tests.factories.chance import PROMISE
from tests.factories.world import build
from tests.harness import browser as chromium
from tests.panels.conftest import Scene, make

WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
NEEDS = [("geotechnics", 5, False), ("structure", 2, True)]
KINDS = (("geotechnics",), ("geotechnics", "monitoring"), ("structure",), ("structure", "geotechnics"))


@pytest.fixture
def scene(transactional_db: None, clock: Any) -> Scene:
    """Thirty experts in twelve units, some of them of the owner's."""
    world = build("qingdao", experts=0)
    for number in range(30):
        world.add_expert(unit=f"unit-{number % 12}", specialties=KINDS[number % 4])
    world.add_expert(unit="owner")
    return make(world, clock, NEEDS)


@pytest.fixture
def look(
    page: Page, live_server: Any, picture: Callable[[Page, str], Path]
) -> Callable[[str, str, str], None]:
    """Open an address in both sizes, keep the pictures, and ask for barriers."""

    def open_it(name: str, path: str, cookie: str = "") -> None:
        if cookie:
            page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}{path}")
        page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
        for size in (chromium.DESKTOP, chromium.PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            picture(page, f"{name}-{size['width']}")
            assert (name, page.evaluate(WIDER_THAN_THE_SCREEN)) == (name, 0)
        assert (name, Axe().run(page).response["violations"]) == (name, [])

    return open_it


def test_a_withheld_draw_and_the_next_one_in_public(scene: Scene, look: Callable[..., None]) -> None:
    scene.act("commit_draw", request_id=scene.request_id, commitment=PROMISE)
    scene.sweep(days=3)
    scene.chance("commit_draw", reason="上次经办人出差，未能按时揭示")
    base = f"/draws/{scene.case.reference}/"
    look("withheld", f"{base}1/1/")
    look("case", base)
    look("draw", f"{base}1/2/")


@pytest.mark.drill
def test_the_list_and_the_statistics_of_forty_draws(scene: Scene, look: Callable[..., None]) -> None:
    look("list-empty", "/draws/")
    look("statistics-empty", "/draws/statistics/")
    for number in range(40):
        other = make(scene.world, scene.clock, NEEDS, lineage=f"line-{number}")
        other.request.__class__.objects.filter(pk=other.request_id).update(
            meeting_at=other.request.meeting_at.replace(year=2030 + number)
        )
        other.draw()
    look("list", "/draws/?page=2")
    look("statistics", "/draws/statistics/")


@pytest.mark.drill
def test_the_experts_own_view(scene: Scene, look: Callable[..., None]) -> None:
    scene.draw()
    idle = scene.world.experts[-1]
    for name, expert in (("mine-drawn", Member.objects.first().expert), ("mine-excluded", idle)):  # type: ignore[union-attr]
        number = [one.pk for one in scene.world.experts].index(expert.pk)
        cookie = scene.world.client(f"expert:{number}").http.cookies["sessionid"].value
        look(name, "/my/draws/", cookie)
    cookie = scene.world.client("contractor").http.cookies["sessionid"].value
    look("exclusions", f"/cases/{scene.case_id}/panel/exclusions/", cookie)
