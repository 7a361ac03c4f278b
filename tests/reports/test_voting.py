"""The final vote: one each, one agreed opinion, no majority."""

from datetime import timedelta

import pytest

from lunheng.reports.models import Dissent
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


def held(panel: Seated) -> Seated:
    """The meeting has begun."""
    panel.plan_meeting()
    panel.gather()
    panel.start()
    return panel


def test_a_second_vote_is_refused(panel: Seated) -> None:
    held(panel)
    member = panel.members[0]
    ballot = {"member_id": member.pk, "conclusion": "approved", "items": []}
    panel.act(member, "reports.cast_vote", **ballot)
    assert panel.clauses(member, "reports.cast_vote", **ballot) == ["第三条"]


def test_nobody_votes_before_the_meeting(panel: Seated) -> None:
    panel.plan_meeting()
    member = panel.members[0]
    ballot = {"member_id": member.pk, "conclusion": "approved", "items": []}
    assert panel.clauses(member, "reports.cast_vote", **ballot) == ["第四条"]


def test_a_fourth_conclusion_is_no_vote(panel: Seated) -> None:
    held(panel)
    member = panel.members[0]
    ballot = {"member_id": member.pk, "conclusion": "postponed", "items": []}
    assert panel.clauses(member, "reports.cast_vote", **ballot) == ["四（二）4"]


@pytest.mark.clause("QD-序b", "NN-序b")
@pytest.mark.parametrize("city", ["panel", "list_of_five"])
@pytest.mark.parametrize("conclusion", ["approved", "approved_if_revised", "not_approved"])
def test_one_differing_vote_of_five_leaves_no_conclusion(
    request: pytest.FixtureRequest, city: str, conclusion: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.hold("approved", m3="not_approved")
    clauses = panel.clauses(panel.leader(), "reports.compile_report", **panel.report_body(conclusion))
    differing = Dissent.objects.filter(case=panel.case, is_differing=True)
    assert panel.state() == "undecided"
    assert "第十三条" in clauses
    assert [dissent.form.member for dissent in differing] == [panel.members[3]]


@pytest.mark.clause("QD-序b")
def test_the_last_vote_after_the_meeting_settles_it(panel: Seated) -> None:
    held(panel)
    panel.end()
    panel.vote("approved", m4="approved_if_revised")
    assert (panel.state(), Dissent.objects.count()) == ("undecided", 5)


def test_while_a_vote_is_missing_no_report_is_compiled(panel: Seated) -> None:
    held(panel)
    panel.end()
    for member in panel.members[:4]:
        panel.act(member, "reports.cast_vote", member_id=member.pk, conclusion="approved", items=[])
    assert panel.clauses(panel.leader(), "reports.compile_report", **panel.report_body()) == ["第十三条"]


def test_after_no_conclusion_a_new_meeting_with_new_votes_agrees(panel: Seated) -> None:
    panel.hold("approved", m3="not_approved")
    assert panel.clauses("contractor", "reports.reopen_votes", case_id=panel.case.pk, reason=" ") == [
        "第十三条"
    ]
    panel.act("contractor", "reports.reopen_votes", case_id=panel.case.pk, reason="补充材料后再议")
    panel.act(
        "contractor",
        "meetings.reschedule_meeting",
        case_id=panel.case.pk,
        mode="on_site",
        place="虚构路1号",
        planned_at=panel.at + timedelta(days=5),
        reason="再次召开",
    )
    panel.gather()
    panel.start()
    panel.vote("approved")
    panel.end()
    report = panel.compile("approved")
    assert [one["conclusion"] for one in report.dissents] == ["通过"] * 3 + ["不通过", "通过"]


def test_a_vote_is_not_reopened_while_the_panel_agrees(panel: Seated) -> None:
    panel.hold("approved")
    assert panel.clauses("contractor", "reports.reopen_votes", case_id=panel.case.pk, reason="x") == [
        "第四条"
    ]
