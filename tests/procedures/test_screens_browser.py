"""The screens of the engine in a real browser: on a desk and on a phone everything fits, and everybody can read it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from lunheng.jobs.clock import FixedClock
from lunheng.procedures.models import IssuedDocument
from tests.factories.world import SeatClient, build, session_of_person
from tests.harness import browser as chromium
from tests.panels.test_outlook_browser import WIDER_THAN_THE_SCREEN
from tests.plans.hand import Hand
from tests.procedures.matters import Matter, newcomer
from tests.procedures.synthetic import beside, read
from tests.procedures.test_sanctions import begin, decided, serve
from tests.procedures.test_vetting import apply, sample, seal


@pytest.fixture
def vetted(transactional_db: None, clock: FixedClock) -> Matter:
    """Nanning with an applicant."""
    return Matter(Hand(build("nanning", experts=3), clock), newcomer("南宁", 1))


@pytest.mark.drill
def test_the_screens_of_every_kind_of_step_fit_and_can_be_read(
    vetted: Matter, live_server: Any, page: Page, picture: Callable[[Page, str], Path]
) -> None:
    def show(name: str, seat: str, address: str) -> None:
        client = SeatClient(None)
        if seat == "person":
            client.sit(session_of_person(vetted.account, "nanning"))
        elif seat:
            client = vetted.hand.world.client(seat)
        page.context.clear_cookies()
        if seat:
            cookie = client.http.cookies["sessionid"].value
            page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page.goto(f"{live_server.url}{address}")
        for size in (chromium.DESKTOP, chromium.PHONE):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            picture(page, f"engine-{name}-{size['width']}")
            assert page.evaluate(WIDER_THAN_THE_SCREEN) == 0, (name, size["width"])
        assert Axe().run(page).response["violations"] == [], name

    with beside(vetting=read("vetting"), sanction=read("sanction")):
        show("application", "person", "/apply/nanning/vetting/")
        apply(vetted)
        path = f"/procedures/{vetted.proceeding_id}/"
        seal(vetted)
        show("before-sample", "station", f"{path}step/sample/")
        sample(vetted)
        show("sample", "station", f"{path}step/sample/")
        drawn = [key for key, _ in vetted.proceeding.steps_taken.get(outcome="draw").data["drawn"]]
        vetted.step("station", "sample", "accept", checked=drawn)
        show("session", "station", "/procedures/session/vetting/panel/")
        _rest(vetted)
        show("issued", "person", path)
        show("check", "", f"/certificates/?code={IssuedDocument.objects.earliest('pk').code}")
        begin(vetted)
        serve(vetted, "intent")
        show("statement", "expert:0", f"/procedures/{vetted.proceeding_id}/step/statement/")
        show("matter", "station", f"/procedures/{vetted.proceeding_id}/")
        decided(vetted, 1)
        show("file", "station", f"/experts/{vetted.hand.world.experts[1].pk}/")


def _rest(matter: Matter) -> None:
    """From the joint review to the letter."""
    given = {
        "results": [{"proceeding_id": matter.proceeding_id, "outcome": "accept"}],
        "group": ["虚构·甲", "虚构·乙", "虚构·丙"],
        "held_on": matter.hand.now.date(),
    }
    matter.act("station", "procedures.review_jointly", step="panel", **given)
    matter.step("station", "exam", "pass", data={"score": 88})
    matter.step("bureau", "decision", "approve")
    matter.wait(minutes=1)
