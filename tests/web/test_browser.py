"""The components in a real browser: accessible, within the screen, under the strict content policy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.harness import browser as chromium

pytestmark = [pytest.mark.urls("tests.web.gallery"), pytest.mark.django_db(transaction=True)]

WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def address(live_server: Any, layout: str) -> str:
    """Return the address of the gallery in one layout."""
    return f"{live_server.url}/gallery/{layout}/"


@pytest.mark.parametrize("size", [chromium.DESKTOP, chromium.PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("layout", ["desk", "phone", "public"])
def test_every_layout_is_accessible_and_fits_the_screen(
    live_server: Any, page: Page, picture: Callable[[Page, str], Path], layout: str, size: Any
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size(size)
    page.goto(address(live_server, layout))
    picture(page, layout)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == 0
    assert said == []


def test_in_large_type_the_page_is_still_accessible_and_fits_a_phone(
    live_server: Any, page: Page, picture: Callable[[Page, str], Path]
) -> None:
    page.set_viewport_size(chromium.PHONE)  # type: ignore[arg-type]
    page.goto(address(live_server, "phone"))
    page.get_by_role("button", name="大字模式").click()
    expect(page.get_by_role("button", name="标准字号")).to_be_visible()
    picture(page, "large-type")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "18px"
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate(WIDER_THAN_THE_SCREEN) == 0


def test_without_script_a_wrong_form_comes_back_with_links_to_its_errors(
    live_server: Any, browser: Browser
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(address(live_server, "phone"))
    page.get_by_label("场所").fill("基坑东侧")
    page.get_by_role("button", name="提交意见").click()
    page.get_by_role("link", name="请填写“问题”").click()
    expect(page.get_by_label("问题")).to_be_focused()
    expect(page.get_by_label("场所")).to_have_value("基坑东侧")


def test_what_was_typed_is_still_there_after_the_page_was_left(live_server: Any, page: Page) -> None:
    page.goto(address(live_server, "phone"))
    page.get_by_label("问题").fill("支撑轴力监测点不足")
    expect(page.get_by_text("草稿已保存在本机")).to_be_visible()
    page.reload()
    expect(page.get_by_label("问题")).to_have_value("支撑轴力监测点不足")


def test_rows_are_reached_by_keyboard(live_server: Any, page: Page) -> None:
    page.goto(address(live_server, "desk"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tr[data-selected] a")).to_have_text("LZ-2026-2")


def test_a_keyboard_user_skips_to_the_content(live_server: Any, page: Page) -> None:
    page.goto(address(live_server, "desk"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()


SETTLED = "element => Promise.all(element.getAnimations().map(one => one.finished))"
OUTLINE = "element => getComputedStyle(element).outline"


def test_whatever_has_the_focus_wears_the_same_ring(live_server: Any, page: Page) -> None:
    page.goto(address(live_server, "phone"))
    rings = set()
    for one in (
        page.get_by_role("button", name="提交意见"),
        page.get_by_role("link", name="不能参加"),
        page.get_by_label("问题"),
    ):
        page.keyboard.press("Tab")
        one.focus()
        one.evaluate(SETTLED)
        rings.add(one.evaluate(OUTLINE))
    assert rings == {"rgb(29, 79, 145) solid 3px"}


def test_a_chart_is_drawn_from_its_table(live_server: Any, page: Page) -> None:
    page.goto(address(live_server, "desk"))
    expect(page.locator("figure .canvas svg text", has_text="34")).to_have_count(1)
