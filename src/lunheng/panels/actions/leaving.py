"""离组: members who cannot come, are removed, or must recuse by what became known after the draw."""

from __future__ import annotations

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.eligibility import Excluded, Ground
from lunheng.core.errors import require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import PART_MEMBER, RECHECK_RELATIONS
from lunheng.core.procedures.seating import PART, RECHECK, REMOVE_MEMBER, REPORT_LOSS
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.messaging.texts import MEMBER_LOST
from lunheng.panels import permissions
from lunheng.panels.chance.outcomes import ask_station
from lunheng.panels.models import Member, PanelRequest
from lunheng.panels.queries import pool, rounds, rows


@act(REPORT_LOSS)
def report_loss(*, member_id: int, ground: GivenReason, actor: Actor, at: datetime) -> Entry:
    """不能到会: a confirmed member cannot come (illness and the like); the panel is made whole again."""
    case = lock(rows.case_of_member(member_id))
    member = rows.member_for_update(case, member_id)
    require(permissions.may_report_loss(actor, member))
    return _lose(member, Member.State.LOST, ground, "成员不能到会", case.law.clause("panel.size"), actor, at)


@act(REMOVE_MEMBER)
def remove_member(*, member_id: int, ground: GivenReason, actor: Actor, at: datetime) -> Entry:
    """移出专家组: by the supervising authority, with the reason; the panel is made whole again."""
    case = lock(rows.case_of_member(member_id))
    member = rows.member_for_update(case, member_id)
    require(permissions.may_remove(actor, case))
    clause = case.law.clause("recusal.parties")
    return _lose(member, Member.State.REMOVED, ground, "监督机构移出成员", clause, actor, at)


@answers(RECHECK_RELATIONS, RECHECK)
def recheck_relations(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """重新核对回避: parties, units, interests or standing changed; who must recuse now is removed one by one."""
    case, deadline = due.case, due.deadline
    request = rows.living_request(case)
    leaving: list[tuple[Member, Excluded]] = []
    if request is not None and case.state in permissions.BEFORE_CONCLUSION:
        request.case = case
        leaving = _to_leave(case, request, at)
    for member, found in leaving:
        _remove_soon(member, found, at)
    label = f"重新核对回避：{len(leaving)}名专家应当回避" if leaving else "重新核对回避：无须变动"
    data: dict[str, JsonValue] = {"label": label, "clause": str(case.law.clause("recusal.parties"))}
    if request is not None:
        data["request"] = request.number
        data["persons"] = [rounds.person_of(member) for member, _ in leaving]
    return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)


@answers(PART_MEMBER, PART)
def part_member(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """回避离组: one expert whom the law excludes since the draw leaves, without fault; the seat is refilled."""
    case, deadline = due.case, due.deadline
    member = rows.member_for_update(case, due.key)
    found = [one for other, one in _to_leave(case, member.request, at) if other.pk == member.pk]
    data: dict[str, JsonValue] = {
        "label": "应当回避的情形已不存在",
        "clause": str(case.law.clause("recusal.parties")),
        "request": member.request.number,
        "person": rounds.person_of(member),
    }
    if found:
        _part(member, found[0], at)
        data |= {
            "label": f"专家回避离组（{found[0].ground.label}，非专家过错）",
            "clause": str(found[0].clause),
            "path": found[0].path,
        }
    return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)


def _lose(
    member: Member, state: str, ground: str, label: str, clause: Clause, actor: Actor, at: datetime
) -> Entry:
    case = member.case
    require(may_now(case, REMOVE_MEMBER if state == Member.State.REMOVED else REPORT_LOSS))
    require(permissions.may_now(member, label, rows.HOLDING))
    require(judge_reason(ground, clause, f"{label}须写明事由", "填写事由后提交"))
    member.leave(state, ground=ground.strip(), at=at)
    member.request.vacate(member, at)
    _tell_organizer(member, label, at)
    data: dict[str, JsonValue] = {
        "label": label,
        "clause": str(clause),
        "request": member.request.number,
        "person": rounds.person_of(member),
        "ground": ground.strip(),
    }
    return case.enter(actor=actor, at=at, data=data)


def _to_leave(case: Case, request: PanelRequest, at: datetime) -> list[tuple[Member, Excluded]]:
    """Members whom the law excludes now. Who still serves but whose term ran out meanwhile stays to the end."""
    members = [member for member in rows.members_for_update(case, request) if member.is_living]
    by_reference = {member.expert.reference: member for member in members}
    excluded = pool.sift_experts(request, [member.expert for member in members], at).excluded
    return [
        (by_reference[one.reference], one)
        for one in excluded
        if one.ground not in (Ground.NOT_SERVING, Ground.BUSY)
        or not by_reference[one.reference].expert.membership.may_finish(at.astimezone(CHINA).date())
    ]


def _remove_soon(member: Member, found: Excluded, at: datetime) -> None:
    """Set the removal due now, unless it is."""
    if not member.case.awaits(PART_MEMBER, key=member.pk):
        member.case.due(PART_MEMBER, key=member.pk, due=at, clause=found.clause)


def _part(member: Member, found: Excluded, at: datetime) -> None:
    held = member.state in rows.HOLDING
    member.leave(Member.State.REMOVED, ground=f"{found.told}（{found.clause}；非专家过错）", at=at)
    if found.ground is Ground.SISTER:
        ask_station(member.case, [found])
    if held:
        member.request.vacate(member, at)
    _tell_organizer(member, "专家回避离组", at)


def _tell_organizer(member: Member, label: str, at: datetime) -> None:
    """The organizing body sees at once that a seat is lost."""
    Message.post_all(
        Message.draft(
            MEMBER_LOST,
            key=f"lost:{member.pk}:{at.timestamp()}:{account.pk}",
            case=member.case,
            account=account,
            subject=member.subject,
            at=at,
            what=label,
        )
        for account in rows.people_of(member.request)
    )
