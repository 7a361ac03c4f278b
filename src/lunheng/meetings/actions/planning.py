"""Planning the meeting: from the request when the panel is complete, or anew by the organizer."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import require
from lunheng.core.procedures.consequences import PLAN_MEETING
from lunheng.core.procedures.meeting import PLAN_THE_MEETING, RESCHEDULE_MEETING
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.ledger.models import Entry
from lunheng.meetings import queries
from lunheng.meetings.models import Meeting
from lunheng.messaging.models import Message
from lunheng.messaging.texts import MEETING_PLANNED
from lunheng.panels.permissions import may_organize


@answers(PLAN_MEETING, PLAN_THE_MEETING)
def plan_meeting(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """The panel is complete: the meeting asked for in the request is planned, its sign-in sheet laid out with
    the roles of 31号（三）. A meeting that is already planned keeps its time; its sheet follows the panel."""
    case = due.case
    meeting = queries.living_meeting(case)
    if meeting is None:
        request = queries.request_of(case)
        meeting = Meeting.plan(
            case, mode=request.meeting_mode, place=request.meeting_place, planned_at=request.meeting_at
        )
    meeting.write_lines(queries.expected_lines(case), queries.confirmed_members(case))
    _announce(meeting, at)
    return case.enter(actor=actor, at=at, data=_told(case, meeting, "安排论证会"))


@act(RESCHEDULE_MEETING)
def reschedule_meeting(
    *,
    case_id: int,
    mode: str,
    place: str,
    planned_at: datetime,
    reason: GivenReason,
    actor: Actor,
    at: datetime,
) -> Meeting:
    """改期: another time, place or form; after a meeting that could not be held, the next meeting.

    Judged by meeting.mode (QD 四（一）4, NN 四（六）) and, for every expert of the list, by plan.delivery
    (NN 四（三）).
    """
    case = lock(case_id)
    require(may_organize(actor, case))
    require(may_now(case, RESCHEDULE_MEETING))
    clause = require(case.law.judge("meeting.mode", mode=mode, place=place)).reasons[0].clause
    require(judge_reason(reason, clause, "调整论证会安排须写明原因", "填写调整原因"))
    require(_in_the_future(case, planned_at, at))
    _require_delivery(case, planned_at, at)
    meeting = queries.living_meeting(case)
    if meeting is None:
        meeting = Meeting.plan(case, mode=mode, place=place, planned_at=planned_at)
    else:
        meeting.mode, meeting.place, meeting.planned_at = mode, place, planned_at
        meeting.save(update_fields=("mode", "place", "planned_at"))
    meeting.write_lines(queries.expected_lines(case), queries.confirmed_members(case))
    _announce(meeting, at)
    case.enter(actor=actor, at=at, data={**_told(case, meeting, "论证会改期"), "reason": reason})
    return meeting


def _in_the_future(case: Case, planned_at: datetime, at: datetime) -> Verdict:
    clause = case.law.clause("platform.order")
    if planned_at > at:
        return allowed(clause, "会议时间在当前时间之后")
    when = f"{planned_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return refused(clause, "会议时间不能早于当前时间", "重新填写会议时间", when)


def _require_delivery(case: Case, meeting_at: datetime, at: datetime) -> None:
    """What has not been delivered yet could be delivered now at the earliest."""
    delivered_at = queries.deliveries(queries.current_version(case))
    for member in queries.confirmed_members(case):
        delivered = delivered_at.get(member.pk, at)
        require(case.law.judge("plan.delivery", delivered_at=delivered, meeting_at=meeting_at))


def _announce(meeting: Meeting, at: datetime) -> None:
    """Tell every expert and every party when and where, once for each date set."""
    case = meeting.case
    contact = queries.request_of(case).contact
    experts = [member.expert.account for member in queries.confirmed_members(case)]
    Message.post_all(
        Message.draft(
            MEETING_PLANNED,
            key=f"meeting:{meeting.pk}:{meeting.planned_at.isoformat()}:{meeting.mode}:{account.pk}:{at.isoformat()}",
            case=case,
            account=account,
            at=at,
            when=f"{meeting.planned_at.astimezone(CHINA):%Y年%m月%d日 %H:%M}",
            place=meeting.place or "另行通知",
            mode=meeting.get_mode_display(),
            contact=contact,
        )
        for account in [*(one for one in experts if one is not None), *queries.party_accounts(case)]
    )


def _told(case: Case, meeting: Meeting, label: str) -> dict[str, str | int]:
    return {
        "label": label,
        "clause": str(case.law.clause("meeting.mode")),
        "meeting": meeting.number,
        "mode": meeting.mode,
        "place": meeting.place,
        "planned_at": meeting.planned_at.isoformat(),
    }
