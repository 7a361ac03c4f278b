"""A request that comes again under its own key is performed once and answered alike."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from lunheng.api.models import Submission
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Entry, RowState
from lunheng.works.models import Project
from tests.factories.story import Story
from tests.factories.world import World, build
from tests.robustness.at_once import at_once

KEYED = {"Idempotency-Key": "伙伴系统-0001".encode().hex()}
PROJECT = {"name": "虚构路隧道", "kind": "municipal", "division_id": "370200", "address": "虚构路 1 号"}


def register(world: World, headers: dict[str, str] = KEYED, seat: str = "contractor", **changed: Any) -> Any:
    """Register a project under a key."""
    return world.client(seat).http.post(
        "/api/acts/works.register_project",
        data={**PROJECT, **changed},
        content_type="application/json",
        headers=headers,
    )


@pytest.fixture
def world(db: None, clock: FixedClock) -> World:
    """Qingdao, where nothing has happened yet."""
    return build("qingdao", experts=1)


def test_the_same_key_is_performed_once_and_answered_alike(world: World) -> None:
    first, again = register(world), register(world)
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    assert [project.pk for project in Project.objects.all()] == [first.json()["id"]]


def test_without_a_key_every_request_stands_for_itself(world: World) -> None:
    assert register(world, {}).json() != register(world, {}).json()
    assert (Project.objects.count(), Submission.objects.count()) == (2, 0)


@pytest.mark.parametrize("differing", [{"seat": "stranger"}, {"headers": {"Idempotency-Key": "0002"}}])
def test_a_key_is_one_persons_and_one_keys(world: World, differing: dict[str, Any]) -> None:
    assert register(world).json() != register(world, **differing).json()


def test_a_key_under_which_something_else_was_sent_is_told(world: World) -> None:
    register(world)
    answer = register(world, name="虚构路高架")
    assert (answer.status_code, answer.json()["message"]) == (
        409,
        "这个幂等键（Idempotency-Key）已用于内容不同的请求，请换一个新的键",
    )
    assert Project.objects.count() == 1


def test_a_refused_request_may_come_again_under_its_key(world: World) -> None:
    refused = register(world, address=" ")
    assert (refused.status_code, Submission.objects.count()) == (403, 0)
    assert register(world).status_code == 200


def test_an_entry_is_answered_again_even_where_the_act_would_now_be_refused(
    world: World, clock: FixedClock
) -> None:
    story = Story(world, clock)
    story.project()
    body = {
        "project_id": story.project_id,
        "organization_code": world.unit("second-monitor").code,
        "role": "monitor",
    }
    send: Callable[..., Any] = partial(
        world.client("contractor").http.post,
        "/api/acts/works.add_party",
        data=body,
        content_type="application/json",
    )
    first = send(headers=KEYED)
    assert (first.status_code, send(headers=KEYED).json(), send().status_code) == (200, first.json(), 403)


def test_the_ledger_vouches_for_what_was_answered(world: World) -> None:
    made = register(world).json()["id"]
    kept = Submission.objects.get()
    state = RowState.objects.get(table_name="api_submission", key=str(kept.pk))
    assert (kept.made, state.entry.event) == (made, "project.registered/1")


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_four_at_once_under_one_key_are_one(clock: FixedClock) -> None:
    world = build("qingdao", experts=1)
    answers = at_once(*[partial(register, world)] * 4)
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert (Project.objects.count(), Entry.objects.filter(event="project.registered/1").count()) == (1, 1)
