"""专家的条件和等级: who is in the pool and shown not to meet them is left out of draws and pushes, and told why."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils.html import strip_tags

from lunheng.experts.models import Expert
from lunheng.panels.models import Member
from tests.clauses.documents import circular_31, of
from tests.clauses.documents import nanning as nn
from tests.factories.story import Story

FLOOR = circular_31("（八）")


def record(story: Story, expert: Expert, **shown: Any) -> None:
    """The station enters what the evidence shows of somebody in the pool."""
    given = {"has_senior_title": True, "years": 20, **shown}
    proof = story.upload("station", "证明.pdf", content=story.fresh_pdf(), kind="proof")
    story.as_("station").done(
        "experts.record_qualification", expert_id=expert.pk, document_ids=[proof], **given
    )


def drawn(story: Story) -> set[int]:
    """Whom the city's way of drawing brought up."""
    story.request()
    members = story.draw() if story.world.city == "qingdao" else story.push()
    return {member.expert_id for member in members}


def excluded(story: Story) -> str:
    """The words of the station's table of those who were left out."""
    page = story.as_("station").get(f"/cases/{story.case_id}/panel/exclusions/").content.decode()
    return strip_tags(page[page.index('id="excluded"') :].partition("<tbody")[2])


@pytest.fixture(params=["qingdao", "nanning"])
def pool_of_nine(request: pytest.FixtureRequest, small: Callable[..., Story]) -> Story:
    """Nine who were in the pool before: geotechnics and structure, each of a unit of its own."""
    story = small(request.param, 0)
    for index in range(9):
        one = "geotechnics" if request.param == "qingdao" or index % 2 else "structure"
        story.world.add_expert(specialties=(one,))
    story.ready()
    return story


@pytest.mark.clause("QD-二(一)c/admitted earlier", "NN-二(二)h/admitted earlier")
def test_who_was_admitted_earlier_and_does_not_meet_the_floor_is_left_out_with_that_reason(
    pool_of_nine: Story,
) -> None:
    story, experts = pool_of_nine, pool_of_nine.world.experts
    record(story, experts[0], has_senior_title=False)
    record(story, experts[1], has_senior_title=False, has_rich_experience=True)
    record(story, experts[2], years=14)
    record(story, experts[3], years=14, has_rich_experience=True)
    record(story, experts[4], years=15)
    out = {experts[index].pk for index in (0, 1, 2)}
    seen = drawn(story)
    assert (seen & out, len(seen)) == (set(), 5 if story.world.city == "qingdao" else 6)
    page = excluded(story)
    assert page.count("不具备专家的基本条件") == 3
    file = story.as_("station").get(f"/experts/{experts[2].pk}/").content.decode()
    assert ("不参加抽取" in file, "须从事专业工作15年以上" in file, "（八）" in file) == (True, True, True)


@pytest.mark.clause("QD-二(一)c/admitted earlier", "NN-二(二)h/admitted earlier")
def test_with_the_fifteenth_year_the_expert_is_drawn_again(pool_of_nine: Story) -> None:
    """Without them four are left, who are no panel of Qingdao."""
    story = pool_of_nine
    for expert in story.world.experts[:5]:
        record(story, expert, years=14)
    story.clock.advance(days=365)
    seen = drawn(story)
    assert len(seen) == 5 if story.world.city == "qingdao" else len(seen) == 9


@pytest.mark.clause("QD-二(一)c/admitted earlier", "NN-二(二)h/admitted earlier")
def test_a_day_before_the_fifteenth_year_the_expert_is_left_out(pool_of_nine: Story) -> None:
    story = pool_of_nine
    for expert in story.world.experts[:4]:
        record(story, expert, years=14)
    story.clock.advance(days=364)
    seen = drawn(story)
    assert seen == {one.pk for one in story.world.experts[4:]}


@pytest.mark.clause("QD-二(一)c/admitted earlier", "NN-二(二)h/admitted earlier")
def test_only_the_station_enters_it_and_only_with_its_evidence(pool_of_nine: Story) -> None:
    story, expert = pool_of_nine, pool_of_nine.world.experts[0]
    given = {"expert_id": expert.pk, "has_senior_title": False, "years": 20}
    for seat in ("bureau", "contractor", "district"):
        told = story.as_(seat).refused("experts.record_qualification", document_ids=[], **given)
        assert told == [of(story.world.city, "二（一）")]
    assert story.as_("station").refused("experts.record_qualification", document_ids=[], **given) == [FLOOR]


@pytest.mark.clause("QD-二(一)c/admitted earlier")
def test_a_member_shown_not_to_meet_the_floor_leaves_the_panel_and_the_seat_is_refilled(
    qingdao: Story,
) -> None:
    qingdao.ready()
    member = qingdao.panel()[1]
    record(qingdao, member.expert, has_senior_title=False)
    qingdao.sweep()
    gone = Member.objects.get(pk=member.pk)
    assert (gone.state, "不具备专家的基本条件" in gone.ground) == ("removed", True)
    assert [one.expert_id for one in qingdao.members("invited")] != [member.expert_id]
    assert len(qingdao.members("invited", "confirmed")) == 5


@pytest.fixture
def graded(small: Callable[..., Story], grade_table: Callable[[Story], object]) -> Story:
    """Nine experts, the last without a grade, the one before of the lowest."""
    story = small("nanning", 0)
    grade_table(story)
    for index in range(9):
        story.world.add_expert(specialties=("geotechnics" if index % 2 else "structure",))
    grades = ["一级"] * 3 + ["二级"] * 4 + ["三级"]
    for expert, grade in zip(story.world.experts, grades, strict=False):
        record(story, expert, grade=grade)
    story.ready()
    return story


@pytest.mark.clause("NN-五(一)/grade")
def test_an_expert_below_the_grade_of_the_risk_level_is_never_pushed(graded: Story) -> None:
    seen = drawn(graded)
    page = excluded(graded)
    assert seen == {one.pk for one in graded.world.experts[:7]}
    assert (page.count("专家等级与方案的风险等级不相适应"), page.count("五（一）")) == (2, 2)


@pytest.mark.clause("NN-五(一)/grade")
def test_nobody_below_the_grade_is_confirmed_and_whoever_is_found_below_leaves(graded: Story) -> None:
    drawn(graded)
    chosen = graded.lawful_pick()
    graded.pick(chosen)
    graded.consent(chosen)
    record(graded, chosen[1].expert, grade="三级")
    told = graded.as_("contractor").refused(
        "panels.confirm_list",
        request_id=graded.request_id,
        member_ids=[member.pk for member in chosen],
        leader_member_id=chosen[0].pk,
    )
    assert told == [nn("五（一）")]
    graded.sweep()
    assert Member.objects.get(pk=chosen[1].pk).state == "removed"


@pytest.mark.clause("NN-五(一)/grade")
def test_without_a_table_no_grade_is_asked_for(small: Callable[..., Story]) -> None:
    story = small("nanning", 0)
    for index in range(9):
        story.world.add_expert(specialties=("geotechnics" if index % 2 else "structure",))
    record(story, story.world.experts[0], grade="三级")
    story.ready()
    assert len(drawn(story)) == 9


@pytest.mark.clause("NN-五(一)/grade")
def test_a_grade_that_the_table_does_not_know_is_refused(graded: Story) -> None:
    proof = graded.upload("station", "证明.pdf", content=graded.fresh_pdf(), kind="proof")
    given = {"expert_id": graded.world.experts[0].pk, "has_senior_title": True, "years": 20}
    assert graded.as_("station").refused(
        "experts.record_qualification", document_ids=[proof], grade="特级", **given
    ) == [nn("五（一）")]
