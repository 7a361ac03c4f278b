"""抽取公示: what anybody reads of a draw before and after the review, and that nothing disappears."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import pytest
from django.test import Client

from lunheng.cases.models import Case
from lunheng.core import draw as lottery
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Entry
from lunheng.panels.models import Contribution, Draw
from lunheng.panels.queries.published import draw_page
from lunheng.pools.models import Chain
from lunheng.verifiers import verify_draw
from tests.factories.chance import PROMISE
from tests.factories.world import World, build
from tests.panels.conftest import Scene, make
from tests.robustness.swift import SwiftStory

Counted = Callable[[int], AbstractContextManager[object]]
NEEDS = [("geotechnics", 5, False), ("structure", 2, True)]


@pytest.fixture
def world(db: None, clock: FixedClock) -> World:
    return build("qingdao", experts=20)


@pytest.fixture
def scene(world: World, clock: FixedClock) -> Scene:
    """A review of twenty experts, ready for its draw."""
    return make(world, clock, NEEDS)


def page(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status, path
    return str(response.content.decode())


def address(scene: Scene, number: int = 1) -> str:
    return f"/draws/{scene.case.reference}/1/{number}/"


def withheld(scene: Scene) -> Draw:
    """Promised by the contractor, and never revealed."""
    scene.act("commit_draw", request_id=scene.request_id, commitment=PROMISE)
    scene.sweep(days=3)
    return Draw.objects.get(request_id=scene.request_id)


def over(scene: Scene) -> None:
    Case.objects.filter(pk=scene.case_id).update(state="passed")


def test_the_page_of_a_draw_tells_pool_chances_promises_and_result(scene: Scene) -> None:
    scene.draw()
    draw = Draw.objects.get()
    text = page(address(scene))
    told = [draw.commit, draw.seed, *(name for name, _ in draw.result), "岩土工程", "怎样抽出"]
    told += [one.value for one in draw.contributions.all()]
    assert [word for word in told if word not in text] == []


def test_the_page_of_a_draw_leads_to_the_entries_of_its_promise_its_numbers_and_its_result(
    scene: Scene,
) -> None:
    scene.draw()
    told = page(address(scene))
    entries = Entry.objects.filter(subject=scene.case.reference, event__startswith="draw.").order_by(
        "subject_number"
    )
    links = [f'见<a href="/ledger/receipt/{one.pk}/">第 {one.subject_number} 条</a>' for one in entries]
    assert ([told.count(link) for link in links], [one.event for one in entries]) == (
        [1, 1, 1],
        ["draw.committed/1", "draw.revealed/1", "draw.result/1"],
    )


def test_the_chances_shown_add_up_to_the_seats(scene: Scene) -> None:
    scene.draw()
    shown = draw_page(Draw.objects.select_related("request__case").get())
    assert sum(row.people * row.chance for row in shown.rates) == 7
    assert (shown.eligible, shown.fixed) == (sum(row.people for row in shown.rates), 0)


def test_nobody_is_named_on_the_public_pages(scene: Scene) -> None:
    scene.draw()
    text = page(address(scene)) + page(f"/draws/{scene.case.reference}/") + page("/draws/")
    secrets = [one.name for one in scene.world.experts] + [one.reference for one in scene.world.experts]
    assert [one for one in [*secrets, scene.case.title] if one in text] == []


def test_before_the_meeting_the_pool_is_a_hash_and_the_rest_can_be_checked(scene: Scene) -> None:
    scene.draw()
    draw = Draw.objects.get()
    found = Client().get(address(scene) + "record.json").json()
    assert ("snapshot" in found["parts"], "exclusions" in found["parts"]) == (False, False)
    for key, part in found["parts"].items():
        assert lottery.digest(f"draw.{key}", lottery.canonical_bytes(part)).hex() == found["hashes"][key]
    hashes = [bytes.fromhex(found["hashes"][key]) for key in sorted(found["hashes"])]
    assert lottery.digest("commit", *hashes).hex() == draw.commit
    assert draw.document["snapshot"][0][0] not in str(found["parts"])


def test_after_the_review_the_whole_record_is_there_and_verifies(scene: Scene) -> None:
    scene.draw()
    over(scene)
    found = Client().get(address(scene) + "record.json").content.decode()
    assert verify_draw.verify(verify_draw.read(found)) == []
    assert "到核验页重算" in page(address(scene))


def test_a_withheld_draw_names_who_did_not_reveal_and_keeps_its_number(scene: Scene) -> None:
    draw = withheld(scene)
    text = page(address(scene))
    assert ("申请人没有揭示，本次抽取作废" in text, "编号保留" in text, draw.commit in text) == (True,) * 3
    assert draw.contributions.get(party="platform").value in text


def test_a_draw_again_after_a_withheld_one_shows_its_reason(scene: Scene) -> None:
    withheld(scene)
    scene.chance("commit_draw", reason="经办人休假，由他人接替")
    text = page(f"/draws/{scene.case.reference}/")
    assert ("抽取 2 次（作废 1 次）" in text, "经办人休假，由他人接替" in text) == (True, True)


def test_exclusions_are_counted_by_ground_without_names(scene: Scene) -> None:
    insider = scene.world.add_expert(unit="owner")
    scene.draw()
    text = page(address(scene))
    assert ("1 名专家没有列入" in text, "参建单位人员" in text, insider.name in text) == (True, True, False)


def test_a_waiting_draw_is_public_from_its_commit(scene: Scene) -> None:
    scene.act("commit_draw", request_id=scene.request_id, commitment=PROMISE)
    text = page(address(scene))
    assert ("等待申请人揭示" in text, Draw.objects.get().commit in text, "怎样抽出" in text) == (
        True,
        True,
        False,
    )


@pytest.mark.parametrize(
    "path", ["/draws/LZ-0/", "/draws/LZ-0/1/1/", "/draws/?pool=none", "/draws/statistics/?pool=none"]
)
def test_what_does_not_exist_is_not_found(world: World, path: str) -> None:
    page(path, 404)


def test_a_case_without_a_request_has_no_page(scene: Scene) -> None:
    scene.request.needs.all().delete()
    scene.request.delete()
    page(f"/draws/{scene.case.reference}/", 404)


def test_the_list_shows_every_draw_on_its_link(scene: Scene) -> None:
    withheld(scene)
    scene.chance("commit_draw", reason="再抽")
    text = page("/draws/")
    assert ("第 1 条链第 1 环" in text, "第 1 条链第 2 环" in text, "一环一次" in text) == (True,) * 3
    assert "没有对应的抽取记录" not in text


def test_a_link_without_a_draw_is_a_gap_in_the_list(scene: Scene) -> None:
    scene.draw()
    chain = Chain.objects.get(number=1, owner="platform")
    Contribution.objects.filter(chain=chain).update(link=4)
    Chain.objects.filter(pk=chain.pk).update(taken=4)
    text = page("/draws/")
    assert ("第 1 至 3 环" in text, "没有对应的抽取记录" in text, "对不上" in text) == (True,) * 3


def test_the_statistics_compare_what_came_with_what_was_expected(scene: Scene) -> None:
    scene.draw()
    text = page("/draws/statistics/")
    assert ("期望抽中" in text, "岩土工程" in text, "<svg" in text, "<script" in text.split("<main")[1]) == (
        True,
        True,
        True,
        False,
    )


def test_without_any_draw_the_pages_say_what_will_stand_there(world: World) -> None:
    assert "还没有抽取" in page("/draws/")
    assert "还没有完成的抽取" in page("/draws/statistics/")


PAGES = {"/draws/": 5, "/draws/statistics/": 5}
"""Public pages, and how many questions they ask."""


@pytest.fixture
def many(world: World, clock: FixedClock) -> Callable[[int], None]:
    def add(count: int) -> None:
        for number in range(count):
            make(
                world, clock, NEEDS, lineage=f"line-{Draw.objects.count()}-{number}", meeting_at=later(clock)
            ).draw()

    return add


def later(clock: FixedClock) -> datetime:
    """Meetings lie apart, so that everybody can be drawn again."""
    return clock.now() + timedelta(days=10 + Draw.objects.count())


def test_thirty_draws_ask_as_many_questions_as_one(
    many: Callable[[int], None], django_assert_num_queries: Counted
) -> None:
    many(1)
    for count in (0, 29):
        many(count)
        for path, asked in PAGES.items():
            page(path)
            with django_assert_num_queries(asked):
                page(path)


def test_a_cancelled_request_stays_with_its_reason_its_draw_and_what_changed(
    world: World, clock: FixedClock
) -> None:
    story = SwiftStory(world, clock)
    story.ready()
    request = story.request()
    contractor = story.as_("contractor")
    contractor.done("panels.commit_draw", request_id=request, commitment=PROMISE)
    contractor.done("plans.cancel_request", request_id=request, reason="会议改期")
    six = [{"specialty": "geotechnics", "count": 6, "is_extra": False}]
    story.request(needs=six, reason="会议改期后重新申请")
    reference = Case.objects.get(pk=story.case_id).reference
    text = page(f"/draws/{reference}/")
    told = ["共提出申请 2 次（撤回 1 次），抽取 1 次（作废 1 次）", "理由：会议改期", "会议改期后重新申请"]
    told += ["由“岩土工程5名”改为“岩土工程6名”", "申请人没有揭示"]
    assert [word for word in told if word not in text] == []
    assert "本次抽取作废" in page(f"/draws/{reference}/1/1/")
