"""The interface under random fire: cases made from its own description, well formed and malformed, by people of every
role, on two reviews in the middle of their way. No fault of the server, no answer that the description does not know."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import schemathesis
from django.apps import apps
from django.db import connection
from django.db.models import Model
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from lunheng.cases.models import Case
from lunheng.config.wsgi import application
from lunheng.panels.models import Election, Member, PanelRequest
from lunheng.plans.models import PlanVersion, Review
from tests.factories.story import Story
from tests.factories.world import build
from tests.robustness.swift import SwiftStory

CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
ROLES = ("contractor", "station", "expert:0", "chief_supervisor", "agency", "district", "owner", "public")
TOKEN = "x" * 32
"""What the page and its cookie share, so that a request is known to come from our own page."""
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)


@pytest.fixture
def under_way(qingdao: Story, monkeypatch: pytest.MonkeyPatch) -> tuple[Story, Story]:
    """Qingdao elects its leader, Nanning has pushed and picked."""
    # A real server ends idle connections between requests; the test's transaction lives in this one.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    qingdao.confirm_all()
    nanning = SwiftStory(build("nanning"), qingdao.clock)
    nanning.ready()
    nanning.request()
    nanning.push()
    nanning.pick(nanning.lawful_pick())
    return qingdao, nanning


def keys() -> Mapping[str, list[int]]:
    """Numbers that mean something, by the name of the field that may hold them."""
    named: dict[str, type[Model]] = {
        "case": Case,
        "member": Member,
        "request": PanelRequest,
        "review": Review,
        "version": PlanVersion,
        "election": Election,
    }
    others: dict[str, type[Model]] = {
        model._meta.model_name or "": model
        for model in apps.get_models()
        if model.__module__.startswith("lunheng.")
    }
    found = {
        name: list(model._default_manager.values_list("pk", flat=True)[:40])
        for name, model in {**others, **named}.items()
    }
    return {name: [key for key in rows if isinstance(key, int)] for name, rows in found.items()}


def aim(value: Any, known: Mapping[str, list[int]], name: str = "") -> Any:
    """The same body with most of its numbers pointing at something that exists."""
    if isinstance(value, dict):
        return {key: aim(part, known, key) for key, part in value.items()}
    if isinstance(value, list):
        return [aim(part, known, name) for part in value]
    rows = known.get(name.removesuffix("s").removesuffix("_id").rsplit("_", 1)[-1], [])
    is_key = name.endswith(("_id", "_ids", "signed")) and type(value) is int
    return rows[value % len(rows)] if is_key and rows and value % 7 else value


def sessions(stories: tuple[Story, Story]) -> Iterator[dict[str, str]]:
    """The cookies of one person after the other, without end."""
    people = [(story, seat) for seat in ROLES for story in stories]
    jars = [
        {
            "csrftoken": TOKEN,
            **{name: one.value for name, one in story.world.client(seat).http.cookies.items()},
        }
        for story, seat in people
    ]
    return itertools.cycle(jars)


def fire(stories: tuple[Story, Story], examples: int) -> Counter[int]:
    """Send so many well-formed and so many malformed cases to every operation; how they were answered, faults listed."""
    people, known, answered = sessions(stories), keys(), Counter[int]()
    faults: list[str] = []

    def shoot(case: schemathesis.Case[Any]) -> None:
        case.body = aim(case.body, known) if isinstance(case.body, dict) else case.body
        case.path_parameters = (
            aim(case.path_parameters, known) if case.path_parameters else case.path_parameters
        )
        response = case.call(cookies=next(people), headers={"X-CSRFToken": TOKEN})
        answered[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as group:
            faults.append(
                f"{case.path} {response.status_code} {case.body!r:.300} {group.exceptions[0]!s:.300}"
            )

    quiet = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            quiet(given(operation.as_strategy(generation_mode=mode))(shoot))()
    assert faults == []
    return answered


@pytest.mark.sqlite
def test_the_interface_answers_only_what_it_promises(under_way: tuple[Story, Story]) -> None:
    answered = fire(under_way, examples=3)
    assert set(answered) <= {200, 403, 404, 409, 422}
    assert answered.total() >= 300
    assert min(answered[200], answered[403], answered[404], answered[422]) > 0


@pytest.mark.drill
def test_the_interface_under_long_fire(under_way: tuple[Story, Story]) -> None:
    answered = fire(under_way, examples=28)
    assert set(answered) <= {200, 403, 404, 409, 422}
    assert answered.total() >= 3_000
