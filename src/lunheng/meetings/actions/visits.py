"""现场踏勘: asked for by an expert before the meeting, answered by the contractor with a time or a reason."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor, Role
from lunheng.core.errors import require
from lunheng.core.procedures.meeting import ANSWER_VISIT, ASK_VISIT
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import allowed, refused
from lunheng.core.workflow import ReviewState
from lunheng.ledger.models import Entry
from lunheng.meetings import permissions, queries
from lunheng.meetings.models import SiteVisit
from lunheng.messaging.models import Message
from lunheng.messaging.texts import VISIT_ANSWERED, VISIT_ASKED
from lunheng.panels.models import Member


@act(ASK_VISIT)
def ask_site_visit(*, member_id: int, reason: GivenReason, actor: Actor, at: datetime) -> SiteVisit:
    """申请现场踏勘, before the meeting (QD 四（二）3, NN 五（二）)."""
    case = lock(queries.case_of_member(member_id))
    member = Member.objects.select_related("expert").get(pk=member_id)
    require(permissions.may_act_for(actor, member))
    before = case.state in {ReviewState.CONFIRMING, ReviewState.PREPARING}
    clause = require(case.law.judge("prereview.site_visit", before_meeting=before)).reasons[0].clause
    require(judge_reason(reason, clause, "申请现场踏勘须写明原因", "写明需要到现场核对的内容"))
    require(may_now(case, ASK_VISIT))
    visit = SiteVisit.objects.create(case=case, member=member, reason=reason, asked_at=at)
    Message.post_all(
        Message.draft(
            VISIT_ASKED,
            key=f"visit:{visit.pk}:asked:{account.pk}",
            case=case,
            account=account,
            at=at,
            reason=reason,
        )
        for account in queries.party_accounts(case, Role.CONTRACTOR)
    )
    case.enter(
        actor=actor,
        at=at,
        data={
            "label": "专家申请现场踏勘",
            "clause": str(case.law.clause("prereview.site_visit")),
            "visit": visit.pk,
            "reason": reason,
        },
    )
    return visit


@act(ANSWER_VISIT)
def answer_site_visit(
    *, visit_id: int, answer: GivenReason, visit_at: datetime | None = None, actor: Actor, at: datetime
) -> Entry:
    """答复踏勘申请: a time, or the reason why not. Once."""
    case = lock(SiteVisit.objects.filter(pk=visit_id).order_by().values("case_id"))
    visit = SiteVisit.objects.select_for_update().get(pk=visit_id)
    require(permissions.may_answer_visit(actor, case))
    clause = case.law.clause("prereview.site_visit")
    if visit.answered_at:
        require(refused(clause, "该踏勘申请已经答复", "如有变化，请另行通知专家", visit.answer))
    given = bool(answer.strip()) or visit_at is not None
    require(
        allowed(clause, "已填写答复")
        if given
        else refused(clause, "答复须写明踏勘时间或不安排的理由", "填写时间或理由", "未填写")
    )
    visit.answer, visit.visit_at, visit.answered_at = answer, visit_at, at
    visit.save()
    account = visit.member.expert.account
    if account is not None:
        key = f"visit:{visit.pk}:answered"
        Message.post(Message.draft(VISIT_ANSWERED, key=key, case=case, account=account, at=at, answer=answer))
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "答复踏勘申请",
            "clause": str(clause),
            "visit": visit.pk,
            "answer": answer,
            "visit_at": visit_at.isoformat() if visit_at else "",
        },
    )
