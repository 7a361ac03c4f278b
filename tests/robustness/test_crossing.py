"""Acts that lock several files, crossing each other's way again and again: nobody waits for somebody who waits for him."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from lunheng.cases.models import Case
from lunheng.cases.queries import chain_faults
from tests.factories.story import Story
from tests.factories.world import SeatClient
from tests.robustness.at_once import at_once
from tests.robustness.swift import SwiftStory

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 10


def again(browser: SeatClient, *requests: tuple[str, dict[str, object]]) -> Counter[int]:
    """Send these requests round after round; how they were answered."""
    browser.http.raise_request_exception = False
    return Counter(browser.act(name, **body).status_code for _ in range(ROUNDS) for name, body in requests)


def people(story: Story, other: Story) -> list[Callable[[], Counter[int]]]:
    """Who changes projects, experts and panels of two reviews of one project, each from another side."""
    world, unit = story.world, story.world.unit("expert-unit-1").code
    spare = world.unit("second-monitor").code
    party = {"project_id": story.project_id, "organization_code": spare, "role": "monitor"}
    first, second = story.members("invited")[0], other.members("invited")[0]
    leak = {"text": "会前透露评审意见"}
    moved = [{"expert_id": one.expert_id, "organization_code": unit} for one in (first, second)]
    noted = [{**one, "ground": "顾问"} for one in moved]
    changes, interests = "experts.change_unit", "experts.record_interest"
    return [
        partial(again, world.client("contractor"), ("works.add_party", party), ("works.remove_party", party)),
        partial(again, world.client("station"), (changes, moved[0]), (changes, moved[1])),
        partial(again, world.client("station"), (interests, noted[1]), (interests, noted[0])),
        partial(
            again,
            world.client("owner"),
            ("panels.file_leak", {"member_id": second.pk, **leak}),
            ("panels.file_leak", {"member_id": first.pk, **leak}),
        ),
    ]


def test_acts_that_cross_never_block_each_other(transactional_db: None, qingdao: SwiftStory) -> None:
    qingdao.ready()
    other = SwiftStory(qingdao.world, qingdao.clock, project_id=qingdao.project_id, work_id=qingdao.work_id)
    other.papers = 50
    other.review()
    other.version()
    other.approve()
    for story in (qingdao, other):
        story.request()
        story.draw()
    answers = sum(at_once(*people(qingdao, other)), Counter[int]())
    assert set(answers) <= {200, 403}
    assert answers[200] >= ROUNDS * 4
    assert [one.reference for one in Case.objects.all() if chain_faults(one.reference)] == []
