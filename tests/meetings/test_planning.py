"""Planning: form, place and time of the meeting, and its sign-in sheet."""

from datetime import timedelta
from typing import Any

import pytest

from lunheng.meetings.models import Attendance
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


def anew(panel: Seated, **fields: Any) -> dict[str, Any]:
    """A lawful other date."""
    return {
        "case_id": panel.case.pk,
        "mode": "on_site",
        "place": "虚构路1号项目部",
        "planned_at": panel.at + timedelta(days=12),
        "reason": "天气",
        **fields,
    }


@pytest.mark.clause("QD-序e/roles", "NN-序e")
def test_the_sheet_lists_every_role_of_the_circular_and_every_expert(panel: Seated) -> None:
    panel.plan_meeting()
    lines = Attendance.objects.filter(meeting=panel.meeting())
    rule = panel.case.law.rule("meeting.attendance")
    assert {line.role for line in lines} == set(getattr(rule, "roles", ()))
    assert lines.filter(role="experts").count() == 5


@pytest.mark.clause("QD-四(一)4a")
def test_a_video_meeting_is_refused_in_qingdao(panel: Seated) -> None:
    panel.plan_meeting()
    body = anew(panel, mode="remote", place="")
    assert panel.clauses("contractor", "meetings.reschedule_meeting", **body) == ["四（一）4"]


@pytest.mark.clause("QD-四(一)4a")
def test_a_meeting_on_site_needs_a_place(panel: Seated) -> None:
    panel.plan_meeting()
    body = anew(panel, place=" ")
    assert panel.clauses("contractor", "meetings.reschedule_meeting", **body) == ["四（一）4"]


@pytest.mark.clause("NN-四(六)a")
def test_a_video_meeting_is_chosen_in_nanning(list_of_five: Seated) -> None:
    list_of_five.plan_meeting()
    body = anew(list_of_five, mode="remote", place="")
    list_of_five.act("contractor", "meetings.reschedule_meeting", **body)
    assert list_of_five.meeting().mode == "remote"


def test_the_plan_must_reach_everyone_in_time_for_the_new_date(list_of_five: Seated) -> None:
    list_of_five.plan_meeting()
    list_of_five.deliver(list_of_five.members[3], list_of_five.at)
    body = anew(list_of_five, planned_at=list_of_five.at + timedelta(days=1))
    assert list_of_five.clauses("contractor", "meetings.reschedule_meeting", **body) == ["四（三）"]


def test_a_meeting_is_not_planned_in_the_past(panel: Seated) -> None:
    panel.plan_meeting()
    body = anew(panel, planned_at=panel.at - timedelta(hours=1))
    assert panel.clauses("contractor", "meetings.reschedule_meeting", **body) == ["第四条"]


def test_an_expert_cannot_move_the_meeting(panel: Seated) -> None:
    panel.plan_meeting()
    assert panel.clauses(panel.members[0], "meetings.reschedule_meeting", **anew(panel))


def test_the_organizer_moves_the_meeting(panel: Seated) -> None:
    panel.plan_meeting()
    panel.act("contractor", "meetings.reschedule_meeting", **anew(panel))
    assert panel.meeting().place == "虚构路1号项目部"
