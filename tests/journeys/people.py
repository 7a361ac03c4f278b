"""People in front of their screens: each visit is a browser of one's own, logged in to one's own seat."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from lunheng.accounts.models import Account
from lunheng.clockwork.sweep import drain
from lunheng.jobs.clock import FixedClock
from lunheng.organizations.models import Organization
from tests.factories.story import Story
from tests.factories.world import World, build
from tests.harness import browser as chromium

WIDER_THAN_THE_SCREEN = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LONG_NAME = "穆罕默德·买买提·阿卜杜拉"
UNITS = {
    "contractor": "虚构建设集团有限公司",
    "supervisor": "虚构工程监理有限公司",
    "owner": "虚构轨道交通投资有限公司",
    "designer": "虚构市政设计研究院有限公司",
    "investigator": "虚构岩土勘察有限公司",
    "monitor": "虚构工程监测有限公司",
    "agency": "虚构工程技术咨询有限公司",
}
FAMILY_NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"


def name_everybody(world: World) -> None:
    """Give units and people names that a reader of the pictures can tell apart, one of them very long."""
    for short, name in UNITS.items():
        unit = world.unit(short)
        unit.name = name
        unit.save(update_fields=("name",))
    for index, expert in enumerate(world.experts):
        name = LONG_NAME if index == 0 else f"{FAMILY_NAMES[index % len(FAMILY_NAMES)]}虚构"
        Account.objects.filter(phone=expert.phone).update(name=name)
        expert.name = name
        expert.save(update_fields=("name",))
        Organization.objects.filter(pk=expert.unit_id).update(name=f"虚构第{index + 1}研究院有限公司")
    for seat, name in (
        ("technical_director", "方虚构"),
        ("chief_supervisor", "雷虚构"),
        ("contractor", "苗虚构"),
    ):
        Account.objects.filter(pk=world.seat(seat).account_id).update(name=name)


class StoryInBrowser(Story):
    """A story whose sweep runs beside the browser, which keeps an event loop in the tests' own thread."""

    def sweep(self, **duration: float) -> None:
        if duration:
            self.clock.advance(**duration)
        with ThreadPoolExecutor(max_workers=1) as beside:
            beside.submit(self._drain).result()

    def _drain(self) -> None:
        try:
            drain(self.clock.now())
        finally:
            connections.close_all()


@dataclass
class Screen:
    """One person's page, worked as a person works it: by what is written on it."""

    page: Page
    base: str
    pictures: Path
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> "Screen":
        """Go to an address of the product."""
        self.page.goto(self.base + path)
        return self

    def press(self, label: str, *, within: str = "") -> "Screen":
        """Press the button with these words."""
        place: Page | Locator = self.page.locator(within).first if within else self.page
        place.get_by_role("button", name=label, exact=True).first.click()
        return self

    def follow(self, label: str) -> "Screen":
        """Follow the link with these words."""
        self.page.get_by_role("link", name=label).first.click()
        return self

    def fill(self, **labels: str) -> "Screen":
        """Fill fields by their labels."""
        for label, value in labels.items():
            self.page.get_by_label(label).first.fill(value)
        return self

    def choose(self, label: str) -> "Screen":
        """Tick the box or the circle with these words."""
        self.page.get_by_label(label, exact=True).first.check()
        return self

    def select(self, label: str, choice: str) -> "Screen":
        """Take a choice from a list."""
        self.page.get_by_label(label).first.select_option(label=choice)
        return self

    def attach(self, label: str, name: str, content: bytes, media_type: str = "application/pdf") -> "Screen":
        """Choose a file in a field."""
        file: FilePayload = {"name": name, "mimeType": media_type, "buffer": content}
        self.page.get_by_label(label).first.set_input_files(files=[file])
        return self

    def reads(self, *texts: str) -> "Screen":
        """These words stand on the page."""
        for text in texts:
            expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()
        return self

    def lacks(self, text: str) -> "Screen":
        """These words do not."""
        expect(self.page.get_by_text(text)).to_have_count(0)
        return self

    def refused(self, what: str, clause: str) -> "Screen":
        """The page says what was not done, names the clause as a link, and what to do now."""
        refusal = self.page.locator("section.refusal").first
        expect(refusal.get_by_role("heading")).to_contain_text(what)
        cited = refusal.locator(f'a.clause[title*="{clause}"], a.clause:has-text("{clause}")').first
        expect(cited).to_have_attribute("href", self._rule())
        expect(refusal).to_contain_text("现在可以：")
        return self

    def _rule(self) -> Any:
        import re

        return re.compile(r"^/rules/")

    def look(self, name: str, *, axe: bool = False) -> "Screen":
        """Keep a picture; the page fits the screen, breaks no policy, and is accessible where it is asked."""
        self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)
        assert self.page.evaluate(WIDER_THAN_THE_SCREEN) == 0, f"{name} is wider than the screen"
        if axe:
            found = Axe().run(self.page).response["violations"]
            assert found == [], [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]
        assert self.complaints == []
        return self


@dataclass
class People:
    """Everybody of one city, and the one browser program they share on this machine."""

    story: Story
    browser: Browser
    base: str
    pictures: Path

    @contextmanager
    def at(self, seat: str, *, phone: bool = False, script: bool = True) -> Iterator[Screen]:
        """A visit of this person; experts come by phone."""
        size = chromium.PHONE if phone else chromium.DESKTOP
        context = self.browser.new_context(**chromium.CONTEXT, viewport=size, java_script_enabled=script)  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        screen = Screen(context.new_page(), self.base, self.pictures)
        self.log_in(screen, seat)
        screen.page.on("console", lambda message: self._hear(screen, message.text))
        try:
            yield screen
        finally:
            context.close()

    def log_in(self, screen: Screen, seat: str) -> None:
        """Somebody sits down at this screen."""
        cookie = {"name": "sessionid", "value": self._session(seat), "url": self.base}
        screen.page.context.add_cookies([cookie])  # type: ignore[list-item]

    def _session(self, seat: str) -> str:
        key: str = self.story.world.client(seat).http.session.session_key or ""
        return key

    def _hear(self, screen: Screen, text: str) -> None:
        # The browser itself reports every answer of 403 and 422; a refused act answers so by design.
        if "the server responded with a status of" not in text:
            screen.complaints.append(text)

    def expert(self, member: Any) -> str:
        """The seat of a member's person."""
        return self.story.seat_of(member)


def settle(city: str, clock: FixedClock, browser: Browser, base: str, pictures: Path) -> People:
    """A city with its people, ready to begin."""
    pictures.mkdir(parents=True, exist_ok=True)
    world = build(city)
    name_everybody(world)
    return People(StoryInBrowser(world, clock), browser, base, pictures)
