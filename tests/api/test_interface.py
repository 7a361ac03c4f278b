"""The interface is the acts: every public act has its address, and what only the server gives cannot be sent."""

import inspect

import pytest

from lunheng.api.interface import interface
from lunheng.cases.acts import REGISTRY
from tests.factories.story import Story
from tests.factories.world import build

pytestmark = pytest.mark.django_db


def addresses() -> set[str]:
    return {
        path.rsplit("/acts/", 1)[1] for path in interface.get_openapi_schema()["paths"] if "/acts/" in path
    }


def of_the_product() -> dict[str, bool]:
    return {
        name: spec.is_public
        for name, spec in REGISTRY.items()
        if spec.perform.__module__.startswith("lunheng.")
    }


def test_every_public_act_has_its_address_and_no_other_has() -> None:
    assert addresses() == {name for name, is_public in of_the_product().items() if is_public}


def test_no_act_takes_actor_moment_or_seed_from_outside() -> None:
    given = {name: set(spec.parameters) for name, spec in REGISTRY.items() if spec.is_public}
    assert {
        name: names & {"actor", "at", "seed"}
        for name, names in given.items()
        if names & {"actor", "at", "seed"}
    } == {}


def test_every_address_says_what_it_does() -> None:
    assert [
        name for name, spec in REGISTRY.items() if spec.is_public and not inspect.getdoc(spec.perform)
    ] == []


def test_an_unknown_field_is_told_and_nothing_happens(clock: object) -> None:
    story = Story(build("qingdao", experts=1), clock)  # type: ignore[arg-type]
    answer = story.as_("contractor").act(
        "works.register_work", project_id=1, name="x", kind="deep_pit", colour="red"
    )
    assert answer.status_code == 422
    assert {"field": "colour", "fault": "不认识此项"} in answer.json()["faults"]


def test_the_case_tells_state_pack_parties_and_deadlines(clock: object) -> None:
    story = Story(build("qingdao", experts=1), clock)  # type: ignore[arg-type]
    story.project()
    story.work()
    story.review()
    told = story.as_("contractor").get(f"/api/cases/{story.case_id}").json()
    assert (told["state"], told["state_label"], told["pack"], len(told["parties"])) == (
        "drafting",
        "方案编制",
        "qingdao-2025",
        6,
    )
