"""Who may write opinions, lead, upload, revise and approve."""

from lunheng.cases.models import Case
from lunheng.cases.queries import roles_of
from lunheng.core.actor import Actor, Role
from lunheng.core.policy.rules.reports import Compiler as CompilerRule
from lunheng.core.policy.rules.reports import Upload as UploadRule
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.core.workflow import ReviewState
from lunheng.meetings.permissions import may_act_for
from lunheng.meetings.queries import leader_of
from lunheng.panels.models import Member
from lunheng.panels.permissions import may_organize
from lunheng.reports import queries


def may_write(actor: Actor, member: Member) -> Verdict:
    """The member in person."""
    return may_act_for(actor, member)


def may_compile(actor: Actor, case: Case) -> Verdict:
    """Whom the rule names: the leader (QD, NN 二（二）), any member of the panel, or the organizing body."""
    leader = leader_of(case)
    is_leader = leader is not None and bool(actor.expert) and actor.expert == leader.expert.reference
    return case.law.judge(
        "report.compiler",
        is_leader=is_leader,
        has_leader=leader is not None,
        is_member=queries.seat_of(actor, case) is not None,
        is_organizer=may_organize(actor, case).is_allowed,
    )


def organizer_compiles(case: Case) -> bool:
    """Whether the rule has the organizing body compile the report."""
    rule = case.law.rule("report.compiler")
    return isinstance(rule, CompilerRule) and rule.by == "organiser" and case.state == ReviewState.REPORTING


def may_recheck(actor: Actor, case: Case) -> Verdict:
    """Only the leader's opinion on the revised plan counts (QD 四（二）4, NN 四（七）), or any member's, as the rule has
    it; where the panel is only told, nobody's."""
    clause, rule = case.law.clause("closure.leader_opinion"), queries.asked_of_panel(case)
    seat = queries.seat_of(actor, case)
    if rule is not None and rule.members:
        if seat is not None:
            return allowed(clause, "由专家组成员对修改后的方案填写审查意见")
        return refused(clause, "由专家组成员对修改后的方案填写审查意见", "请专家组成员填写", actor.name)
    if rule is None or not rule.leader_required:
        return refused(clause, "修改后的方案不须专家审查，只告知专家", "由总监理工程师批准", actor.name)
    if seat is not None and seat.is_leader:
        return allowed(clause, "由组长对修改后的方案填写审查意见")
    return refused(
        clause, "只有专家组组长对修改后的方案填写审查意见，其他人的意见不作数", "请由组长填写", actor.name
    )


def may_clear(actor: Actor, case: Case, answered_by: Member) -> Verdict:
    """The leader, or the member who found the defect; without a leader any member of the panel."""
    if actor.expert and actor.expert == answered_by.expert.reference:
        return may_act_for(actor, answered_by)
    seat = queries.seat_of(actor, case)
    if not case.law.has("panel.leader") and seat is not None:
        return may_act_for(actor, seat)
    clause, leader = case.law.clause("report.compiler"), leader_of(case)
    if seat is not None and leader is not None and seat.pk == leader.pk:
        return allowed(clause, "由组长核销")
    who = "指出该缺陷的专家或组长" if case.law.has("panel.leader") else "专家组成员"
    return refused(clause, f"严重缺陷由{who}核销", f"请{who}登录后办理", actor.name)


def may_upload(actor: Actor, case: Case, duty: str) -> Verdict:
    """Those whom the rule of the upload names, and of them only the ones who belong to this review."""
    rule = case.law.rule(duty)
    items = rule.items if isinstance(rule, UploadRule) else ()
    verdict = case.law.judge(
        duty, present=items, actor_role=actor.role.value, mode=queries.mode_of_meeting(case)
    )
    if not verdict.is_allowed:
        return verdict
    organizes = may_organize(actor, case)
    if organizes.is_allowed or rule is None:
        return combine(verdict, organizes)
    reason = organizes.reasons[0]
    return refused(case.law.clause(duty), reason.message, reason.remedy, reason.value)


def may_contract(actor: Actor, case: Case) -> Verdict:
    """The contractor whose plan it is; a subcontractor of the case for the plan that it wrote."""
    clause = case.law.clause("closure.works")
    if actor.role == Role.CONTRACTOR and actor.organization == case.review.contractor.code:
        return allowed(clause, "由施工单位办理")
    wrote = actor.role == Role.SUBCONTRACTOR and actor.organization == case.review.plan.author.code
    if wrote and Role.SUBCONTRACTOR.value in roles_of(case, actor.organization):
        return allowed(clause, "由编制方案的分包单位办理")
    return refused(
        clause,
        "只能由本工程的施工单位办理",
        "请由施工单位的账号办理",
        actor.organization_name or actor.role.label,
    )


def may_approve(actor: Actor, case: Case) -> Verdict:
    """The chief supervising engineer of the supervision firm of this case."""
    clause = case.law.clause("closure.leader_opinion")
    is_firm = Role.SUPERVISOR.value in roles_of(case, actor.organization)
    if actor.role == Role.SUPERVISOR and is_firm and actor.position == "chief_supervisor":
        return allowed(clause, "由总监理工程师批准")
    return refused(
        clause, "修改后的方案由本工程的总监理工程师批准", "请由总监理工程师的账号办理", actor.role.label
    )
