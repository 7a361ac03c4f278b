"""Words of the case page that depend on what the law of the case knows."""

from lunheng.cases.models import Case
from lunheng.cases.precedents import gaps
from lunheng.cases.timeline import TimelineLine
from lunheng.core.actor import OFFICES, Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.events import EVENTS
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.core.workflow import REVIEW_PHASES, ReviewState
from lunheng.plans.models import Entrustment
from lunheng.reports.models import Report

ACCESS = Clause("论衡平台运行规则", "第八条", "查看和送达")
"""``platform.access`` of the platform's own pack."""
READERS = OFFICES | {Role.ADMINISTRATOR}
KEEPERS = frozenset({Role.STATION, Role.ADMINISTRATOR})
"""Who has to have it cleared up when the log stands still."""
STATE_LABELS = {state: phase.label for state, phase in REVIEW_PHASES.items()}


def may_read_findings(actor: Actor) -> Verdict:
    """Whether this seat is of an office: what the tables hold against the ledger is for those who supervise."""
    if actor.role in READERS:
        return allowed(ACCESS, "监督机构查看存证核对结果")
    return refused(ACCESS, "存证核对结果只供监督机构查看", "请切换到监督机构的身份，或联系质安中心（站）")


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


def content_words(line: TimelineLine) -> str:
    """Why a line of the timeline has no content for its reader; empty where it has."""
    if line.is_sealed:
        return "内容尚未公开"
    return "内容已按规定擦除" if line.is_erased else ""


def gap_words(case: Case) -> list[str]:
    """What the log of a review lacks, and before which step or state that it has."""
    return [f"{'' if gap.code in EVENTS else '到'}“{gap.before}”之前，{gap}" for gap in gaps(case)]


def void_words(case: Case) -> str:
    """Why a review is void, and by which clause."""
    if case.state != ReviewState.VOID.value:
        return ""
    report = Report.objects.filter(case=case).first()
    reason = report.void_reason if report else ""
    return f"{reason}（{case.law.clause('report.validity')}）"
