"""Who may organize the meeting, and who may sign in."""

from collections.abc import Sequence

from lunheng.cases.models import Case
from lunheng.cases.queries import roles_of
from lunheng.core.actor import Actor, Role
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.meetings.models import EXPERTS, Meeting
from lunheng.panels import permissions as panels
from lunheng.panels.models import Member


def quorum(meeting: Meeting, members: Sequence[Member], present: Sequence[Member]) -> Verdict:
    """Whether enough of the confirmed ``members`` are ``present``: who sits on a seat of a specialty that does not fit
    the works is no expert of the specialty concerned, and does not sit at all unless as an extra."""
    case = meeting.case
    verdict = case.law.judge(
        "meeting.quorum",
        main_present=panels.main_seats(case, present),
        extras_present=sum(member.is_extra for member in present),
        confirmed_total=len(members),
        all_present=len(present) == len(members),
    )
    return combine(verdict, panels.seats_suit(case, present))


def may_act_for(actor: Actor, member: Member) -> Verdict:
    """Whether the actor is this member, with a confirmed seat."""
    clause = member.case.law.clause("report.validity")
    if not actor.expert or actor.expert != member.expert.reference:
        return refused(clause, "只能由专家本人办理，他人不得代为办理", "请由该专家本人登录后办理", actor.name)
    if member.state != Member.State.CONFIRMED:
        return refused(
            clause, "您不是本次论证专家组的成员", "席位已确认的专家才能办理", member.get_state_display()
        )
    return allowed(clause, "专家组成员本人")


def may_sign_in_member(actor: Actor, member: Member, meeting: Meeting) -> Verdict:
    """The member in person; on site the organizer's desk may note who is in the room."""
    if actor.role != Role.EXPERT and meeting.mode == Meeting.Mode.ON_SITE:
        return panels.may_organize(actor, meeting.case)
    if actor.role != Role.EXPERT:
        clause = meeting.case.law.clause("meeting.mode")
        return refused(clause, "视频会议须由专家本人登录签到", "请专家本人登录后签到", actor.role.label)
    return may_act_for(actor, member)


def may_sign_in(actor: Actor, case: Case, role: str, organization_name: str) -> Verdict:
    """The organizer for anyone but the experts; a party for its own people."""
    clause = case.law.clause("meeting.attendance")
    if role == EXPERTS or role not in case.law.labels("attendees"):
        label = case.law.label("attendees", role)
        return refused(
            clause, "签到表没有这一身份，或该身份须由专家本人签到", "请从应到人员中选择身份", label
        )
    is_own = organization_name == actor.organization_name and bool(roles_of(case, actor.organization))
    return allowed(clause, "参建单位本单位人员签到") if is_own else panels.may_organize(actor, case)


def may_answer_visit(actor: Actor, case: Case) -> Verdict:
    """The contractor answers; its agency may do so for it."""
    return panels.may_organize(actor, case)
