"""认定论证无效: what a finished procedure finds of a review that was held."""

from datetime import datetime

from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.closing import INVALIDATE
from lunheng.core.procedures.consequences import INVALIDATE_REVIEW
from lunheng.core.procedures.table import may_move
from lunheng.core.reasons import cut
from lunheng.core.workflow import ReviewState
from lunheng.ledger.models import Entry
from lunheng.procedures.effects import effecting
from lunheng.reports.models import Report


@answers(INVALIDATE_REVIEW, INVALIDATE)
def invalidate_review(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """论证无效: the review counts for nothing any more, what it waited for ends, and a new one is to be organized."""
    found = effecting(due)
    assert found.candidate.file_id is not None
    review = lock(found.candidate.file_id)
    if not may_move(review.kind, review.state, ReviewState.VOID.value, by=[INVALIDATE.event]):
        return found.enter([], {"label": f"论证现为“{review.state_label}”，无须认定无效"}, actor, {})
    review.deadlines.filter(met_at__isnull=True, performed_at__isnull=True).update(met_at=at)
    review.move(ReviewState.VOID)
    report = Report.objects.filter(case=review).exclude(state=Report.State.VOID).last()
    if report is not None:
        report.state, report.void_reason = Report.State.VOID, cut(f"{due.case.reference} {found.clause}")
        report.save(update_fields=("state", "void_reason"))
    data: dict[str, JsonValue] = {"label": "认定论证无效"}
    return found.enter([review], data, actor, {"review": review.reference})
