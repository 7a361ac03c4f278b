"""修改闭合: answers to the report's items, the revised version, the leader's recheck, the supervisor's
approval."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.errors import require
from lunheng.core.procedures.closing import ANSWER_ITEM, APPROVE_REVISION, RECHECK_REVISION, SUBMIT_REVISION
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.core.workflow import ReviewState
from lunheng.documents.models import Document
from lunheng.ledger.models import Entry
from lunheng.meetings.queries import confirmed_members, leader_of
from lunheng.messaging.models import Message
from lunheng.messaging.texts import REVISION_APPROVED, REVISION_TO_RECHECK
from lunheng.panels.models import Member
from lunheng.plans.models import Approval, PlanVersion, Review
from lunheng.reports import permissions, queries
from lunheng.reports.actions.opinions import OpinionLine
from lunheng.reports.models import OpinionForm, Report, Revision, RevisionAnswer

Answer = RevisionAnswer.Answer


@act(ANSWER_ITEM)
def answer_item(
    *,
    report_id: int,
    item: int,
    answer: str,
    place: str = "",
    reason: GivenReason = "",
    version_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> RevisionAnswer:
    """逐条答复: changed where, or not adopted why (QD 四（一）5, NN 四（四）); a required change of
    修改后通过 can only be answered as changed (and Order 37 第十三条)."""
    case = lock(queries.case_of_report(report_id))
    report = Report.objects.get(pk=report_id)
    require(permissions.may_contract(actor, case))
    require(may_now(case, ANSWER_ITEM))
    require(_lawful_answer(case, report, item, answer, place, reason))
    version = _newer_version(case, report, version_id) if version_id is not None else None
    stored = RevisionAnswer.objects.create(
        report=report,
        item=item,
        version=version,
        answer=answer,
        place=place.strip(),
        reason=reason.strip(),
        answered_at=at,
    )
    case.enter(
        actor=actor,
        at=at,
        data={
            "label": f"答复第{item}条论证意见：{stored.get_answer_display()}",
            "clause": str(case.law.clause("closure.answers")),
            "item": item,
            "answer": answer,
            "place": place,
            "reason": reason,
            "version": version.number if version else 0,
        },
    )
    return stored


def _lawful_answer(case: Case, report: Report, item: int, answer: str, place: str, reason: str) -> Verdict:
    clause = case.law.clause("closure.answers")
    found = next((one for one in queries.items_of(report) if one["number"] == item), None)
    if found is None:
        return refused(clause, f"论证报告没有第{item}条意见", "按报告的编号答复", str(item))
    if answer not in Answer.values:
        return refused(clause, "答复只能是已修改或未采纳", "重新选择", answer)
    if answer == Answer.CHANGED and not place.strip():
        return refused(clause, f"第{item}条答复为已修改，须写明修改位置", "写明章节和页码", "未填写")
    explained = judge_reason(reason, clause, f"第{item}条答复为未采纳，须写明理由", "写明不采纳的理由")
    if answer == Answer.NOT_ADOPTED and not explained.is_allowed:
        return explained
    is_binding = report.conclusion == Review.Conclusion.APPROVED_IF_REVISED and found["is_required"]
    rejected = [f"第{item}条"] if is_binding and answer == Answer.NOT_ADOPTED else []
    return case.law.judge("closure.answers", unanswered=[], rejected_required=rejected)


def _newer_version(case: Case, report: Report, version_id: int) -> PlanVersion:
    """A version of this review that came after the reviewed one.

    Raises:
        Refused: another review's version, or not newer.
    """
    version = PlanVersion.objects.filter(pk=version_id, review__case=case).first()
    if version is None or version.number <= report.version.number:
        clause = case.law.clause("closure.answers")
        told = f"第{version.number}版" if version else "不是本案的方案"
        require(refused(clause, "须针对论证后修改的新版方案", "先提交修改后的方案版本", told))
    assert version is not None
    return version


@act(SUBMIT_REVISION)
def submit_revision(*, case_id: int, version_id: int, actor: Actor, at: datetime) -> Revision:
    """提交修改后的方案: every opinion is answered against the new version (QD 四（一）5, NN 四（四）).
    After 修改后通过 it goes to whom of the panel the rule asks, else at once to the supervisor; after 通过 it is the version to be approved and
    built."""
    case = lock(case_id)
    require(permissions.may_contract(actor, case))
    require(may_now(case, SUBMIT_REVISION))
    report = Report.objects.select_for_update().get(case=case)
    version = _newer_version(case, report, version_id)
    require(
        case.law.judge(
            "closure.answers",
            unanswered=queries.unanswered(report),
            rejected_required=queries.rejected_required(report),
        )
    )
    require(_not_sent(case, version))
    RevisionAnswer.objects.filter(report=report, version=None, answer=Answer.CHANGED).update(version=version)
    revision = Revision.objects.create(case=case, version=version, sent_at=at)
    rule = queries.asked_of_panel(case)
    if case.state == ReviewState.REVISING and rule is not None and rule.is_asked:
        case.move(ReviewState.RECHECKING)
        _ask_panel(case, version, at)
    elif case.state == ReviewState.REVISING:
        case.move(ReviewState.REAPPROVING)
    case.enter(
        actor=actor,
        at=at,
        data={
            "label": "提交修改后的方案",
            "clause": str(case.law.clause("closure.answers")),
            "version": version.number,
            "answers": len(queries.latest_answers(report)),
            "state": case.state,
        },
    )
    return revision


def _not_sent(case: Case, version: PlanVersion) -> Verdict:
    clause = case.law.clause("closure.answers")
    if Revision.objects.filter(version=version).exists():
        return refused(clause, "该版本已经提交过", "继续修改的，请提交新的方案版本", f"第{version.number}版")
    return allowed(clause, "新的版本")


def _ask_panel(case: Case, version: PlanVersion, at: datetime) -> None:
    rule, leader = queries.asked_of_panel(case), leader_of(case)
    by_members = rule is not None and rule.members > 0
    asked = list(confirmed_members(case)) if by_members else [leader] if leader else []
    who = "专家组成员" if by_members else "组长"
    for account in (member.expert.account for member in asked):
        if account is not None:
            key = f"recheck:{version.pk}:{account.pk}"
            draft = Message.draft(
                REVISION_TO_RECHECK,
                key=key,
                case=case,
                account=account,
                at=at,
                version=version.number,
                who=who,
            )
            Message.post(draft)


@act(RECHECK_REVISION)
def recheck_revision(
    *,
    case_id: int,
    version_id: int,
    is_positive: bool,
    items: list[OpinionLine],
    actor: Actor,
    at: datetime,
) -> OpinionForm:
    """组长再次填写审查意见 on the very version that was sent on (QD 四（二）4, NN 四（七）); a negative one
    sends the plan back to the contractor."""
    case = lock(case_id)
    require(permissions.may_recheck(actor, case))
    revision = queries.current_revision(case)
    require(_same_version(case, revision, version_id))
    require(may_now(case, RECHECK_REVISION))
    require(permissions.judge_form(case, items, "approved" if is_positive else "not_approved"))
    member = queries.seat_of(actor, case)
    assert member is not None and revision is not None
    require(_first_opinion(case, member, revision))
    form = OpinionForm.objects.create(
        case=case,
        member=member,
        version=revision.version,
        stage=queries.Stage.RECHECK,
        is_positive=is_positive,
        submitted_at=at,
    )
    form.keep(items)
    after = _after_opinion(case, revision.version)
    if after is not None:
        case.move(after)
    who = "组长" if member.is_leader else "专家"
    case.enter(
        actor=actor,
        at=at,
        data={
            "label": f"{who}复核修改后的方案：{_outcome(is_positive, after)}",
            "clause": str(case.law.clause("closure.leader_opinion")),
            "version": revision.version.number,
            "is_positive": is_positive,
            "items": len(items),
            "state": case.state,
        },
    )
    return form


def _first_opinion(case: Case, member: Member, revision: Revision) -> Verdict:
    clause = case.law.clause("closure.leader_opinion")
    if queries.own_form(member, queries.Stage.RECHECK, revision.version) is None:
        return allowed(clause, "尚未对本版填写审查意见")
    told = f"第{revision.version.number}版"
    return refused(clause, "您已对本版方案填写审查意见", "等待其他专家填写", told)


def _after_opinion(case: Case, version: PlanVersion) -> ReviewState | None:
    """On to the supervisor once enough agree, back to the contractor once enough no longer can; else it waits."""
    rule = queries.asked_of_panel(case)
    needed = max(rule.members, 1) if rule is not None else 1
    given = queries.forms_of(case, queries.Stage.RECHECK).filter(version=version)
    agreed = queries.confirmations(version)
    able = 1 if needed == 1 and rule is not None and rule.leader_required else confirmed_members(case).count()
    if agreed >= needed:
        return ReviewState.REAPPROVING
    return ReviewState.REVISING if agreed + able - given.count() < needed else None


def _outcome(is_positive: bool, after: ReviewState | None) -> str:
    if is_positive:
        return "同意"
    return "不同意，退回修改" if after == ReviewState.REVISING else "不同意"


def _same_version(case: Case, revision: Revision | None, version_id: int) -> Verdict:
    clause = case.law.clause("closure.leader_opinion")
    if revision is not None and revision.version_id == version_id:
        return allowed(clause, "针对本次修改后的方案")
    told = f"应为第{revision.version.number}版" if revision else "尚未提交修改后的方案"
    return refused(clause, "组长意见须针对本次修改后的方案，对其他版本的意见不作数", "打开当前版本填写", told)


@act(APPROVE_REVISION)
def approve_revision(*, case_id: int, document_id: int, actor: Actor, at: datetime) -> Entry:
    """总监理工程师批准修改后的方案: after the technical director's signature on the new version and the
    leader's positive opinion on it (QD 四（二）4, NN 四（七）). Every expert is told of the changes."""
    case = lock(case_id)
    require(permissions.may_approve(actor, case))
    require(permissions.judge_approval(case))
    require(may_now(case, APPROVE_REVISION))
    revision, document = queries.current_revision(case), Document.objects.get(pk=document_id)
    assert revision is not None
    require(_is_waiting(case, revision))
    document.bind(case, Document.Kind.APPROVAL, actor=actor, at=at)
    Approval.objects.get_or_create(
        version=revision.version,
        kind=Approval.Kind.CHIEF_SUPERVISOR,
        is_granted=True,
        defaults={
            "document": document,
            "signed_by": actor.reference,
            "signer_name": actor.name,
            "signed_at": at,
        },
    )
    revision.approved_at = at
    revision.save(update_fields=("approved_at",))
    review = case.review
    review.revision_closed_at = at
    review.save(update_fields=("revision_closed_at",))
    if case.state != ReviewState.PASSED:
        case.move(ReviewState.PASSED)
    told = _tell_experts(case, revision.version, at)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "总监理工程师批准修改后的方案",
            "clause": str(case.law.clause("closure.leader_opinion")),
            "version": revision.version.number,
            "experts_told": told,
        },
        files=[{"sha256": document.sha256, "size": document.size, "kind": document.kind}],
    )


def _is_waiting(case: Case, revision: Revision) -> Verdict:
    """Approved once: a second signature would put another hour in the place of the first."""
    clause = case.law.clause("closure.leader_opinion")
    if revision.approved_at is None:
        return allowed(clause, "修改后的方案等待批准")
    message, remedy = "修改后的方案已经批准", "无需重复批准；方案再作修改的，先提交修改后的方案"
    return refused(clause, message, remedy, f"第{revision.version.number}版")


def _tell_experts(case: Case, version: PlanVersion, at: datetime) -> int:
    """修改情况及时告知专家 (31号（五）)."""
    accounts = [member.expert.account for member in confirmed_members(case)]
    report = Report.objects.get(case=case)
    answers = queries.latest_answers(report)
    changes = "；".join(
        f"第{number}条 {answer.get_answer_display()} {answer.place or answer.reason}"
        for number, answer in sorted(answers.items())
    )
    told = Message.post_all(
        Message.draft(
            REVISION_APPROVED,
            key=f"revision:{version.pk}:{account.pk}",
            case=case,
            account=account,
            at=at,
            changes=changes,
        )
        for account in accounts
        if account is not None
    )
    return len(told)
