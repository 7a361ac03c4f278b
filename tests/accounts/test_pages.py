"""The pages at the door in a real browser: accessible, within the screen, under the strict content policy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from lunheng.accounts.models import Account
from tests.accounts.conftest import PASSWORD, Telephones, phone_of
from tests.factories import world
from tests.harness import browser as chromium
from tests.harness.oidc import IdentityService

pytestmark = pytest.mark.django_db(transaction=True)
WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = {
    "login": "/login/",
    "choose-city": "/login/company/",
    "company": "/login/company/?city=nanning",
    "expert": "/login/expert/?city=nanning",
    "qingdao-expert": "/login/expert/?city=qingdao",
    "reset": "/login/reset/",
    "reset-password": "/login/reset/password/",
    "manual-company": "/manual/company/",
    "manual-expert": "/manual/expert/",
    "demo": "/demo/login/",
}


@pytest.fixture
def city(transactional_db: None, clock: object, settings: Any) -> world.World:
    """Nanning, with the longest of names among its people."""
    settings.IS_DEMO = True
    built = world.build("nanning", experts=14)
    Account.objects.filter(pk=built.seat("expert:0").account_id).update(
        name="穆罕默德·买买提·阿卜杜拉（虚构）"
    )
    account = built.seat("contractor").account
    account.set_password(PASSWORD)
    account.save()
    return built


@pytest.mark.parametrize("size", [chromium.DESKTOP, chromium.PHONE], ids=["desktop", "phone"])
def test_every_page_at_the_door_is_accessible_and_fits_the_screen(
    city: world.World, live_server: Any, page: Page, picture: Callable[[Page, str], Path], size: Any
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size(size)
    for name, address in PAGES.items():
        page.goto(f"{live_server.url}{address}")
        picture(page, name)
        assert (name, Axe().run(page).response["violations"]) == (name, [])
        assert (name, page.evaluate(WIDER_THAN_THE_SCREEN)) == (name, 0)
    assert said == []


def test_a_wrong_password_and_then_the_wrong_door_are_told_on_the_page(
    city: world.World, live_server: Any, page: Page, picture: Callable[[Page, str], Path]
) -> None:
    page.set_viewport_size(chromium.PHONE)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/login/expert/?city=nanning")
    page.get_by_label("手机号码").fill(phone_of(city, "contractor"))
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("手机号码或密码不正确")).to_be_visible()
    picture(page, "wrong")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("三（二）")
    picture(page, "refused")
    assert Axe().run(page).response["violations"] == []


def test_a_password_is_reset_on_a_telephone(
    city: world.World, telephones: Telephones, live_server: Any, page: Page
) -> None:
    page.set_viewport_size(chromium.PHONE)  # type: ignore[arg-type]
    page.goto(f"{live_server.url}/login/?city=nanning")
    page.get_by_role("link", name="忘记密码").click()
    page.get_by_label("手机号码").fill(phone_of(city, "expert:0"))
    page.get_by_role("button", name="获取验证码").click()
    page.get_by_label("验证码", exact=True).fill(telephones.sent[0][1])
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输入一次新密码").fill(PASSWORD)
    page.get_by_role("button", name="重置密码").click()
    expect(page.get_by_text("密码已重置")).to_be_visible()


def test_a_unit_goes_through_the_identity_service_and_back(
    city: world.World, identity_service: IdentityService, live_server: Any, page: Page
) -> None:
    from lunheng.jurisdictions.models import Division

    Division.objects.create(code="370200", name="青岛市")
    page.goto(f"{live_server.url}/login/?city=qingdao")
    page.get_by_role("link", name="统一身份认证登录（法人）").click()
    page.locator("input[name=login]").fill("unit")
    page.locator("input[name=password]").fill("any")
    page.locator("button[type=submit]").click()
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"{live_server.url}/**")

    assert Account.objects.get(subject="qingdao:unit").kind == "legal"
