"""方案: ready for review, fit for the site, in the experts' hands in time."""

from datetime import datetime

import pytest

from lunheng.panels.models import PanelRequest
from tests.clauses.documents import nanning as nn
from tests.clauses.documents import of, order_37
from tests.factories.story import NINE_PARTS, Story

READINESS = {"qingdao": "四（一）2", "nanning": "四（一）"}


def readiness(city: Story) -> str:
    return of(city.world.city, READINESS[city.world.city])


@pytest.mark.clause("QD-四(一)2a", "NN-四(一)")
@pytest.mark.parametrize("part", NINE_PARTS)
def test_a_plan_without_one_of_the_nine_parts_is_not_ready(city: Story, part: str) -> None:
    city.project()
    city.work()
    city.review()
    city.version(parts={name: 1 for name in NINE_PARTS if name != part})
    city.approve()
    assert readiness(city) in city.as_("contractor").refused("plans.request_panel", **city.request_body())
    assert PanelRequest.objects.count() == 0


@pytest.mark.clause("QD-四(一)2a", "NN-四(一)")
@pytest.mark.parametrize("only", ["technical_director", "chief_supervisor"])
def test_both_approvals_are_needed(city: Story, only: str) -> None:
    city.project()
    city.work()
    city.review()
    city.version()
    if only == "technical_director":
        city.approve(only)
    assert readiness(city) in city.as_("contractor").refused("plans.request_panel", **city.request_body())


@pytest.mark.clause("QD-四(一)2a", "NN-四(一)")
def test_a_subcontractors_plan_needs_both_technical_directors(city: Story) -> None:
    city.project(parties=("contractor", "subcontractor", "supervisor", "owner"))
    city.work()
    city.review(is_by_subcontractor=True, author_code=city.world.unit("subcontractor").code)
    city.version()
    city.approve("technical_director")
    refusal = city.as_("contractor").act("plans.request_panel", **city.request_body())
    clauses = [reason["clause"] for reason in refusal.json()["reasons"]]
    assert (refusal.status_code, readiness(city) in clauses, order_37("第十一条") in clauses) == (
        403,
        True,
        True,
    )
    city.approve("sub_technical_director", "chief_supervisor")
    city.request()


@pytest.mark.clause("QD-四(一)2b", "NN-四(一)")
def test_the_statement_that_it_fits_the_site_is_required(city: Story) -> None:
    city.project()
    city.work()
    city.review()
    city.version(has_site_statement=False)
    city.approve()
    assert city.as_("contractor").refused("plans.request_panel", **city.request_body()) == [readiness(city)]


@pytest.mark.clause("QD-四(一)2b")
def test_the_statement_is_shown_to_the_experts(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.panel()
    qingdao.commit_all()
    member = qingdao.members("confirmed")[0]
    page = qingdao.as_(qingdao.seat_of(member)).get(f"/cases/{qingdao.case_id}/plan/").content.decode()
    assert "符合施工现场实际" in page


@pytest.mark.clause("NN-四(三)a/two days", "NN-四(三)a/each expert")
@pytest.mark.parametrize(("confirmed_on", "is_in_time"), [("2025-06-08", True), ("2025-06-09", False)])
def test_the_plan_is_with_every_expert_two_days_before_the_meeting(
    nanning: Story, confirmed_on: str, is_in_time: bool
) -> None:
    meeting_at = "2025-06-10T09:00:00+08:00"
    nanning.ready()
    nanning.request(meeting_at=meeting_at)
    nanning.push()
    chosen = nanning.lawful_pick()
    nanning.pick(chosen)
    nanning.consent(chosen)
    nanning.clock.set(datetime.fromisoformat(f"{confirmed_on}T10:00:00+08:00"))
    nanning.confirm_list(chosen)
    nanning.gather()
    answer = nanning.as_("contractor").act("meetings.start_meeting", meeting_id=nanning.meeting().pk)
    if is_in_time:
        assert answer.status_code == 200
    else:
        assert [reason["clause"] for reason in answer.json()["reasons"]] == [nn("四（三）")]


@pytest.mark.clause("NN-四(三)a/two days")
def test_a_meeting_date_that_leaves_less_than_two_days_is_refused(nanning: Story) -> None:
    nanning.ready()
    nanning.request(meeting_at="2025-06-20T09:00:00+08:00")
    nanning.push()
    chosen = nanning.lawful_pick()
    nanning.pick(chosen)
    nanning.consent(chosen)
    nanning.clock.set(datetime.fromisoformat("2025-06-09T10:00:00+08:00"))
    nanning.confirm_list(chosen)
    body = {"case_id": nanning.case_id, "mode": "on_site", "place": "项目部", "reason": "改期"}
    contractor = nanning.as_("contractor")
    assert contractor.refused(
        "meetings.reschedule_meeting", **body, planned_at="2025-06-10T09:00:00+08:00"
    ) == [nn("四（三）")]
    contractor.done("meetings.reschedule_meeting", **body, planned_at="2025-06-11T09:00:00+08:00")


@pytest.mark.clause("NN-四(三)a/sending time")
def test_the_sending_time_to_each_expert_is_in_the_record(nanning: Story) -> None:
    nanning.ready()
    members = nanning.panel()
    lines = nanning.as_("contractor").get(f"/api/cases/{nanning.case_id}/timeline").json()
    delivered = [line for line in lines if line["event"].startswith("plan.delivered")]
    assert len(delivered) == len(members)
