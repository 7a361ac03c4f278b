"""The receipt comes to the page by itself, and the timeline is fit for screens and paper."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, expect

from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Entry
from lunheng.ledger.receipts import digits_of
from tests.harness import browser as chromium
from tests.journeys.people import People, Screen, settle
from tests.ledger.conftest import Site, site  # noqa: F401


@pytest.fixture
def people(
    request: pytest.FixtureRequest,
    transactional_db: None,
    live_server: Any,
    clock: FixedClock,
    browser: Browser,
) -> People:
    """A contractor with a work that needs a review, and one review that was approved."""
    folder = chromium.PICTURES / request.node.originalname
    made = settle("qingdao", clock, browser, live_server.url, folder)
    made.story.ready()
    return made


def beside(work: Callable[[], object]) -> None:
    """Do this in another thread, since the browser keeps an event loop in the tests' own."""

    def closing() -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as other:
        other.submit(closing).result()


def publish(site: Site) -> None:  # noqa: F811
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)


def look(screen: Screen, name: str) -> None:
    """A picture in both sizes, without barriers."""
    for size in (chromium.PHONE, chromium.DESKTOP):
        screen.page.set_viewport_size(size)  # type: ignore[arg-type]
        screen.look(f"{name}-{size['width']}", axe=True)


def test_after_an_act_the_receipt_comes_to_the_page_by_itself(people: People, site: Site) -> None:  # noqa: F811
    with people.at("contractor") as screen:
        screen.open(f"/works/{people.story.work_id}/reviews/new/")
        screen.fill(专项施工方案名称="支撑拆除专项施工方案")
        screen.page.locator("main form button.btn-primary").first.click()
        receipt = screen.page.locator(".receipt")
        expect(receipt).to_contain_text("待签发")
        look(screen, "waiting")
        beside(lambda: publish(site))
        expect(receipt).to_contain_text("已签发 #")
        expect(receipt.get_by_role("link", name="保存回执")).to_be_visible()
        look(screen, "ready")
        with screen.page.expect_download() as saved:
            receipt.get_by_role("link", name="保存回执").click()
        assert saved.value.suggested_filename.endswith(".tlog-proof")
        receipt.get_by_role("link", name="条存证").click()
        look(screen, "entry")


def test_without_script_the_page_leads_to_the_receipt(people: People, site: Site) -> None:  # noqa: F811
    with people.at("contractor", script=False) as screen:
        screen.open(f"/works/{people.story.work_id}/reviews/new/")
        screen.fill(专项施工方案名称="支撑拆除专项施工方案")
        screen.page.locator("main form button.btn-primary").first.click()
        beside(lambda: publish(site))
        screen.page.locator(".receipt").get_by_role("link", name="查看存证").click()
        expect(screen.page.get_by_role("link", name="保存回执")).to_be_visible()


def test_the_timeline_fits_screens_and_paper(people: People, site: Site) -> None:  # noqa: F811
    story = people.story
    beside(lambda: publish(site))
    story.panel()
    with people.at("chief_supervisor") as screen:
        screen.open(f"/cases/{story.case_id}/timeline/")
        look(screen, "timeline")
        screen.page.locator(".timeline-list .proof a").first.click()
        expect(screen.page.get_by_role("link", name="保存回执")).to_be_visible()
        screen.page.go_back()
        screen.page.emulate_media(media="print")
        screen.page.pdf(path=str(people.pictures / "timeline.pdf"), format="A4")
        expect(screen.page.get_by_role("link", name="回执", exact=True).first).to_be_hidden()


def test_the_page_says_whether_the_scanned_code_belongs_to_the_entry(people: People) -> None:
    entry = Entry.objects.filter(event="plan.submitted/1").latest("recorded_at")
    with people.at("contractor") as screen:
        for printed, told in ((digits_of(entry), "与这条存证一致"), ("0" * 32, "与这条存证不一致")):
            screen.open(f"/ledger/receipt/{entry.pk}/")
            screen.page.goto(f"{screen.page.url}#{printed}")
            screen.page.reload()
            expect(screen.page.get_by_text(told)).to_be_visible()
