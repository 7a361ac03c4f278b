"""Who may start a review, submit a plan, sign its approval, organize its panel."""

from datetime import datetime

from lunheng.cases.permissions import may_now
from lunheng.cases.queries import traits_of
from lunheng.core.actor import Actor, Role
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused
from lunheng.core.policy import Law
from lunheng.core.procedures.step import Step, Trait
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.jurisdictions.models import PackRecord
from lunheng.plans.models import Approval, Review
from lunheng.works import queries as works
from lunheng.works.models import HazardousWork, Project


def order(review: Review, step: Step) -> Verdict:
    """办理次序: whether the state of the review lets this step happen.

    After 通过 the contractor may improve the plan along the opinions (31号（五）); what was closed after 修改后通过 changes
    only by a change of the plan.
    """
    traits = traits_of(review.case)
    if review.conclusion == Review.Conclusion.APPROVED:
        traits |= {Trait.APPROVED}
    return may_now(review.case, step, traits)


def pack_in_force(work: HazardousWork, at: datetime) -> PackRecord:
    """The pack by which a request of this moment is judged.

    Raises:
        Refused: no pack covers the place, the kind of project or the day.
    """
    project = work.project
    found = works.applicable_pack(project.place_id, project.kind, at.astimezone(CHINA).date())
    if isinstance(found, Verdict):
        raise Refused(found)
    return found


def may_start(actor: Actor, law: Law, project: Project) -> Verdict:
    """Whether the actor may open a review for this project: its general contractor."""
    roles = works.roles_of(project, actor.organization) if actor.organization else set()
    verdict = law.judge(
        "roles.organiser",
        actor_role=actor.role.value,
        is_general_contractor=Role.CONTRACTOR.value in roles,
        has_general_contractor=works.has_general_contractor(project),
        on_behalf=False,
        entrusted=False,
        confirmed_count=0,
        change=False,
    )
    if verdict.is_allowed and actor.role.value not in roles:
        message = "您不是本工程登记的施工单位"
        return refused(law.clause("roles.organiser"), message, "先在工程中登记参建单位", actor.role.label)
    return verdict


def may_submit(actor: Actor, review: Review) -> Verdict:
    """Whether the actor may submit a version: the contractor, or the subcontractor who wrote the plan."""
    clause = review.case.law.clause("plan.readiness")
    is_author = review.plan.is_by_subcontractor and actor.organization == review.plan.author.code
    if actor.role is Role.CONTRACTOR and actor.organization == review.contractor.code:
        return allowed(clause, "施工单位提交专项施工方案")
    if actor.role is Role.SUBCONTRACTOR and is_author:
        return allowed(clause, "编制方案的分包单位提交专项施工方案")
    message = "专项施工方案由本工程的施工单位提交"
    return refused(clause, message, "请由施工单位（分包编制的，也可由该分包单位）提交", actor.role.label)


def may_sign(actor: Actor, review: Review, kind: str) -> Verdict:
    """Whether the actor holds the position and the unit whose approval this is."""
    clause = review.case.law.clause("plan.readiness")
    label = Approval.Kind(kind).label
    role, position, units = _signer(review, kind)
    if actor.role is role and actor.position == position and actor.organization in units:
        return allowed(clause, label)
    message = f"“{label}”只能由本工程{role.label}的{_POSITIONS[position]}本人签署"
    return refused(clause, message, f"请由{_POSITIONS[position]}登录后办理", actor.role.label)


_POSITIONS = {"technical_director": "技术负责人", "chief_supervisor": "总监理工程师"}


def _signer(review: Review, kind: str) -> tuple[Role, str, set[str]]:
    if kind == Approval.Kind.TECHNICAL_DIRECTOR:
        return Role.CONTRACTOR, "technical_director", {review.contractor.code}
    if kind == Approval.Kind.SUBCONTRACTOR_TECHNICAL_DIRECTOR:
        author = {review.plan.author.code} if review.plan.is_by_subcontractor else set()
        return Role.SUBCONTRACTOR, "technical_director", author
    supervisors = review.case.parties.filter(role=Role.SUPERVISOR.value, left_at__isnull=True)
    codes = set(supervisors.values_list("organization__code", flat=True))
    return Role.SUPERVISOR, "chief_supervisor", codes
