"""推送与选取: the system pushes experts at random, the client picks and reaches them, every step with its time."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Participant
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.seating import ANSWER_CONTACT, PICK_CANDIDATES, RECORD_CONTACT
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.ledger.models import Entry
from lunheng.messaging.texts import CONSENT_RECORDED, REFUSAL_RECORDED
from lunheng.panels import permissions
from lunheng.panels.models import Member, PanelRequest
from lunheng.panels.queries import rounds, rows

PICKABLE = (Member.State.PUSHED, Member.State.SKIPPED)
CHOSEN = (Member.State.PICKED, Member.State.CONSENTED, Member.State.CONFIRMED)


@act(PICK_CANDIDATES)
def pick_candidates(
    *,
    request_id: int,
    member_ids: list[int],
    is_risk_confirmed: bool | None = None,
    actor: Actor,
    at: datetime,
) -> Entry:
    """选取专家: at least the pack's number of those pushed; who is skipped keeps the time and can be picked later."""
    case = lock(rows.case_of_request(request_id))
    request = rows.request_for_update(case, request_id)
    require(permissions.may_organize(actor, case))
    require(permissions.by_mode(request, PanelRequest.Mode.PUSH, "选取专家"))
    require(may_now(case, PICK_CANDIDATES))
    members, unknown = rows.members_by_ids(case, request, member_ids)
    before = rows.members_for_update(case, request, *CHOSEN)
    together = {member.pk for member in (*before, *members)}
    clause = (
        require(
            case.law.judge("draw.mode", picked=len(together), outside_push=[f"编号{one}" for one in unknown])
        )
        .reasons[0]
        .clause
    )
    require(_all_pickable(members, clause))
    warnings = _risk(request, is_risk_confirmed, at)
    picked = [member for member in members if member.state in PICKABLE]
    _set(picked, Member.State.PICKED, picked_at=at)
    Participant.admit(case, [member.expert.reference for member in picked], is_member=False, at=at)
    skipped = rows.members_for_update(case, request, Member.State.PUSHED)
    _set(skipped, Member.State.SKIPPED, skipped_at=at)
    data: dict[str, JsonValue] = {
        "label": f"选取{len(members)}名专家",
        "clause": str(clause),
        "request": request.number,
        "picked": [rounds.person_of(member) for member in members],
        "skipped": [rounds.person_of(member) for member in skipped],
        "risk_level": request.risk_level,
        "is_risk_confirmed": request.is_risk_confirmed,
        "warnings": warnings,
    }
    return case.enter(actor=actor, at=at, data=data)


def _set(members: list[Member], state: Member.State, **moments: datetime) -> None:
    Member.objects.filter(pk__in=[member.pk for member in members]).update(state=state, **moments)


@act(RECORD_CONTACT)
def record_contact(
    *,
    member_id: int,
    outcome: Literal["consent", "refusal"],
    reason: GivenReason = "",
    actor: Actor,
    at: datetime,
) -> Entry:
    """登记联系结果: call order, consent, or refusal with its reason; the expert is told and may deny a consent."""
    case = lock(rows.case_of_member(member_id))
    member = rows.member_for_update(case, member_id)
    require(permissions.may_organize(actor, case))
    require(permissions.may_now(member, "登记联系结果", (Member.State.PICKED, Member.State.CONSENTED)))
    clause = case.law.clause("panel.confirmed_list")
    if outcome not in ("consent", "refusal"):
        raise Refused(refused(clause, "联系结果只能是同意或拒绝", "重新选择", outcome))
    if outcome == "refusal":
        require(judge_reason(reason, clause, "登记拒绝须写明理由", "填写专家说明的理由"))
    _count_contact(member, at)
    if outcome == "consent":
        member.state = Member.State.CONSENTED
        member.save()
        member.tell(CONSENT_RECORDED, at=at, key=f"consent-{at.timestamp()}")
    else:
        member.leave(Member.State.DECLINED, ground=reason.strip(), at=at)
        member.tell(REFUSAL_RECORDED, at=at)
    data: dict[str, JsonValue] = {
        "label": "专家同意参加" if outcome == "consent" else "专家拒绝参加",
        "clause": str(clause),
        "request": member.request.number,
        "person": rounds.person_of(member),
        "order": member.contact_order or 0,
        "outcome": outcome,
        "reason": reason.strip(),
    }
    return case.enter(actor=actor, at=at, data=data)


@act(ANSWER_CONTACT)
def answer_contact(*, member_id: int, agrees: bool, actor: Actor, at: datetime) -> Entry:
    """专家本人答复: confirms or denies a consent that the client recorded, or gives it."""
    case = lock(rows.case_of_member(member_id))
    member = rows.member_for_update(case, member_id)
    require(permissions.may_answer(actor, member))
    require(permissions.by_mode(member.request, PanelRequest.Mode.PUSH, "答复是否同意"))
    require(permissions.may_now(member, "答复是否同意", CHOSEN))
    clause = case.law.clause("panel.confirmed_list")
    was = member.state
    member.answered_at = at
    label = "专家本人确认同意参加"
    if agrees and was == Member.State.PICKED:
        member.state = Member.State.CONSENTED
    if agrees:
        member.save()
    else:
        label = "专家本人答复不同意参加" if was == Member.State.PICKED else "专家否认曾同意参加"
        member.consent_disputed_at = None if was == Member.State.PICKED else at
        member.leave(Member.State.DECLINED, ground=label, at=at)
        if was == Member.State.CONFIRMED:
            member.request.vacate(member, at)
    data: dict[str, JsonValue] = {
        "label": label,
        "clause": str(clause),
        "request": member.request.number,
        "person": rounds.person_of(member),
        "outcome": "consent" if agrees else "refusal",
    }
    return case.enter(actor=actor, at=at, data=data)


def _all_pickable(members: list[Member], clause: Clause) -> Verdict:
    gone = [member.expert.name for member in members if member.state not in (*PICKABLE, *CHOSEN)]
    if not gone:
        return allowed(clause, "可以选取")
    names = "、".join(gone)
    return refused(clause, f"{names}已拒绝、回避或离开，不能选取", "从其余推送的专家中选取", names)


def _risk(request: PanelRequest, is_confirmed: bool | None, at: datetime) -> list[str]:
    """The client's confirmation that the choice fits the level of risk; leaving it out warns where the city says so."""
    if is_confirmed is not None and is_confirmed != request.is_risk_confirmed:
        request.is_risk_confirmed = is_confirmed
        request.save(update_fields=("is_risk_confirmed",))
    verdict = require(
        request.case.law.judge("draw.risk", confirmed=request.is_risk_confirmed, level=request.risk_level)
    )
    for warning in verdict.warnings:
        request.warn(warning.message, str(warning.clause), at)
    return [warning.message for warning in verdict.warnings]


def _count_contact(member: Member, at: datetime) -> None:
    if member.contact_order is None:
        reached = Member.objects.filter(request=member.request, contact_order__isnull=False).count()
        member.contact_order = reached + 1
    member.contacted_at = at
