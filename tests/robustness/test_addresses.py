"""Every address of the product with numbers, texts and signs that no address should have, as people of several
relations to a case: an answer that says so, never a fault of the server."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.test import Client

from lunheng.cases.models import Case
from tests.access.routes import Route, all_routes
from tests.access.staging import Stage, stage, stopped_clock, undone
from tests.factories.story import Story
from tests.robustness.hostile import IDENTIFIERS, NUMBERS, TEXTS

pytestmark = pytest.mark.django_db
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
HOSTILE = {"int": NUMBERS, "uuid": IDENTIFIERS}
ROUTES = [route for route in all_routes() if not route.is_act]
NOT_HERE = 503
"""The identity service, which a test does not have."""


@pytest.fixture(scope="module")
def staged(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """A case of Qingdao in the middle of its way."""
    with django_db_blocker.unblock(), stopped_clock() as clock, undone():
        yield stage("qingdao", clock)


def addresses(route: Route, values: dict[str, object], most: int) -> Iterator[str]:
    """The address with one part after the other replaced."""
    for kind, name in PARAMETER.findall(route.pattern):
        for hostile in islice(HOSTILE.get(kind, TEXTS + NUMBERS[:3]), most):
            yield route.path({**values, name: hostile})


def faults(browsers: dict[str, Client], values: dict[str, object], most: int) -> list[str]:
    """Every address that made the server fail."""
    found = []
    for person, browser in browsers.items():
        browser.raise_request_exception = False
        cookies = browser.cookies.copy()
        for path in (path for route in ROUTES for path in addresses(route, values, most)):
            for method in ("get", "post"):
                with undone():
                    status = getattr(browser, method)(path).status_code
                browser.cookies = cookies.copy()  # type: ignore[assignment]
                if status >= 500 and status != NOT_HERE:
                    found.append(f"{method} {path[:80]} as {person}: {status}")
    return found


def test_no_hostile_address_makes_the_server_fail(qingdao: Story) -> None:
    qingdao.ready()
    values: dict[str, object] = dict.fromkeys(
        (name for route in ROUTES for _, name in PARAMETER.findall(route.pattern)), 1
    )
    values |= {"case_id": qingdao.case_id, "project_id": qingdao.project_id, "work_id": qingdao.work_id}
    values |= {"entry_id": IDENTIFIERS[0], "reference": Case.objects.get(pk=qingdao.case_id).reference}
    assert faults({"contractor": qingdao.as_("contractor").http}, values, most=1) == []


@pytest.mark.drill
def test_no_hostile_address_at_all_makes_the_server_fail(staged: Stage) -> None:
    people = ("public", "contractor", "member", "station", "agency", "administrator", "supervisor")
    assert faults({one: staged.client(one).http for one in people}, staged.values, most=9) == []
