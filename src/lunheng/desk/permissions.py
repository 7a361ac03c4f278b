"""Words and verdicts of the case page."""

from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.errors import require
from lunheng.core.verdict import refused
from lunheng.core.workflow import REVIEW_PHASES, ReviewState
from lunheng.plans.models import Entrustment
from lunheng.reports.models import Report

STATE_LABELS = {state: phase.label for state, phase in REVIEW_PHASES.items()}


def require_agency(actor: Actor, entrustment: Entrustment) -> None:
    """Only the agency to which the offer was made sees it.

    Raises:
        Refused: another organization asks.
    """
    if actor.organization != entrustment.agency.code:
        law = entrustment.review.case.law
        require(
            refused(
                law.clause("roles.organiser"),
                "这份委托不是给贵单位的",
                "请核对登录的单位",
                actor.organization_name,
            )
        )


def organizer_words(case: Case) -> str:
    """组织单位 or 委托单位, where the rule knows the difference."""
    rule = case.law.rule("roles.organiser")
    if not getattr(rule, "agency_allowed", False):
        return ""
    entrusted = (
        case.review.entrustments.filter(state=Entrustment.State.ACCEPTED).select_related("agency").first()
    )
    if entrusted is None:
        return f"组织单位：{case.review.contractor.name}"
    return f"委托单位：{case.review.contractor.name}；论证机构：{entrusted.agency.name}"


def void_words(case: Case) -> str:
    """Why a review is void, and by which clause."""
    if case.state != ReviewState.VOID.value:
        return ""
    report = Report.objects.filter(case=case).first()
    reason = report.void_reason if report else ""
    return f"{reason}（{case.law.clause('report.validity')}）"
