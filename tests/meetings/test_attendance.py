"""Signing in, and site visits before the meeting."""

from datetime import timedelta

import pytest

from lunheng.meetings.models import Attendance, SiteVisit
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


@pytest.mark.clause("QD-四(一)4a", "NN-四(六)a")
@pytest.mark.parametrize(
    ("city", "mode", "method"),
    [
        ("panel", "on_site", "presence"),
        ("list_of_five", "on_site", "presence"),
        ("list_of_five", "remote", "login"),
    ],
)
def test_presence_on_site_and_log_in_in_a_video_meeting(
    request: pytest.FixtureRequest, city: str, mode: str, method: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.plan_meeting(mode)
    panel.gather()
    lines = Attendance.objects.filter(meeting=panel.meeting(), role="experts")
    assert [line.method for line in lines] == [method] * 5


@pytest.mark.clause("NN-四(六)a")
def test_nobody_signs_in_for_an_expert_in_a_video_meeting(list_of_five: Seated) -> None:
    meeting = list_of_five.plan_meeting("remote")
    given = {"meeting_id": meeting.pk, "member_id": list_of_five.members[0].pk}
    assert list_of_five.clauses("contractor", "meetings.sign_in_member", **given) == ["四（六）"]


def test_no_expert_signs_in_for_another(panel: Seated) -> None:
    given = {"meeting_id": panel.plan_meeting().pk, "member_id": panel.members[0].pk}
    assert panel.clauses(panel.members[1], "meetings.sign_in_member", **given) == ["四（一）1"]


def test_the_desk_notes_the_owner_present(panel: Seated) -> None:
    name = panel.world.unit("owner").name
    panel.act(
        "contractor",
        "meetings.sign_in",
        meeting_id=panel.plan_meeting().pk,
        role="owner_manager",
        person="虚构甲",
        organization_name=name,
        is_present=True,
    )
    line = Attendance.objects.get(meeting=panel.meeting(), role="owner_manager")
    assert (line.person, line.is_present, line.method) == ("虚构甲", True, "presence")


def test_a_second_person_of_one_role_has_a_line_of_its_own(panel: Seated) -> None:
    name = panel.world.unit("designer").name
    meeting = panel.plan_meeting()
    for person in ("虚构甲", "虚构乙"):
        panel.act(
            "contractor",
            "meetings.sign_in",
            meeting_id=meeting.pk,
            role="designer_head",
            person=person,
            organization_name=name,
            is_present=True,
        )
    lines = Attendance.objects.filter(meeting=meeting, role="designer_head", organization_name=name)
    assert [line.person for line in lines] == ["虚构甲", "虚构乙"]


@pytest.mark.parametrize("role", ["experts", "mayor"])
def test_the_desk_has_no_line_for_experts_or_unknown_roles(panel: Seated, role: str) -> None:
    given = {
        "meeting_id": panel.plan_meeting().pk,
        "role": role,
        "person": "虚构甲",
        "organization_name": "虚构单位",
        "is_present": True,
    }
    assert panel.clauses("contractor", "meetings.sign_in", **given) == ["（三）"]


@pytest.mark.clause("QD-四(二)3c", "NN-五(二)/site visit")
@pytest.mark.parametrize(("city", "clause"), [("panel", "四（二）3"), ("list_of_five", "五（二）")])
def test_a_site_visit_is_asked_for_before_the_meeting_and_answered_once(
    request: pytest.FixtureRequest, city: str, clause: str
) -> None:
    panel: Seated = request.getfixturevalue(city)
    panel.plan_meeting()
    expert = panel.members[2]
    visit = panel.act(expert, "meetings.ask_site_visit", member_id=expert.pk, reason="核实周边管线")
    when = panel.at + timedelta(days=2)
    answer = {"visit_id": visit.pk, "answer": "可以", "visit_at": when}
    assert panel.clauses("contractor", "meetings.answer_site_visit", visit_id=visit.pk, answer=" ") == [
        clause
    ]
    panel.act("contractor", "meetings.answer_site_visit", **answer)
    stored = SiteVisit.objects.get(pk=visit.pk)
    assert (stored.answer, stored.visit_at) == ("可以", when)
    assert panel.clauses("contractor", "meetings.answer_site_visit", **answer) == [clause]


@pytest.mark.clause("QD-四(二)3c")
def test_after_the_start_no_site_visit_is_asked_for(panel: Seated) -> None:
    panel.plan_meeting()
    panel.gather()
    panel.start()
    expert = panel.members[2]
    given = {"member_id": expert.pk, "reason": "核实周边管线"}
    assert panel.clauses(expert, "meetings.ask_site_visit", **given) == ["四（二）3"]


def test_a_stranger_asks_for_no_site_visit(panel: Seated) -> None:
    panel.plan_meeting()
    stranger = panel.world.expert_seat(panel.world.experts[9])
    given = {"member_id": panel.members[0].pk, "reason": "x"}
    assert panel.clauses(stranger, "meetings.ask_site_visit", **given) == ["四（一）1"]


def test_g12_a_name_typed_otherwise_is_the_same_person(panel: Seated) -> None:
    given = {"meeting_id": panel.plan_meeting().pk, "role": "designer_head", "is_present": True}
    given["organization_name"] = panel.world.unit("designer").name
    for person in ("阿依虚·买买提拟", "阿依虚 ・ 买买提拟", "阿依虚•买买提拟"):
        panel.act("contractor", "meetings.sign_in", **given, person=person)

    lines = Attendance.objects.filter(meeting=panel.meeting(), organization_name=given["organization_name"])
    assert [line.person for line in lines.exclude(signed_at=None)] == ["阿依虚·买买提拟"]
