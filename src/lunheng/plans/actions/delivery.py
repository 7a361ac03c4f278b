"""The plan goes to the experts, and who opened it when."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.cases.models import Case, Deadline
from lunheng.core.actor import Actor, Role
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import DELIVER_VERSION
from lunheng.core.procedures.seating import DELIVER_PLAN, READ_PLAN
from lunheng.core.verdict import refused
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.messaging.texts import PLAN_DELIVERY
from lunheng.panels.models import Member
from lunheng.plans import queries
from lunheng.plans.models import PlanDelivery, PlanVersion


@answers(DELIVER_VERSION, DELIVER_PLAN)
def deliver_version(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """送阅: a confirmed member gets the plan and is told to read it; the time is kept for each member."""
    case, deadline = due.case, due.deadline
    member = _member_of(deadline)
    version = queries.latest_version(queries.review_of(case))
    is_needed = member.state == Member.State.CONFIRMED and version is not None
    if is_needed and version is not None:
        _deliver(case, member, version, at)
    data: dict[str, JsonValue] = {
        "label": "方案送专家审阅" if is_needed else "无需送阅：该专家已不在专家组",
        "clause": str(case.law.clause("plan.delivery")),
        "member": member.pk,
        "version": version.number if version else 0,
    }
    return case.enter(actor=actor, at=at, data=data)


@act(READ_PLAN)
def open_version(*, version_id: int, actor: Actor, at: datetime) -> Entry:
    """查阅方案: by a member who signed the commitment; the first opening is kept."""
    version = queries.version(version_id)
    case = lock(version.review.case_id)
    member = _sitting_member(case, actor)
    require(case.law.judge("security.plan_access", signed=member.committed_at is not None))
    delivery, _ = PlanDelivery.objects.get_or_create(
        member=member, version=version, defaults={"delivered_at": at}
    )
    is_first = delivery.opened_at is None
    if is_first:
        delivery.opened_at = at
        delivery.save(update_fields=("opened_at",))
    data: dict[str, JsonValue] = {
        "label": f"{'首次' if is_first else '再次'}查阅方案第{version.number}版",
        "clause": str(case.law.clause("security.plan_access")),
        "member": member.pk,
        "version": version.number,
    }
    return case.enter(actor=actor, at=at, data=data)


def _member_of(deadline: Deadline) -> Member:
    number = DELIVER_VERSION.key_in(deadline.subject)
    return Member.objects.select_for_update(of=("self",)).select_related("expert").get(pk=number)


def _deliver(case: Case, member: Member, version: PlanVersion, at: datetime) -> None:
    sent = PlanDelivery(member=member, version=version, delivered_at=at)
    PlanDelivery.objects.bulk_create([sent], ignore_conflicts=True)
    expert = member.expert
    Message.post(
        Message.draft(
            PLAN_DELIVERY,
            key=f"plan:{version.pk}:member:{member.pk}",
            case=case,
            account=expert.account,
            phone=expert.phone,
            subject=f"member:{member.pk}",
            at=at,
            version=version.number,
        )
    )


def _sitting_member(case: Case, actor: Actor) -> Member:
    """The seat of this expert in this case; access ends with the seat."""
    found = Member.objects.filter(
        case=case, expert__reference=actor.expert, state=Member.State.CONFIRMED
    ).first()
    if actor.role is not Role.EXPERT or not actor.expert or found is None:
        clause = case.law.clause("security.secrecy")
        message = "只有本次论证已确认的专家可以查阅方案"
        raise Refused(refused(clause, message, "请从“我的邀请”进入本人参加的论证", actor.role.label))
    return found
