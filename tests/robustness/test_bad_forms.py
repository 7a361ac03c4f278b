"""Every form that a person finds on the way, filled with what no person should write: never a fault of the server."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests.factories.world import build
from tests.robustness.swift import SwiftStory

ROLES = ("contractor", "chief_supervisor", "station", "expert:0", "agency", "public")
HOSTILE = {
    "long": "论" * 10_000,
    "zero": "论\x00衡",
    "rare": "𠮷🏗️﷽",
    "huge": str(10**30),
    "negative": "-1",
    "unknown": "987654321",
    "markup": "<script>alert(1)</script>'\";--",
}
"""What each field of a form is filled with, one kind at a time."""
LEFT_ALONE = (
    "/logout",
    "/demo/",
    "/static/",
    "/oidc",
    "/login/oidc",
    "/livez",
    "/readyz",
    "/login/identity/",
)
PAGES = 60


@dataclass
class Form:
    """A form as the browser sees it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Page(HTMLParser):
    """The links and forms of one page."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note a link, a form, or a field of the form that is open."""
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and given.get("href"):
            self.links.append(urlsplit(urljoin(self.address, given["href"])).path)
        elif tag == "form":
            action = urlsplit(urljoin(self.address, given.get("action", ""))).path
            self.forms.append(Form(action, given.get("method", "get").lower()))
        elif tag in ("input", "textarea", "select", "button") and self.forms and given.get("name"):
            self.forms[-1].fields[given["name"]] = given.get("value", "")


def pages(browser: Client, start: str) -> Iterator[Page]:
    """Every page that can be reached, one of each kind, nearest first."""
    waiting, seen = deque([start]), {start}
    for _ in range(PAGES):
        if not waiting:
            return
        address = waiting.popleft()
        answer = browser.get(address)
        assert answer.status_code < 500, address
        if "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        page = Page(address, answer.content.decode())
        yield page
        for link in page.links:
            kind = "".join("0" if sign.isdigit() else sign for sign in link)
            if kind not in seen and link.startswith("/") and not link.startswith(LEFT_ALONE):
                seen.add(kind)
                waiting.append(link)


def fill(form: Form, value: str) -> dict[str, str]:
    """Every field of the form with the same bad value."""
    return {name: value for name in form.fields if name != "csrfmiddlewaretoken"}


@pytest.fixture
def on_the_way(qingdao: SwiftStory) -> tuple[SwiftStory, SwiftStory]:
    """Qingdao waits for answers, Nanning for a choice."""
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    nanning = SwiftStory(build("nanning"), qingdao.clock)
    nanning.ready()
    nanning.request()
    nanning.push()
    return qingdao, nanning


@pytest.mark.sqlite
@pytest.mark.parametrize("seat", ROLES)
def test_no_form_makes_the_server_fail(on_the_way: tuple[SwiftStory, SwiftStory], seat: str) -> None:
    failed, tried = [], 0
    for story in on_the_way:
        person = story.seat_of(story.members()[0]) if seat.startswith("expert") else seat
        browser = story.world.client(person).http
        browser.raise_request_exception = False
        start = "/" if seat == "public" else "/desk/"
        forms = {(one.action, one.method): one for page in pages(browser, start) for one in page.forms}
        for form in forms.values():
            if form.action.startswith(LEFT_ALONE):
                continue
            for kind, value in HOSTILE.items():
                answer = getattr(browser, form.method)(form.action, fill(form, value))
                tried += 1
                if answer.status_code >= 500:
                    failed.append(f"{form.method} {form.action} {kind}: {answer.status_code}")
    assert failed == []
    assert tried >= len(HOSTILE)
