"""Holding the meeting: who must be there, start, end, and a meeting that could not be held."""

from collections.abc import Iterator
from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock, lock_many
from lunheng.cases.models import Case, Deadline
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor, Role
from lunheng.core.errors import require
from lunheng.core.procedures.consequences import (
    ATTACH_SHEET,
    OPEN_ELECTION,
    RECORD_MISSING_OPINIONS,
    RECORD_OVERDUE,
    REMIND_UPLOAD,
    SETTLE_VOTES,
)
from lunheng.core.procedures.meeting import END_MEETING, START_MEETING, STOP_MEETING
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Reason, refused
from lunheng.core.workflow import ReviewState
from lunheng.ledger.models import Entry
from lunheng.meetings import permissions, queries
from lunheng.meetings.models import Meeting
from lunheng.messaging.models import Message
from lunheng.messaging.texts import MEETING_STOPPED
from lunheng.panels.models import Member
from lunheng.panels.permissions import may_organize
from lunheng.panels.queries import is_elected
from lunheng.pools.models import ServiceRecord

DUTIES = ("record.upload", "record.scan")
"""Rules with a time limit that runs from the end of the meeting."""


@act(START_MEETING)
def start_meeting(*, meeting_id: int, actor: Actor, at: datetime) -> Entry:
    """开始论证会: enough experts are present (QD 二（二）, NN 二（三）), the plan reached each of them in
    time (NN 四（三）), the list has its leader (NN 二（二）). Who is absent is recorded; an absent member
    of a panel that is large enough without it loses the seat. A missing first opinion stops nothing and is
    recorded."""
    case = lock(queries.case_of_meeting(meeting_id))
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    meeting.case = case
    members = list(queries.confirmed_members(case))
    here = queries.present_members(meeting)
    lock_many(member.expert.file_id for member in members if member.pk not in here)
    require(may_organize(actor, case))
    _require_planned(meeting)
    warnings = _require_attendance(meeting, members, here)
    _require_delivery(case, [member for member in members if member.pk in here], at)
    # Last, so that who is too few reads the clause that says so.
    require(may_now(case, START_MEETING))
    meeting.attendances.filter(is_present=None).update(is_present=False)
    meeting.state, meeting.started_at = Meeting.State.STARTED, at
    meeting.save(update_fields=("state", "started_at"))
    absent = [member for member in members if member.pk not in here]
    for member in absent:
        _lose(member, actor, at)
    case.move(ReviewState.MEETING)
    case.due(
        RECORD_MISSING_OPINIONS,
        key=meeting.pk,
        due=at,
        clause=case.law.clause("prereview.form"),
    )
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "开始论证会",
            "clause": str(case.law.clause("meeting.quorum")),
            "meeting": meeting.number,
            "present": sorted(member.expert.reference for member in members if member.pk in here),
            "absent": sorted(member.expert.reference for member in absent),
            "warnings": [str(reason) for reason in warnings],
        },
    )


def _require_planned(meeting: Meeting) -> None:
    if meeting.state != Meeting.State.PLANNED:
        clause = meeting.case.law.clause("platform.order")
        state = meeting.get_state_display()
        require(refused(clause, "本次会议不能开始", "请在待召开的会议中办理", state))


def _require_attendance(meeting: Meeting, members: list[Member], here: set[int]) -> tuple[Reason, ...]:
    """Experts by quorum, their leader by the final list; other roles are recorded where the rule only
    records."""
    law = meeting.case.law
    present = [member for member in members if member.pk in here]
    require(permissions.quorum(meeting, members, present))
    has_leader = any(member.is_leader for member in present)
    require(law.judge("panel.confirmed_list", without_consent=[], has_leader=has_leader))
    attendance = law.judge("meeting.attendance", absent=queries.absent_roles(meeting))
    return require(attendance).warnings


def _require_delivery(case: Case, members: list[Member], at: datetime) -> None:
    delivered_at = queries.deliveries(queries.current_version(case))
    for member in members:
        delivered = delivered_at.get(member.pk, at)
        require(case.law.judge("plan.delivery", delivered_at=delivered, meeting_at=at))


def _lose(member: Member, actor: Actor, at: datetime) -> None:
    """A confirmed member who did not come: the seat is lost, the absence stands in case and expert's file."""
    case, was_leader = member.case, member.is_leader
    clause = case.law.clause("meeting.quorum")
    member.leave(Member.State.LOST, ground="会议当日缺席", at=at)
    if was_leader and is_elected(case):
        case.due(OPEN_ELECTION, due=at, clause=case.law.clause("panel.leader"))
    text = f"已确认参加而未到会（{case.reference}）"
    ServiceRecord.write(
        file=member.expert.file, kind="absent", at=at, clause=clause, text=text, review=case.reference
    )
    lock(member.expert.file_id).enter(
        actor=actor,
        at=at,
        data={"label": "已确认而缺席", "clause": str(clause), "review": case.reference},
    )


@act(END_MEETING)
def end_meeting(*, meeting_id: int, actor: Actor, at: datetime) -> Entry:
    """结束论证会: the time limits of the upload begin (QD 四（一）3, NN 四（五） and 四（七）), each with a
    reminder on the working day before its last day; the sign-in sheet is drawn up."""
    case = lock(queries.case_of_meeting(meeting_id))
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    meeting.case = case
    require(may_organize(actor, case))
    require(may_now(case, END_MEETING))
    meeting.state, meeting.ended_at = Meeting.State.ENDED, at
    meeting.save(update_fields=("state", "ended_at"))
    case.move(ReviewState.REPORTING)
    clause = case.law.clause("meeting.attendance")
    now = (
        case.deadline(kind, key=meeting.pk, due=at, clause=clause) for kind in (ATTACH_SHEET, SETTLE_VOTES)
    )
    case.due_all([*_duties(case, at), *now])
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "结束论证会",
            "clause": str(case.law.clause("meeting.mode")),
            "meeting": meeting.number,
        },
    )


def _duties(case: Case, ended_at: datetime) -> Iterator[Deadline]:
    """The breach falls due the second after the time limit; what an earlier meeting set counts no more."""
    duties = [duty for duty in DUTIES if case.law.has(duty)]
    case.met(RECORD_OVERDUE, REMIND_UPLOAD, key=duties, at=ended_at)
    for duty in duties:
        limit, clause = case.law.due(duty, ended_at), case.law.clause(duty)
        yield case.deadline(RECORD_OVERDUE, key=duty, due=limit, clause=clause)
        reminder = max(ended_at, queries.reminder_before(limit.at, case))
        yield case.deadline(REMIND_UPLOAD, key=duty, due=reminder, clause=clause)


@act(STOP_MEETING)
def stop_meeting(*, meeting_id: int, reason: GivenReason, actor: Actor, at: datetime) -> Entry:
    """论证会未能召开 or broken off: it stays on file with its reason, and another one can be arranged."""
    case = lock(queries.case_of_meeting(meeting_id))
    meeting = Meeting.objects.select_for_update().get(pk=meeting_id)
    meeting.case = case
    require(may_organize(actor, case))
    require(may_now(case, STOP_MEETING))
    clause = case.law.clause("meeting.quorum")
    if not meeting.is_living:
        require(refused(clause, "本次会议已经结束", "无须停止", meeting.get_state_display()))
    require(judge_reason(reason, clause, "停止论证会须写明原因", "填写原因后再办理"))
    meeting.state, meeting.stop_reason = Meeting.State.STOPPED, reason
    meeting.save(update_fields=("state", "stop_reason"))
    if case.state == ReviewState.MEETING:
        case.move(ReviewState.PREPARING)
    experts = [member.expert.account for member in queries.confirmed_members(case)]
    Message.post_all(
        Message.draft(
            MEETING_STOPPED,
            key=f"meeting:{meeting.pk}:stopped:{account.pk}",
            case=case,
            account=account,
            at=at,
            reason=reason,
        )
        for account in [*(one for one in experts if one is not None), *queries.party_accounts(case, *Role)]
    )
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "论证会未能召开",
            "clause": str(clause),
            "meeting": meeting.number,
            "reason": reason,
        },
    )
