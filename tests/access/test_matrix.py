"""S-01: every address × GET and POST × every seat, against the reviewed table of matrix.toml."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.access.headers import missing_headers
from tests.access.routes import Route, all_routes
from tests.access.staging import RELATIONS, Stage, count_refusals, undone
from tests.factories.world import EVERY_CITY

pytestmark = pytest.mark.django_db
MATRIX = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text("utf-8"))
OPEN = {*MATRIX["public"]["routes"], *MATRIX["demo"]["routes"]}
ROWS: dict[str, list[str]] = {**MATRIX["lists"], **MATRIX["routes"], **MATRIX["absent"]}
ROUTES = [route for route in all_routes() if not route.is_act]
REFUSED = 403
NOT_THERE = 404
CLOSED_METHOD = 405


@dataclass(frozen=True)
class Answer:
    """What came back, and whether a refusal of it was written down."""

    status: int
    body: str
    target: str
    is_kept: bool
    missing: tuple[str, ...]


def audience(city: str, names: list[str]) -> set[str]:
    """The relations that a row of the table means in this city."""
    known = {**MATRIX["audiences"]["both"], **MATRIX["audiences"][city]}
    return {relation for name in names for relation in known.get(name, [name])}


def asked(stage: Stage, route: Route, method: str) -> list[str]:
    """Everybody by GET. By POST everybody outside the audience, and one of it: whether the others may perform the act
    is for test_acts.py to say."""
    inside = audience(stage.world.city, ROWS[route.name])
    if method == "get":
        return list(RELATIONS)
    return [relation for relation in RELATIONS if relation not in inside - {min(inside)}]


def ask(stage: Stage, relation: str, route: Route, method: str) -> Answer:
    """One request, whose traces are counted and whose effects are taken back."""
    browser = stage.client(relation).http
    cookies = browser.cookies.copy()
    with undone():
        before = stage.refusals
        response: Any = getattr(browser, method)(route.path(stage.values))
        content = b"".join(response.streaming_content) if response.streaming else response.content
        browser.cookies = cookies  # type: ignore[assignment]
        return Answer(
            response.status_code,
            content.decode("utf-8", "replace"),
            response.headers.get("Location", ""),
            response.status_code == REFUSED and count_refusals() > before,
            tuple(missing_headers(response, is_known=relation != "public")),
        )


def faults_of(stage: Stage, route: Route, relation: str, method: str) -> Iterator[str]:
    """What is wrong with the answer that this seat gets."""
    answer = ask(stage, relation, route, method)
    if answer.status >= 500:
        yield "a fault of the server"
    yield from answer.missing
    if relation in audience(stage.world.city, ROWS[route.name]):
        if method == "get" and route.name in MATRIX["routes"] and answer.status == 403:
            yield "closed to a seat that the table lets in"
        if route.name in MATRIX["lists"] and relation in OUTSIDERS:
            yield from _leaks(stage, relation, answer)
        return
    yield from _leaks(stage, relation, answer)
    if answer.status == 403 and not answer.is_kept:
        yield "refused without a trace"
    if not _is_turned_away(route, relation, answer):
        yield f"answered {answer.status} {answer.target}"


OUTSIDERS = {"public", "stranger", "other_agency", "other_expert", "other_district", "administrator"}
"""Those to whom no list may name anything of the staged case."""


def _is_turned_away(route: Route, relation: str, answer: Answer) -> bool:
    is_absent = route.name in MATRIX["absent"] and answer.status == NOT_THERE
    to_door = relation == "public" and answer.status == 302 and answer.target.startswith("/login/")
    is_upload = route.name == "documents:upload" and answer.status == 422
    return answer.status in (403, CLOSED_METHOD) or is_absent or to_door or is_upload


def _leaks(stage: Stage, relation: str, answer: Answer) -> Iterator[str]:
    for secret in stage.secrets_from(relation):
        if secret in answer.body:
            yield f"tells {secret}"


def test_every_address_has_exactly_one_row() -> None:
    tables = [
        *MATRIX["public"]["routes"],
        *MATRIX["demo"]["routes"],
        *MATRIX["lists"],
        *MATRIX["routes"],
        *MATRIX["absent"],
    ]
    assert sorted(tables) == sorted(route.name for route in ROUTES)


@pytest.mark.clause("QD-四(二)1b/others refused", "QD-二(一)a")
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("city", EVERY_CITY)
def test_every_seat_gets_what_the_table_says(stages: dict[str, Stage], city: str, method: str) -> None:
    stage = stages[city]
    found = [
        f"{method} {route.name} as {relation}: {fault}"
        for route in ROUTES
        if route.name in ROWS
        for relation in asked(stage, route, method)
        for fault in faults_of(stage, route, relation, method)
    ]
    assert found == []


def test_public_pages_tell_nothing_of_a_case_and_never_fail(stages: dict[str, Stage]) -> None:
    stage = stages["qingdao"]
    pages = [
        route
        for route in ROUTES
        if route.name in MATRIX["public"]["routes"] and route.name != "api-1:openapi-view"
    ]
    found = [
        f"{route.name}: {fault}"
        for route in pages
        for method in ("get", "post")
        for fault in _of_public_page(stage, ask(stage, "public", route, method), route)
    ]
    assert found == []


def _of_public_page(stage: Stage, answer: Answer, route: Route) -> Iterator[str]:
    yield from answer.missing
    if answer.status >= 500 and route.name != "accounts:identity":
        yield f"answered {answer.status}"
    yield from _leaks(stage, "public", answer)
