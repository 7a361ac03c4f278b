"""虚构州: from ``city init`` to the start of works by the acts of the interface, with a city beside it that stays as it was."""

import pytest

from lunheng.accounts.middleware import actor_in
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_supervise
from lunheng.desk.queries import duties
from lunheng.panels.models import Member, SisterDecision
from lunheng.panels.queries.rows import station_people
from lunheng.works.models import HazardousWork
from tests.authorities.founded import Founded
from tests.authorities.rows import Rows, all_rows, changed, leading_to
from tests.clauses.test_closure import answer_all
from tests.factories.story import Story

MEASURES = "《虚构州专项施工方案专家论证办法》"


def is_supervised(story: Founded, seat: str, case: Case) -> bool:
    return may_supervise(actor_in(story.world.seat(seat)), case).is_allowed


def test_from_the_command_to_the_start_of_works_and_the_city_beside_stays_as_it_was(
    founded: Founded, beside: Story, before: Rows
) -> None:
    founded.admit(9)
    founded.prepare("high_slope", slope_height="16")

    work = HazardousWork.objects.get(pk=founded.work_id)
    assert (work.is_over_scale, [hit["row"] for hit in work.hits]) == (True, ["SLOPE-1", "SLOPE-1"])
    case = Case.objects.get(pk=founded.case_id)
    offices = ("county", "other_county", "center", "bureau", "department")
    assert {seat: is_supervised(founded, seat, case) for seat in offices} == {
        "county": True, "other_county": False, "center": False, "bureau": True, "department": True,
    }  # fmt: skip
    assert may_supervise(actor_in(beside.world.seat("bureau")), case).is_allowed is False

    listed = founded.listed()
    assert sorted(one.expert.name for one in listed) == [f"虚构·专家{index}" for index in range(9)]
    page = founded.as_("contractor").get(f"/cases/{founded.case_id}/panel/").content.decode()
    assert ("系统列出的专家" in page, "系统推送的专家" in page) == (True, False)
    chosen = [one for one in listed if one.expert.name in {f"虚构·专家{index}" for index in (1, 3, 4, 6, 8)}]
    founded.seat_panel(chosen)
    assert {one.expert.name for one in founded.members("confirmed")} == {one.expert.name for one in chosen}
    assert not Member.objects.filter(case=case, is_leader=True).exists()

    founded.meet(m0="not_approved")
    assert founded.state() == "reporting"
    writer = founded.members("confirmed")[2]
    assert founded.report("contractor").status_code == 403
    compiled = founded.report(founded.seat_of(writer))
    assert compiled.status_code == 200, compiled.content.decode()
    founded.sweep()
    founded.sign(compiled.json()["id"])
    founded.upload_results()
    close(founded, compiled.json()["id"])

    founded.as_("contractor").done("reports.start_works", case_id=founded.case_id)
    assert founded.state() == "working"
    after = all_rows()
    assert len(before) > 200
    assert (changed(before, after), leading_to(before, after)) == ([], [])


def close(story: Founded, report: int) -> None:
    """The revised plan: answered, signed, confirmed by any three of the panel, and approved."""
    members = story.members("confirmed")
    story.version(note="按论证报告修改")
    answer_all(story, report)
    story.approve("technical_director")
    story.as_("contractor").done(
        "reports.submit_revision", case_id=story.case_id, version_id=story.version_id
    )
    for confirmed, member in enumerate((members[4], members[1], members[3])):
        paper = story.upload("chief_supervisor", "批准页.pdf", kind="approval")
        answer = story.as_("chief_supervisor").act(
            "reports.approve_revision", case_id=story.case_id, document_id=paper
        )
        (reason,) = answer.json()["reasons"]
        assert (answer.status_code, reason["clause"], reason["message"]) == (
            403,
            f"{MEASURES}第十三条",
            f"修改后的方案须经3名专家组成员确认，现为{confirmed}名",
        )
        story.recheck(member)
    story.as_("chief_supervisor").done(
        "reports.approve_revision",
        case_id=story.case_id,
        document_id=story.upload("chief_supervisor", "批准页.pdf", kind="approval"),
    )


def test_a_review_of_the_national_rule_stays_unanimous_there(founded: Founded) -> None:
    """The pit of four meters is over scale by the province's row; four votes in five do not conclude."""
    founded.admit(6)
    founded.prepare("deep_pit", depth="4")
    assert HazardousWork.objects.get(pk=founded.work_id).is_over_scale is True
    founded.seat_panel(founded.listed()[:5])
    founded.meet(m0="not_approved")
    assert founded.state() == "undecided"


@pytest.mark.parametrize(("chosen", "message"), [(4, "至少选取5名专家"), (0, "至少选取5名专家")])
def test_fewer_than_five_are_not_picked(founded: Founded, chosen: int, message: str) -> None:
    founded.admit(6)
    founded.prepare("high_slope", slope_height="15")
    listed = founded.listed()
    answer = founded.as_("contractor").act(
        "panels.pick_candidates",
        request_id=founded.request_id,
        member_ids=[one.pk for one in listed[:chosen]],
    )
    assert (answer.status_code, [one["message"] for one in answer.json()["reasons"]]) == (403, [message])
    assert len(founded.members("pushed")) == 6


def test_letters_and_cards_about_a_panel_reach_the_office_that_the_pack_names(founded: Founded) -> None:
    """Of the offices on three levels the bureau of the prefecture decides about panels, and nobody else's desk has the card."""
    founded.admit(6)
    founded.prepare("high_slope", slope_height="15")
    members = founded.listed()
    case = Case.objects.get(pk=founded.case_id)
    assert [one.name for one in station_people(case)] == ["虚构·州局"]
    SisterDecision.objects.create(case=case, expert=members[0].expert, path="甲 → 集团 → 乙")
    cards = {
        seat: [duty.title for duty in duties(founded.world.actor(seat))]
        for seat in ("bureau", "center", "county")
    }
    assert {seat: "认定兄弟单位回避" in titles for seat, titles in cards.items()} == {
        "bureau": True,
        "center": False,
        "county": False,
    }
