"""While the database is away nobody reads of a fault: a pause is told, with what to do after it."""

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser that asks while no connection can be had."""

    def away(*_: object, **__: object) -> None:
        raise OperationalError("the connection is closed")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", away)
    return Client(raise_request_exception=False)


def test_a_page_says_that_the_site_pauses(browser: Client) -> None:
    answer = browser.get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"], "不会只办一半" in answer.content.decode()) == (
        503,
        "10",
        True,
    )


def test_the_interface_says_so_in_json(browser: Client) -> None:
    browser.cookies["sessionid"] = "x" * 32
    answer = browser.get("/api/cases/1")
    assert (answer.status_code, answer.json()["faults"]) == (503, [])
    assert answer.json()["message"].startswith("数据库暂时无法连接")


def test_a_fault_stays_a_fault(monkeypatch: pytest.MonkeyPatch, browser: Client) -> None:
    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", lambda _: 1 // 0)
    assert browser.get("/readyz").status_code == 500
