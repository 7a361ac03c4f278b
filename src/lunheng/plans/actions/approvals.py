"""The signed and sealed approvals of a version."""

from datetime import datetime
from typing import Literal

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.preparing import APPROVE_PLAN
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.core.workflow import ReviewState
from lunheng.documents.models import Document
from lunheng.plans import permissions, queries
from lunheng.plans.models import Approval, PlanVersion

Kind = Literal["technical_director", "subcontractor_technical_director", "chief_supervisor"]


@act(APPROVE_PLAN)
def approve_version(
    *,
    version_id: int,
    kind: Kind,
    is_granted: bool,
    document_id: int | None = None,
    reason: GivenReason = "",
    actor: Actor,
    at: datetime,
) -> Approval:
    """审核、审查方案: granted with the signed and sealed page, or returned with a reason.

    With the last approval the plan is ready for a panel; a returned plan goes back to be rewritten.
    """
    version = queries.version(version_id)
    review = version.review
    case = review.case = lock(review.case_id)
    require(
        combine(
            permissions.may_sign(actor, review, kind),
            permissions.order(review, APPROVE_PLAN),
            _is_in_turn(version, kind),
            _is_complete(version, is_granted, document_id, reason),
        )
    )
    document = _document(version, document_id) if document_id is not None else None
    if document is not None:
        document.bind(case, Document.Kind.APPROVAL, actor=actor, at=at)
    approval = Approval.objects.create(
        version=version,
        kind=kind,
        is_granted=is_granted,
        reason=reason.strip(),
        document=document,
        signed_by=actor.reference,
        signer_name=actor.name,
        signed_at=at,
    )
    _go_on(version, is_granted)
    verb = "同意" if is_granted else "退回"
    data: dict[str, JsonValue] = {
        "label": f"{approval.get_kind_display()}：{verb}方案第{version.number}版",
        "clause": str(case.law.clause("plan.readiness")),
        "version": version.number,
        "kind": kind,
        "is_granted": is_granted,
        "reason": approval.reason,
    }
    files: list[dict[str, str | int]] = []
    if document is not None:
        files = [{"name": document.name, "sha256": document.sha256, "size": document.size}]
    case.enter(actor=actor, at=at, data=data, files=files)
    return approval


def _is_in_turn(version: PlanVersion, kind: str) -> Verdict:
    """Only the newest version, only approvals that the plan needs, each once; a revision is not the
    supervisor's to approve here."""
    case, review = version.review.case, version.review
    clause = case.law.clause("plan.readiness")
    if queries.latest_version(review) != version:
        return refused(clause, "方案已有更新的版本", "对最新版本进行审查", f"第{version.number}版")
    if kind not in queries.needed_kinds(case.law, review.plan):
        return refused(
            clause, "本方案不需要这一审批", "分包编制的方案才需要分包单位审批", Approval.Kind(kind).label
        )
    if version.approvals.filter(kind=kind, is_granted=True).exists():
        return refused(clause, "本版方案已经过这一审批", "无需重复办理", Approval.Kind(kind).label)
    is_revision = case.state not in (ReviewState.APPROVING, ReviewState.READY)
    if is_revision and kind == Approval.Kind.CHIEF_SUPERVISOR:
        further = case.law.clause("closure.leader_opinion")
        return refused(
            further, "修改后的方案不在此处批准", "在修改闭合页面批准修改后的方案", case.state_label
        )
    return allowed(clause, "可以审查")


def _is_complete(version: PlanVersion, is_granted: bool, document_id: int | None, reason: str) -> Verdict:
    clause = version.review.case.law.clause("plan.readiness")
    if is_granted and document_id is None:
        return refused(clause, "同意方案须上传签字盖章的审批页", "上传签字盖章的审批页扫描件", "未上传")
    if not is_granted:
        return judge_reason(reason, clause, "退回方案须写明理由", "填写退回理由")
    return allowed(clause, "审批材料齐全")


def _document(version: PlanVersion, document_id: int) -> Document:
    found = Document.objects.select_for_update(of=("self",)).filter(pk=document_id).first()
    if found is None:
        clause = version.review.case.law.clause("plan.readiness")
        raise Refused(refused(clause, "审批页文件不存在", "重新上传审批页", str(document_id)))
    return found


def _go_on(version: PlanVersion, is_granted: bool) -> None:
    case, review = version.review.case, version.review
    if case.state != ReviewState.APPROVING:
        return
    if not is_granted:
        case.move(ReviewState.DRAFTING)
        return
    needed = {queries.APPROVAL_WORDS[kind] for kind in queries.needed_kinds(case.law, review.plan)}
    if needed <= set(queries.granted(version)):
        case.move(ReviewState.READY)
