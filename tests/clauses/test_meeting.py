"""论证会: mode, attendance, leader, quorum."""

import pytest

from lunheng.ledger.models import RefusedAttempt
from lunheng.meetings.models import Meeting
from lunheng.panels.models import Ballot, Election, Member, PanelRequest
from tests.clauses.documents import qingdao as qd
from tests.factories.story import Story


def seated(story: Story) -> Story:
    story.ready()
    story.panel()
    return story


@pytest.mark.clause("QD-序e/roles", "QD-序e/absent role", "NN-序e")
def test_the_sign_in_sheet_lists_the_roles_and_an_absent_role_stops_nothing(city: Story) -> None:
    seated(city)
    city.gather()
    contractor = city.as_("contractor")
    contractor.done(
        "meetings.sign_in",
        meeting_id=city.meeting().pk,
        role="owner_manager",
        person="虚构·建设单位项目负责人",
        organization_name="虚构建设单位",
        is_present=True,
    )
    contractor.done(
        "meetings.sign_in",
        meeting_id=city.meeting().pk,
        role="chief_supervisor",
        person="虚构·总监",
        organization_name="虚构监理单位",
        is_present=False,
    )
    contractor.done("meetings.start_meeting", meeting_id=city.meeting().pk)
    page = city.as_("station").get(f"/cases/{city.case_id}/meeting/").content.decode()
    assert ("建设单位项目负责人" in page, "总监理工程师" in page, "缺席" in page) == (True, True, True)


@pytest.mark.clause("NN-序e")
def test_in_a_video_meeting_members_sign_in_by_login(nanning: Story) -> None:
    nanning.ready()
    nanning.panel(meeting_mode="remote", meeting_place="")
    nanning.start_meeting()
    methods = nanning.meeting().attendances.filter(member__isnull=False).values_list("method", flat=True)
    assert set(methods) == {"login"}


@pytest.mark.clause("QD-序e/five present")
def test_fewer_than_five_main_experts_present_refuse_the_start(qingdao: Story) -> None:
    seated(qingdao)
    qingdao.clock.set(qingdao.meeting().planned_at)
    qingdao.sweep()
    for member in qingdao.members("confirmed")[:4]:
        qingdao.as_(qingdao.seat_of(member)).done(
            "meetings.sign_in_member", meeting_id=qingdao.meeting().pk, member_id=member.pk
        )
    assert qingdao.as_("contractor").refused("meetings.start_meeting", meeting_id=qingdao.meeting().pk) == [
        qd("二（二）")
    ]
    assert qingdao.meeting().state == "planned"


@pytest.mark.clause("QD-二(二)c/nobody by default")
def test_nobody_is_leader_by_default(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    qingdao.confirm_all()
    assert Member.objects.filter(case_id=qingdao.case_id, is_leader=True).count() == 0
    assert Election.objects.filter(case_id=qingdao.case_id, closed_at__isnull=True).count() == 1


@pytest.mark.clause("QD-二(二)c/ballots recorded")
def test_members_vote_and_ballots_and_result_are_recorded(qingdao: Story) -> None:
    seated(qingdao)
    election = Election.objects.get(case_id=qingdao.case_id)
    assert (election.winner_id, election.ballots.count(), election.closed_at) == (
        qingdao.leader().pk,
        5,
        qingdao.clock.now(),
    )


@pytest.mark.clause("QD-二(二)c/naming refused")
@pytest.mark.parametrize("seat", ["contractor", "station"])
def test_naming_a_leader_is_refused(qingdao: Story, seat: str) -> None:
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    qingdao.confirm_all()
    member = qingdao.members("confirmed")[0]
    assert qingdao.as_(seat).refused("panels.name_leader", case_id=qingdao.case_id, member_id=member.pk) == [
        qd("二（二）")
    ]
    assert RefusedAttempt.objects.filter(act="panels.name_leader").count() == 1


@pytest.mark.clause("QD-二(二)c/tie")
def test_a_tie_opens_a_second_ballot_among_the_tied(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.request(needs=[{"specialty": "geotechnics", "count": 6, "is_extra": False}])
    qingdao.draw()
    members = qingdao.confirm_all()
    first = Election.objects.get(case_id=qingdao.case_id)
    for index, voter in enumerate(members):
        qingdao.as_(qingdao.seat_of(voter)).done(
            "panels.cast_ballot", election_id=first.pk, choice_id=members[index % 2].pk
        )
    qingdao.sweep()
    second = Election.objects.get(case_id=qingdao.case_id, round=2)
    assert set(second.candidates.values_list("pk", flat=True)) == {members[0].pk, members[1].pk}
    assert Member.objects.filter(case_id=qingdao.case_id, is_leader=True).count() == 0


@pytest.mark.clause("QD-二(二)c/ballots recorded")
def test_a_second_ballot_of_the_same_member_is_refused(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    members = qingdao.confirm_all()
    election = Election.objects.get(case_id=qingdao.case_id)
    voter = qingdao.as_(qingdao.seat_of(members[0]))
    voter.done("panels.cast_ballot", election_id=election.pk, choice_id=members[1].pk)
    assert (
        voter.act("panels.cast_ballot", election_id=election.pk, choice_id=members[2].pk).status_code == 403
    )
    assert Ballot.objects.filter(election=election).count() == 1


@pytest.mark.clause("QD-二(二)c/leader leaves")
def test_when_the_leader_leaves_a_new_election_is_asked_for_and_the_report_waits(qingdao: Story) -> None:
    seated(qingdao)
    leader = qingdao.leader()
    qingdao.as_(qingdao.seat_of(leader)).done(
        "panels.recuse_member", member_id=leader.pk, ground="发现利害关系"
    )
    qingdao.sweep()
    qingdao.send()
    newcomer = qingdao.members("invited")[0]
    qingdao.as_(qingdao.seat_of(newcomer)).done("panels.confirm_seat", member_id=newcomer.pk)
    qingdao.sweep()
    qingdao.send()
    assert Election.objects.filter(case_id=qingdao.case_id, closed_at__isnull=True).count() == 1
    qingdao.start_meeting()
    qingdao.vote()
    qingdao.end_meeting()
    member = qingdao.members("confirmed")[0]
    answer = qingdao.as_(qingdao.seat_of(member)).act(
        "reports.compile_report",
        case_id=qingdao.case_id,
        conclusion="approved",
        items=[qingdao.item()],
        three_questions={},
        summary="无",
    )
    assert (answer.status_code, qd("二（二）") in [one["clause"] for one in answer.json()["reasons"]]) == (
        403,
        True,
    )


@pytest.mark.clause("QD-四(一)4a")
def test_a_remote_meeting_is_refused_at_the_request(qingdao: Story) -> None:
    qingdao.ready()
    assert qingdao.as_("contractor").refused(
        "plans.request_panel", **qingdao.request_body(meeting_mode="remote")
    ) == [qd("四（一）4")]
    assert PanelRequest.objects.count() == 0


@pytest.mark.clause("QD-四(一)4a")
def test_and_at_a_change_of_the_meeting(qingdao: Story) -> None:
    seated(qingdao)
    assert qingdao.as_("contractor").refused(
        "meetings.reschedule_meeting",
        case_id=qingdao.case_id,
        mode="remote",
        place="",
        planned_at="2025-06-20T09:00:00+08:00",
        reason="方便",
    ) == [qd("四（一）4")]
    assert Meeting.objects.get(case_id=qingdao.case_id).mode == "on_site"


@pytest.mark.clause("QD-四(一)4a")
def test_a_place_is_required(qingdao: Story) -> None:
    qingdao.ready()
    assert qingdao.as_("contractor").refused(
        "plans.request_panel", **qingdao.request_body(meeting_place="")
    ) == [qd("四（一）4")]


@pytest.mark.clause("QD-四(一)4a")
def test_presence_is_signed(qingdao: Story) -> None:
    seated(qingdao)
    qingdao.gather()
    methods = qingdao.meeting().attendances.filter(member__isnull=False).values_list("method", flat=True)
    assert set(methods) == {"presence"}


@pytest.mark.clause("NN-四(六)a")
@pytest.mark.parametrize(
    ("mode", "place", "words"), [("on_site", "项目部", "现场会议"), ("remote", "", "远程视频会议")]
)
def test_nanning_chooses_either_mode_and_the_report_shows_it(
    nanning: Story, mode: str, place: str, words: str
) -> None:
    nanning.ready()
    nanning.panel(meeting_mode=mode, meeting_place=place)
    nanning.prereview()
    nanning.start_meeting()
    nanning.vote()
    nanning.end_meeting()
    nanning.compile()
    page = nanning.as_("contractor").get(f"/cases/{nanning.case_id}/report/").content.decode()
    assert words in page
