"""确认: what the invited expert answers, and what a member signs."""

from __future__ import annotations

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.errors import require
from lunheng.core.procedures.seating import CONFIRM_SEAT, DECLINE_SEAT, FILE_LEAK, RECUSE, SIGN_COMMITMENT
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Verdict
from lunheng.ledger.models import Entry
from lunheng.panels import permissions
from lunheng.panels.models import Member
from lunheng.panels.queries import rounds, rows
from lunheng.pools.models import ServiceRecord


@act(CONFIRM_SEAT)
def confirm_seat(*, member_id: int, actor: Actor, at: datetime) -> Entry:
    """确认参加: within the pack's hours after the message arrived; at exactly that hour it is too late."""
    case = lock(rows.case_of_member(member_id))
    member = rows.member_for_update(case, member_id)
    require(permissions.may_answer(actor, member))
    clause = require(_in_time(member, at)).reasons[0].clause
    require(permissions.may_now(member, "确认参加", (Member.State.INVITED,)))
    member.answered_at = at
    member.confirm(at)
    if _is_whole(member):
        member.request.complete(at)
    return case.enter(actor=actor, at=at, data=_data(member, "专家确认参加", clause))


@act(DECLINE_SEAT)
def decline_seat(
    *, member_id: int, reason: GivenReason, is_unsuited: bool = False, actor: Actor, at: datetime
) -> Entry:
    """不能参加: with a reason; not suited to the works is a reason of its own and never counts as no answer."""
    case = lock(rows.case_of_member(member_id))
    member = rows.member_for_update(case, member_id)
    require(permissions.may_answer(actor, member))
    clause = require(_in_time(member, at)).reasons[0].clause
    require(permissions.may_now(member, "答复不能参加", permissions.ANSWERABLE))
    clause = case.law.clause("draw.suitability") if is_unsuited else clause
    require(judge_reason(reason, clause, "不能参加须写明理由", "选择或填写理由后提交"))
    file = lock(member.expert.file_id)
    member.answered_at, member.is_unsuited = at, is_unsuited
    held = member.state == Member.State.INVITED
    member.leave(Member.State.DECLINED, ground=reason.strip(), at=at)
    label = "专家答复：与本人专业、类别、资格不相适应" if is_unsuited else "专家答复不能参加"
    text = f"{case.title}：{label}（{reason.strip()}）；不计作未答复"
    member.keep_record(ServiceRecord.Kind.DECLINED, at=at, clause=clause, text=text)
    if held:
        member.request.vacate(member, at)
    entry = case.enter(
        actor=actor,
        at=at,
        data={**_data(member, label, clause), "reason": reason.strip(), "is_unsuited": is_unsuited},
    )
    file.enter(actor=actor, at=at, data={"label": label, "clause": str(clause), "review": case.reference})
    return entry


@act(RECUSE)
def recuse_member(*, member_id: int, ground: GivenReason, actor: Actor, at: datetime) -> Entry:
    """回避: at the invitation or later until the conclusion; access ends at once, and it counts as no silence."""
    case = lock(rows.case_of_member(member_id))
    member = rows.member_for_update(case, member_id)
    require(permissions.may_answer(actor, member))
    require(may_now(case, RECUSE))
    require(permissions.may_now(member, "申请回避", permissions.SITTING))
    clause = require(case.law.judge("recusal.declaration", ground=ground)).reasons[0].clause
    file = lock(member.expert.file_id)
    held = member.state in rows.HOLDING
    member.answered_at = member.answered_at or at
    member.leave(Member.State.RECUSED, ground=ground.strip(), at=at)
    text = f"{case.title}：主动回避；不计作未答复或拒绝"
    member.keep_record(ServiceRecord.Kind.RECUSED, at=at, clause=clause, text=text)
    if held:
        member.request.vacate(member, at)
    data = {**_data(member, "专家申请回避", clause), "ground": ground.strip()}
    entry = case.enter(actor=actor, at=at, data=data)
    file.enter(
        actor=actor, at=at, data={"label": "主动回避", "clause": str(clause), "review": case.reference}
    )
    return entry


@act(SIGN_COMMITMENT)
def sign_commitment(*, member_id: int, actor: Actor, at: datetime) -> Entry:
    """签署保密承诺: before the plan of this review can be opened."""
    case = lock(rows.case_of_member(member_id))
    member = rows.member_for_update(case, member_id)
    require(permissions.may_answer(actor, member))
    require(permissions.may_now(member, "签署保密承诺", permissions.SITTING))
    member.committed_at = member.committed_at or at
    member.save(update_fields=("committed_at",))
    member.commit_participant(at)
    clause = case.law.clause("security.plan_access")
    return case.enter(actor=actor, at=at, data=_data(member, "签署保密承诺", clause))


@act(FILE_LEAK)
def file_leak(*, member_id: int, text: GivenReason, actor: Actor, at: datetime) -> Entry:
    """登记泄密线索: by a party of the review or the authority, into the expert's own file."""
    case = lock(rows.case_of_member(member_id))
    member = rows.member_for_update(case, member_id)
    require(permissions.may_file_leak(actor, case))
    clause = case.law.clause("security.secrecy")
    require(judge_reason(text, clause, "泄密线索须写明事实", "写明时间、内容和依据"))
    file = lock(member.expert.file_id)
    member.keep_record(ServiceRecord.Kind.LEAK, at=at, clause=clause, text=text.strip(), yearly=True)
    entry = case.enter(actor=actor, at=at, data=_data(member, "登记泄密线索", clause))
    file.enter(
        actor=actor,
        at=at,
        data={"label": "登记泄密线索", "clause": str(clause), "review": case.reference, "text": text.strip()},
    )
    return entry


def _in_time(member: Member, at: datetime) -> Verdict:
    """Judged by the delivery of the message itself, whether or not the sweep has run."""
    delivered_at = member.delivered_at
    message = rows.invitation_of(member)
    if delivered_at is None and message is not None:
        delivered_at = message.delivered_at
    if member.state not in (Member.State.INVITED, Member.State.SILENT):
        delivered_at = None
    return member.case.law.judge("confirmation.window", delivered_at=delivered_at, at=at)


def _is_whole(member: Member) -> bool:
    request = member.request
    taken = Member.objects.filter(request=request, state=Member.State.CONFIRMED, seat__isnull=False).count()
    return taken == len(rounds.seat_plans(request))


def _data(member: Member, label: str, clause: Clause) -> dict[str, str | int | bool]:
    return {
        "label": label,
        "clause": str(clause),
        "request": member.request.number,
        "person": rounds.person_of(member),
        "member": member.pk,
    }
