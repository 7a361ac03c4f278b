"""How long a log-in lasts, and the demonstration's way in."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from lunheng.accounts.models import Account
from lunheng.ledger.models import Access
from tests.accounts.conftest import PASSWORD
from tests.factories.world import World

pytestmark = pytest.mark.urls("tests.accounts.pages")
START = datetime.fromisoformat("2026-11-24T09:00:00+08:00")


def open_after(city: World, seat: str, *steps: timedelta) -> Any:
    """Log in, then open a page after each step of time."""
    with time_machine.travel(START, tick=False) as travel:
        client: Any = city.client(seat).http
        client.get("/works/")
        for step in steps:
            travel.shift(step)
            client.last = client.get("/elsewhere/")
    return client


def test_an_office_that_was_silent_for_half_an_hour_logs_in_again(qingdao: World) -> None:
    client = open_after(qingdao, "station", timedelta(minutes=30))

    assert client.last["location"] == "/login/?next=%2Felsewhere%2F"
    assert Access.objects.latest("id").what == "登录超时"


def test_an_office_that_goes_on_working_stays(qingdao: World) -> None:
    client = open_after(qingdao, "station", *[timedelta(minutes=29)] * 3)

    assert client.last.status_code == 200


def test_others_may_be_silent_for_longer(qingdao: World) -> None:
    client = open_after(qingdao, "contractor", timedelta(hours=2))

    assert client.last.status_code == 200


def test_after_eight_hours_everybody_logs_in_again(qingdao: World) -> None:
    client = open_after(qingdao, "contractor", timedelta(hours=7, minutes=59), timedelta(minutes=1))

    assert client.last["location"] == "/login/?next=%2Felsewhere%2F"
    assert "_auth_user_id" not in client.session


def test_the_moved_clock_of_the_platform_ends_no_session(qingdao: World, clock: Any) -> None:
    client = qingdao.client("station").http
    client.get("/elsewhere/")
    clock.advance(days=3)

    assert client.get("/elsewhere/").status_code == 200


def test_an_account_that_is_closed_is_out_at_once(qingdao: World) -> None:
    client = qingdao.client("contractor").http
    client.get("/works/")
    Account.objects.update(is_active=False)

    assert not client.get("/works/").wsgi_request.user.is_authenticated


def test_the_demonstration_lists_its_people_by_city_and_role(qingdao: World, settings: Any) -> None:
    settings.IS_DEMO = True
    account = qingdao.seat("contractor").account
    account.set_password(PASSWORD)
    account.save()

    page = Client().get("/demo/login/").content.decode()

    assert '<h2 id="city-1">青岛市</h2>' in page
    assert "<h3>施工单位（总包）</h3>" in page
    assert ("虚构·contractor" in page, "虚构·station" in page) == (True, False)


def test_one_click_is_enough_in_the_demonstration(qingdao: World, settings: Any) -> None:
    settings.IS_DEMO = True
    client = Client()

    client.post("/demo/login/", {"seat": qingdao.seat("station").pk})

    assert (client.session["seat"], client.session["city"]) == (qingdao.seat("station").pk, "qingdao")


@pytest.mark.parametrize("method", ["get", "post"])
def test_elsewhere_there_is_no_such_way_in(qingdao: World, method: str) -> None:
    client = Client()

    assert getattr(client, method)("/demo/login/", {"seat": qingdao.seat("station").pk}).status_code == 404
    assert "_auth_user_id" not in client.session
