"""抽取前 in a real browser: on a desk and on a phone everything fits, and everybody can read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.factories.world import build
from tests.harness import browser as chromium
from tests.panels.conftest import Scene, make

Tell = Callable[..., Scene]
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def normal(scene: Scene) -> None:
    for number in range(24):
        scene.world.add_expert(
            specialties=(("geotechnics",), ("geotechnics", "monitoring"), ("monitoring",))[number % 3]
        )


def tailored(scene: Scene) -> None:
    """One expert for the extra seat, whose colleagues can therefore never sit."""
    scene.world.add_expert(unit="only", specialties=("rail",))
    for unit in ("only", "only", *[f"other-{number}" for number in range(7)]):
        scene.world.add_expert(unit=unit)


def impossible(scene: Scene) -> None:
    scene.world.unit("long", "虚构青岛市海滨地下空间与轨道交通岩土工程勘察设计研究总院有限责任公司")
    for number in range(12):
        scene.world.add_expert(unit=("long", "two", "three", "four", "five")[number % 5])
    scene.world.add_expert(specialties=("foundation",))


STATES: dict[str, tuple[Callable[[Scene], None], list[tuple[str, int, bool]]]] = {
    "normal": (normal, [("geotechnics", 5, False), ("monitoring", 2, True)]),
    "tailored": (tailored, [("geotechnics", 5, False), ("rail", 1, True)]),
    "impossible": (impossible, [("geotechnics", 6, False)]),
}


@pytest.mark.parametrize("state", [pytest.param("normal", marks=pytest.mark.drill), "tailored", "impossible"])
def test_the_page_before_the_draw_is_accessible_and_fits(
    transactional_db: None,
    clock: Any,
    live_server: Any,
    page: Page,
    picture: Callable[[Page, str], Path],
    state: str,
) -> None:
    fill, needs = STATES[state]
    scene = make(build("nanning", experts=0), clock, needs, mode="direct")
    fill(scene)
    cookie = scene.world.client("contractor").http.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page.goto(f"{live_server.url}/cases/{scene.case_id}/panel/")
    for size in (chromium.DESKTOP, chromium.PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        picture(page, f"outlook-{state}-{size['width']}")
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == 0
    assert Axe().run(page).response["violations"] == []
