"""预审: before the meeting every expert reads and gives a first opinion; who did not is recorded."""

import pytest

from lunheng.plans.models import PlanDelivery
from lunheng.pools.models import ServiceRecord
from lunheng.reports.models import OpinionForm
from tests.factories.story import Story


@pytest.fixture
def seated(city: Story) -> Story:
    """A complete panel."""
    city.ready()
    city.panel()
    city.commit_all()
    return city


def submit(story: Story, index: int) -> None:
    member = story.members("confirmed")[index]
    story.as_(story.seat_of(member)).done(
        "reports.submit_opinion", member_id=member.pk, items=[story.item()], conclusion="approved"
    )


@pytest.mark.clause("QD-四(二)3a/reads and uploads", "NN-四(三)b")
def test_each_confirmed_expert_reads_the_plan_and_uploads_the_form(seated: Story) -> None:
    for index, member in enumerate(seated.members("confirmed")):
        seat = seated.as_(seated.seat_of(member))
        seat.done("plans.open_version", version_id=seated.version_id)
        assert seat.get(f"/my/reviews/{seated.case_id}/").status_code == 200
        submit(seated, index)
    assert OpinionForm.objects.filter(case_id=seated.case_id, stage="prereview", is_late=False).count() == 5


@pytest.mark.clause("QD-四(二)3a/official form")
def test_the_sheet_bears_its_official_name(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.panel()
    qingdao.commit_all()
    member = qingdao.members("confirmed")[0]
    page = qingdao.as_(qingdao.seat_of(member)).get(f"/my/reviews/{qingdao.case_id}/").content.decode()
    assert "青岛市市政公用工程专家审查意见表" in page


@pytest.mark.clause("QD-四(二)3a/late")
def test_after_the_start_the_upload_is_stored_as_late(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.panel()
    qingdao.commit_all()
    qingdao.start_meeting()
    submit(qingdao, 0)
    assert OpinionForm.objects.get(stage="prereview").is_late is True


@pytest.mark.clause("QD-四(二)3b", "NN-四(三)b")
def test_who_gave_none_is_recorded_at_the_start_and_the_meeting_goes_on(seated: Story) -> None:
    submit(seated, 0)
    seated.start_meeting()
    started_at = seated.meeting().started_at
    records = ServiceRecord.objects.filter(kind="no_prereview")
    late = {member.expert.file_id for member in seated.members("confirmed")[1:]}
    assert ({record.file_id for record in records}, {record.at for record in records}) == (late, {started_at})
    assert seated.state() == "meeting"


@pytest.mark.clause("QD-四(二)3c", "NN-五(二)/site visit")
def test_a_site_visit_is_asked_for_and_answered_and_both_are_in_the_file(seated: Story) -> None:
    member = seated.members("confirmed")[0]
    visit = seated.as_(seated.seat_of(member)).done(
        "meetings.ask_site_visit", member_id=member.pk, reason="核对周边管线"
    )
    seated.as_("contractor").done(
        "meetings.answer_site_visit",
        visit_id=visit["id"],
        answer="可到现场",
        visit_at="2025-06-05T14:00:00+08:00",
    )
    lines = seated.as_("contractor").get(f"/api/cases/{seated.case_id}/timeline").json()
    events = [line["event"] for line in lines]
    assert ("visit.asked/1" in events, "visit.answered/1" in events) == (True, True)


@pytest.mark.clause("NN-五(二)/opening recorded")
def test_the_time_at_which_each_expert_opened_the_plan_is_recorded(nanning: Story) -> None:
    nanning.ready()
    nanning.panel()
    nanning.commit_all()
    member = nanning.members("confirmed")[0]
    nanning.as_(nanning.seat_of(member)).done("plans.open_version", version_id=nanning.version_id)
    deliveries = PlanDelivery.objects.filter(version_id=nanning.version_id)
    opened = {delivery.member_id: delivery.opened_at for delivery in deliveries}
    assert opened[member.pk] == nanning.clock.now()
    assert [moment for moment in opened.values() if moment] == [nanning.clock.now()]


@pytest.mark.clause("QD-四(二)3a/reads and uploads", "NN-四(三)b")
def test_opinions_of_others_stay_hidden_until_ones_own_is_in(seated: Story) -> None:
    first, second = seated.members("confirmed")[:2]
    seated.as_(seated.seat_of(first)).done(
        "reports.submit_opinion",
        member_id=first.pk,
        items=[seated.item(problem="独一无二的问题")],
        conclusion="approved",
    )
    reader = seated.as_(seated.seat_of(second))
    before = reader.get(f"/my/reviews/{seated.case_id}/").content.decode()
    submit(seated, 1)
    after = reader.get(f"/my/reviews/{seated.case_id}/").content.decode()
    assert ("独一无二的问题" in before, "独一无二的问题" in after) == (False, True)
