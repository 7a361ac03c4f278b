"""Versions of a plan: their files, their approvals, what is still missing."""

from lunheng.core.policy import Law
from lunheng.core.policy.rules.plans import Readiness
from lunheng.core.verdict import Verdict
from lunheng.plans.models import Approval, Plan, PlanVersion

APPROVAL_WORDS = {
    Approval.Kind.TECHNICAL_DIRECTOR.value: "technical_director",
    Approval.Kind.SUBCONTRACTOR_TECHNICAL_DIRECTOR.value: "subcontract_director",
    Approval.Kind.CHIEF_SUPERVISOR.value: "chief_supervisor",
}
"""Our kinds of approval in the words of the packs."""


def next_number(plan: Plan) -> int:
    """The number of the next version in the plan's line: numbers run on from one review to the next."""
    last = PlanVersion.objects.filter(review__plan__lineage=plan.lineage).order_by("-number").first()
    return last.number + 1 if last else 1


def files_of(version: PlanVersion) -> set[str]:
    """The digests of the version's files."""
    return set(version.documents.values_list("sha256", flat=True))


def granted(version: PlanVersion | None) -> list[str]:
    """The approvals that the version has, in the words of the packs."""
    if version is None:
        return []
    kinds = version.approvals.filter(is_granted=True).values_list("kind", flat=True)
    return [APPROVAL_WORDS[kind] for kind in kinds]


def needed_kinds(law: Law, plan: Plan) -> list[str]:
    """The kinds of approval that the plan needs, in the order of the rule."""
    rule = law.rule("plan.readiness")
    assert isinstance(rule, Readiness)
    words = [*rule.approvals, *(rule.subcontract_approvals if plan.is_by_subcontractor else ())]
    kinds = {word: kind for kind, word in APPROVAL_WORDS.items()}
    return [kinds[word] for word in dict.fromkeys(words)]


def readiness(law: Law, plan: Plan, version: PlanVersion | None) -> Verdict:
    """具备论证条件: parts, approvals and the statement on the site, as they stand."""
    parts = version.parts if version else {}
    return law.judge(
        "plan.readiness",
        parts=[part for part, page in parts.items() if page],
        approvals=granted(version),
        by_subcontractor=plan.is_by_subcontractor,
        site_statement=bool(version and version.has_site_statement),
    )
