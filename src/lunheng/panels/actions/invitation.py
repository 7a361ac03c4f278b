"""邀请: the clock that starts with the delivery of the message, and what happens when it runs out."""

from __future__ import annotations

from datetime import datetime

from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.deadlines import Due, format_due
from lunheng.core.procedures.consequences import EXPIRE_INVITATION, GIVE_UP_UNDELIVERED, START_WINDOW
from lunheng.core.procedures.seating import EXPIRE, GIVE_UP, START_THE_WINDOW
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.panels.models import Member
from lunheng.panels.queries import rounds, rows
from lunheng.pools.models import ServiceRecord


@answers(START_WINDOW, START_THE_WINDOW)
def start_window(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """起算: the invitation arrived; from that moment the expert has the pack's hours, nights included."""
    case, deadline = due.case, due.deadline
    member = rows.member_for_update(case, due.key)
    clause = case.law.clause("confirmation.window")
    data = _data(member, "邀请短信送达，开始计算确认时限", str(clause))
    message = rows.invitation_of(member)
    if member.state == Member.State.INVITED and message is not None and message.delivered_at is not None:
        member.delivered_at = message.delivered_at
        member.save(update_fields=("delivered_at",))
        case.met(GIVE_UP_UNDELIVERED, key=member.pk, at=at)
        if case.law.has("confirmation.window"):
            limit = case.law.due("confirmation.window", message.delivered_at)
            case.due(EXPIRE_INVITATION, key=member.pk, due=limit, clause=clause)
            data["deadline"] = format_due(limit, with_year=True)
    else:
        data["label"] = "邀请短信送达时席位已变动"
    return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)


@answers(EXPIRE_INVITATION, EXPIRE)
def expire_invitation(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """逾期不确认视为不参与: recorded for the yearly evaluation, no absence; the seat is refilled at once."""
    case, deadline = due.case, due.deadline
    member = rows.member_for_update(case, due.key)
    clause = case.law.clause("confirmation.window")
    data = _data(member, "逾期未确认，视为不参与", str(clause))
    if member.state == Member.State.INVITED:
        moment = deadline.due_at
        file = lock(member.expert.file_id)
        member.leave(Member.State.SILENT, ground="短信送达后逾期未确认", at=moment)
        member.keep_record(
            ServiceRecord.Kind.NO_ANSWER,
            at=moment,
            clause=clause,
            text=f"{case.title}：邀请短信送达后逾期未确认，视为不参与；不计作缺席会议",
            yearly=True,
        )
        member.request.vacate(member, moment)
        entry = case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)
        _enter_file(file, case, "逾期未确认，计入年度评价", str(clause), actor, at)
        return entry
    return case.enter(actor=actor, at=at, data={**data, "label": "确认时限届满时专家已答复"})


@answers(GIVE_UP_UNDELIVERED, GIVE_UP)
def give_up_undelivered(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """未送达: a message that never arrived starts no clock and makes no record; the seat is refilled."""
    case, deadline = due.case, due.deadline
    member = rows.member_for_update(case, due.key)
    clause = case.law.clause("confirmation.undelivered")
    data = _data(member, "邀请短信未送达，席位补抽", str(clause))
    message = rows.invitation_of(member)
    if member.state != Member.State.INVITED or (message is not None and message.delivered_at is not None):
        data["label"] = "未送达时限届满时短信已送达或专家已答复"
    elif message is not None and (again := _later(case, message, at)) is not None:
        # The hour of failed attempts counts from the first attempt, which came later than it was meant to.
        case.due(GIVE_UP_UNDELIVERED, key=member.pk, due=again, clause=clause)
        data["label"] = "邀请短信首次发送晚于预定，继续等待"
    else:
        member.leave(Member.State.UNDELIVERED, ground="短信未送达", at=deadline.due_at)
        member.request.vacate(member, deadline.due_at)
    return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)


def _later(case: Case, message: Message, at: datetime) -> Due | None:
    """When to give up instead, if the first attempt was made later than it was meant to be."""
    limit = case.law.due("confirmation.undelivered", message.first_sent_at or message.send_after)
    return None if limit.is_late(at) else limit


def _data(member: Member, label: str, clause: str) -> dict[str, str | int]:
    return {
        "label": label,
        "clause": clause,
        "request": member.request.number,
        "person": rounds.person_of(member),
        "member": member.pk,
    }


def _enter_file(file: Case, review: Case, label: str, clause: str, actor: Actor, at: datetime) -> None:
    file.enter(actor=actor, at=at, data={"label": label, "clause": clause, "review": review.reference})
