"""Holding the meeting: who must be there, and what follows from its end."""

from datetime import datetime, timedelta

import pytest

from lunheng.cases.models import Deadline
from lunheng.jobs.clock import FixedClock
from lunheng.meetings.models import Attendance
from lunheng.panels.models import Member
from lunheng.pools.models import ServiceRecord
from tests.factories.world import World
from tests.meetings.seated import Seated

pytestmark = pytest.mark.django_db


@pytest.mark.clause("QD-序e/five present")
def test_with_four_experts_of_the_main_specialty_the_meeting_does_not_start(panel: Seated) -> None:
    panel.plan_meeting()
    panel.gather(panel.members[4])
    assert panel.clauses("contractor", "meetings.start_meeting", meeting_id=panel.meeting().pk) == [
        "二（二）"
    ]


@pytest.mark.clause("QD-序e/absent role")
def test_an_absent_owner_stops_nothing_and_stands_on_the_sheet(panel: Seated) -> None:
    panel.plan_meeting()
    panel.gather()
    panel.start()
    owner = Attendance.objects.get(meeting=panel.meeting(), role="owner_manager")
    assert (panel.state(), owner.is_present) == ("meeting", False)


def test_extras_do_not_make_up_for_the_main_specialty(qingdao: World, clock: FixedClock) -> None:
    panel = Seated(qingdao, clock, main=5, extras=2)
    panel.plan_meeting()
    panel.gather(panel.members[1])
    assert panel.clauses("contractor", "meetings.start_meeting", meeting_id=panel.meeting().pk) == [
        "二（二）"
    ]


def test_an_absent_member_beyond_the_minimum_loses_the_seat(qingdao: World, clock: FixedClock) -> None:
    panel = Seated(qingdao, clock, main=6)
    panel.plan_meeting()
    panel.gather(panel.members[5])
    panel.start()
    absent = panel.members[5]
    absent.refresh_from_db()
    record = ServiceRecord.objects.get(file=absent.expert.file, kind="absent")
    assert (absent.state, record.review) == (Member.State.LOST, panel.case.reference)


@pytest.mark.clause("NN-二(三)i/start refused")
@pytest.mark.parametrize("size", [5, 7])
def test_an_even_number_present_does_not_start_in_nanning(
    nanning: World, clock: FixedClock, size: int
) -> None:
    panel = Seated(nanning, clock, main=size)
    panel.plan_meeting()
    panel.gather(panel.members[1])
    assert panel.clauses("contractor", "meetings.start_meeting", meeting_id=panel.meeting().pk) == [
        "二（三）"
    ]


def test_without_the_leader_the_meeting_does_not_start_in_nanning(nanning: World, clock: FixedClock) -> None:
    panel = Seated(nanning, clock, main=7)
    panel.plan_meeting()
    panel.gather(panel.members[0], panel.members[1])
    assert panel.clauses("contractor", "meetings.start_meeting", meeting_id=panel.meeting().pk) == [
        "二（二）"
    ]


def test_a_plan_delivered_the_day_before_does_not_start_in_nanning(list_of_five: Seated) -> None:
    meeting = list_of_five.plan_meeting()
    list_of_five.deliver(list_of_five.members[2], meeting.planned_at - timedelta(days=1))
    list_of_five.gather()
    assert list_of_five.clauses("contractor", "meetings.start_meeting", meeting_id=meeting.pk) == ["四（三）"]


def test_the_supervisor_cannot_start_the_meeting(panel: Seated) -> None:
    panel.plan_meeting()
    panel.gather()
    assert panel.clauses("supervisor", "meetings.start_meeting", meeting_id=panel.meeting().pk)
    assert panel.state() == "preparing"


def test_a_meeting_starts_once(panel: Seated) -> None:
    panel.plan_meeting()
    panel.gather()
    panel.start()
    assert panel.clauses("contractor", "meetings.start_meeting", meeting_id=panel.meeting().pk) == ["第四条"]


@pytest.mark.clause("QD-四(一)3a/due", "NN-四(五)a/due")
@pytest.mark.parametrize(
    ("city", "ended", "due"),
    [
        ("qingdao", "2025-06-10T16:00+08:00", "2025-06-14T00:00+08:00"),
        ("qingdao", "2025-06-11T16:00+08:00", "2025-06-17T00:00+08:00"),
        ("nanning", "2025-06-10T16:00+08:00", "2025-06-14T00:00+08:00"),
        ("nanning", "2023-04-18T16:00+08:00", "2023-04-25T00:00+08:00"),
    ],
)
def test_the_time_limit_of_the_upload(
    request: pytest.FixtureRequest, clock: FixedClock, city: str, ended: str, due: str
) -> None:
    moment = datetime.fromisoformat(ended)
    clock.set(moment - timedelta(days=10, hours=2))
    panel = Seated(request.getfixturevalue(city), clock)
    panel.plan_meeting()
    panel.gather()
    panel.start()
    panel.end()
    deadline = Deadline.objects.get(case=panel.case, name="reports.record_overdue", subject="record.upload")
    assert (panel.at, deadline.due_at) == (moment, datetime.fromisoformat(due))


@pytest.mark.clause("QD-四(一)3a/deadline and reminder")
def test_a_reminder_goes_out_on_the_working_day_before(panel: Seated) -> None:
    panel.plan_meeting()
    panel.gather()
    panel.start()
    panel.end()
    both = Deadline.objects.filter(case=panel.case, subject="record.upload")
    due = {deadline.name: deadline.due_at for deadline in both}
    last_day = due["reports.record_overdue"] - timedelta(seconds=1)
    assert due["reports.remind_upload"] < due["reports.record_overdue"]
    assert due["reports.remind_upload"].date() < last_day.date()


def test_only_a_running_meeting_can_end(panel: Seated) -> None:
    panel.plan_meeting()
    assert panel.clauses("contractor", "meetings.end_meeting", meeting_id=panel.meeting().pk) == ["第四条"]


def test_a_stopped_meeting_says_why_and_leaves_room_for_the_next(panel: Seated) -> None:
    panel.plan_meeting()
    panel.gather()
    panel.start()
    stop = {"meeting_id": panel.meeting().pk}
    assert panel.clauses("contractor", "meetings.stop_meeting", reason=" ", **stop) == ["二（二）"]
    panel.act("contractor", "meetings.stop_meeting", reason="停电", **stop)
    again = panel.act(
        "contractor",
        "meetings.reschedule_meeting",
        case_id=panel.case.pk,
        mode="on_site",
        place="虚构路1号",
        planned_at=panel.at + timedelta(days=3),
        reason="停电后另行召开",
    )
    assert (panel.state(), again.number) == ("preparing", 2)


@pytest.mark.clause("QD-序e/five present", "QD-二(四)1a")
@pytest.mark.parametrize(("main", "clauses"), [(5, ["二（二）", "二（四）"]), (6, ["二（四）"])])
def test_who_sits_on_a_seat_that_does_not_fit_the_works_is_no_expert_of_the_specialty_concerned(
    qingdao: World, clock: FixedClock, main: int, clauses: list[str]
) -> None:
    panel = Seated(qingdao, clock, main=main)
    Member.objects.filter(pk=panel.members[4].pk).update(specialty="electrical")
    panel.plan_meeting()
    panel.gather()
    assert panel.clauses("contractor", "meetings.start_meeting", meeting_id=panel.meeting().pk) == clauses


@pytest.mark.clause("QD-二(二)b")
def test_as_an_extra_the_same_expert_sits(qingdao: World, clock: FixedClock) -> None:
    panel = Seated(qingdao, clock, main=5, extras=1)
    Member.objects.filter(pk=panel.members[5].pk).update(specialty="electrical")
    panel.plan_meeting()
    panel.gather()
    panel.start()
    assert panel.state() == "meeting"


@pytest.mark.clause("NN-二(三)b/unfit")
def test_nanning_does_not_start_with_a_seat_that_does_not_fit(list_of_five: Seated) -> None:
    panel = list_of_five
    Member.objects.filter(pk=panel.members[4].pk).update(specialty="electrical")
    panel.plan_meeting()
    panel.gather()
    clauses = panel.clauses("contractor", "meetings.start_meeting", meeting_id=panel.meeting().pk)
    assert clauses == ["二（三）", "二（三）"]
