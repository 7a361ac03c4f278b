"""S7. Whoever has not logged in can look and try as often as he likes: no register, no table of sessions grows by it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from lunheng.accounts.door import COOKIE
from lunheng.accounts.models import Attempt
from lunheng.accounts.sessions import clear
from lunheng.jobs import worker
from lunheng.jobs.clock import FixedClock, SystemClock
from lunheng.ledger import tallies
from lunheng.ledger.models import Access, RefusedAttempt, Tally
from tests.accounts.conftest import PASSWORD, phone_of
from tests.factories.story import Story
from tests.factories.world import World


def grown() -> dict[str, int]:
    """Rows of everything that a stranger could fill."""
    tables: tuple[Any, ...] = (RefusedAttempt, Access, Session, Attempt)
    return {table.__name__: table.objects.count() for table in tables}


def counted(kind: str) -> dict[str, int]:
    """What was counted, by what it was."""
    return dict(Tally.objects.filter(kind=kind).values_list("what", "count"))


@pytest.fixture
def story(qingdao: World, clock: FixedClock) -> Story:
    """A case with a file."""
    story = Story(qingdao, clock)
    story.project()
    story.work()
    story.review()
    story.upload("contractor")
    return story


def test_three_hundred_looks_at_a_case_and_a_file_leave_a_number(story: Story) -> None:
    from lunheng.documents.models import Document

    file = f"/documents/{Document.objects.latest('pk').pk}/"
    before = grown()
    for _ in range(300):
        visitor = Client()
        assert visitor.get(f"/cases/{story.case_id}/").status_code == 403
        assert visitor.get(file).status_code == 403
    assert grown() == before
    assert counted("refusal") == {"cases.view_case": 300, "documents:detail": 300}
    assert counted("access") == {"view": 300}
    assert Tally.objects.count() == 3


def test_a_member_of_another_unit_is_still_kept_one_by_one(story: Story) -> None:
    before = RefusedAttempt.objects.count()
    for _ in range(3):
        story.world.client("stranger").http.get(f"/cases/{story.case_id}/")
    assert RefusedAttempt.objects.count() - before == 3


def test_the_door_remembers_the_way_with_the_visitor_and_not_with_us(nanning: World) -> None:
    visitor = Client()
    visitor.get("/login/?next=/projects/")
    visitor.get("/login/company/?city=nanning")
    assert (Session.objects.count(), COOKIE in visitor.cookies) == (0, True)
    number = {"phone": phone_of(nanning, "contractor"), "password": PASSWORD}
    assert visitor.post("/login/company/", number)["Location"] == "/projects/"


def test_a_way_that_the_visitor_made_up_is_not_followed(nanning: World) -> None:
    visitor = Client()
    visitor.cookies[COOKIE] = "eyJkb29yX25leHQiOiIvcHJvamVjdHMvIn0:made:up"
    number = {"phone": phone_of(nanning, "contractor"), "password": PASSWORD}
    assert visitor.post("/login/company/?city=nanning", number)["Location"] == "/desk/"


@pytest.mark.parametrize(
    "path", ["/", "/login/", "/login/company/?city=nanning", "/reset/", "/register/", "/desk/"]
)
def test_no_page_for_everybody_makes_a_session(path: str, nanning: World) -> None:
    Client().get(path)
    assert Session.objects.count() == 0


def test_many_wrong_tries_at_the_door_end_as_a_number(
    nanning: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "KEPT_SINGLY", 5)
    for number in range(40):
        tried = {"phone": f"139{number:08}", "password": "wrong"}
        Client(REMOTE_ADDR=f"10.0.0.{number}").post("/login/company/?city=nanning", tried)
    assert Access.objects.filter(account="public").count() == 5
    assert counted("access") == {"login": 35}


def test_doors_of_a_city_that_takes_no_password_count_too(
    qingdao: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tallies, "KEPT_SINGLY", 4)
    for _ in range(20):
        Client().post("/login/company/?city=qingdao", {"phone": "13900000000", "password": "wrong"})
    assert RefusedAttempt.objects.count() + Access.objects.count() == 4
    assert sum(counted("access").values()) + sum(counted("refusal").values()) == 36


def test_what_is_over_is_cleared_by_the_worker(nanning: World, clock: FixedClock) -> None:
    now = SystemClock().now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(minutes=1))
    Attempt.objects.create(kind="x", key="y", at=clock.now() - timedelta(days=2))
    tallies.count("access", "login", clock.now() - timedelta(days=500))
    assert worker.PERIODIC["accounts.clear"].perform == clear
    assert clear(clock.now()) == 3
    assert (list(Session.objects.values_list("session_key", flat=True)), Attempt.objects.count()) == (
        ["new"],
        0,
    )
    assert (clear(clock.now()), Tally.objects.count()) == (0, 0)


def test_the_way_to_the_identity_service_does_not_shorten_the_session_behind_it(nanning: World) -> None:
    client = Client()
    client.post(
        "/login/company/?city=nanning", {"phone": phone_of(nanning, "contractor"), "password": PASSWORD}
    )
    assert client.session.get_expiry_age() == 8 * 3600
