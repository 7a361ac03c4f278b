"""方案实施: start of works after review and approvals, and a change that takes it back (Order 37
第十六条)."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.errors import require
from lunheng.core.procedures.closing import CHANGE_PLAN, START_WORKS
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import refused
from lunheng.core.workflow import ReviewState
from lunheng.documents.models import Document
from lunheng.ledger.models import Entry
from lunheng.plans.models import PlanVersion
from lunheng.reports import permissions, queries
from lunheng.reports.models import Revision


@act(START_WORKS)
def start_works(*, case_id: int, actor: Actor, at: datetime) -> Entry:
    """方可实施: only after the conclusion (通过, or 修改后通过 closed) and the approvals (QD 四（一）3, NN
    四（五）)."""
    case = lock(case_id)
    require(permissions.may_contract(actor, case))
    require(permissions.judge_works(case))
    require(may_now(case, START_WORKS))
    review = case.review
    review.works_started_at = at
    review.save(update_fields=("works_started_at",))
    case.move(ReviewState.WORKING)
    version = queries.version_in_force(case)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "方案开始实施",
            "clause": str(case.law.clause("closure.works")),
            "version": version.number if version else 0,
        },
    )


@act(CHANGE_PLAN)
def change_plan(
    *, case_id: int, document_ids: list[int], reason: GivenReason, actor: Actor, at: datetime
) -> PlanVersion:
    """变更方案: a new version of a plan in force takes the start of works back until new approvals and a
    new review through a new draw are closed (Order 37 第十六条); the new review is opened with this one as
    its predecessor. Below over-scale no review is asked for: the new version waits for its approvals alone."""
    case = lock(case_id)
    clause = case.law.clause("closure.change")
    require(permissions.may_contract(actor, case))
    require(may_now(case, CHANGE_PLAN))
    require(judge_reason(reason, clause, "变更方案须写明原因", "写明变更原因"))
    documents = list(Document.objects.filter(pk__in=document_ids))
    if not documents:
        require(refused(clause, "变更后的方案没有文件", "上传变更后的专项施工方案", "0 个文件"))
    version = _store(case, documents, reason, actor, at)
    is_over_scale = case.review.plan.work.is_over_scale
    if is_over_scale:
        case.move(ReviewState.SUPERSEDED)
        case.closed_at = at
        case.save(update_fields=("closed_at",))
    else:
        Revision.objects.create(case=case, version=version, sent_at=at)
        case.move(ReviewState.REAPPROVING)
    case.enter(
        actor=actor,
        at=at,
        data={
            "label": "变更方案，须重新审批和论证" if is_over_scale else "变更方案，须重新审批",
            "clause": str(clause),
            "version": version.number,
            "reason": reason,
        },
        files=[{"sha256": one.sha256, "size": one.size, "kind": one.kind} for one in documents],
    )
    return version


def _store(case: Case, documents: list[Document], reason: str, actor: Actor, at: datetime) -> PlanVersion:
    latest = PlanVersion.objects.filter(review__plan__lineage=case.review.plan.lineage).latest("number")
    version = PlanVersion.objects.create(
        review=case.review,
        number=latest.number + 1,
        submitted_by=actor.reference,
        submitted_at=at,
        note=reason.strip(),
    )
    for document in documents:
        document.bind(case, Document.Kind.PLAN, actor=actor, at=at, is_secret=True)
    version.documents.set(documents)
    return version
