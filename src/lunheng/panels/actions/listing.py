"""最终名单: confirmed with consent and leader, odd and of different units; reduced only by chance."""

from __future__ import annotations

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.errors import require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.drawing import COMMIT_DRAW, CONCLUDE_DRAW
from lunheng.core.procedures.seating import CONFIRM_LIST
from lunheng.core.reasons import GivenReason, is_given
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.messaging.texts import PANEL_LISTED
from lunheng.panels import permissions
from lunheng.panels.chance.outcomes import conclude
from lunheng.panels.chance.stages import open_draw, told
from lunheng.panels.models import Draw, Member, PanelRequest
from lunheng.panels.queries import rounds, rows

AGREED = (Member.State.CONSENTED, Member.State.CONFIRMED)


@act(CONFIRM_LIST)
def confirm_list(
    *,
    request_id: int,
    member_ids: list[int],
    leader_member_id: int | None = None,
    reason: GivenReason = "",
    actor: Actor,
    at: datetime,
) -> Entry:
    """确认最终名单: pushed experts who agreed, at least five and odd, different units and specialties, a leader.

    ``reason`` is asked for where the city lets a list of one specialty pass with a warning.
    """
    case = lock(rows.case_of_request(request_id))
    request = rows.request_for_update(case, request_id)
    require(permissions.may_organize(actor, case))
    require(permissions.by_mode(request, PanelRequest.Mode.PUSH, "确认最终名单"))
    require(may_now(case, CONFIRM_LIST))
    members, unknown = rows.members_by_ids(case, request, member_ids)
    verdict = require(_judge(request, members, unknown, leader_member_id, actor, at))
    if not is_given(reason):
        require(permissions.needs_reason(request, members, at))
    Member.objects.filter(case=case, is_leader=True).update(is_leader=False)
    new = [member for member in members if member.state != Member.State.CONFIRMED]
    for member in members:
        member.is_leader = member.pk == leader_member_id
        if member not in new and member.is_leader:
            member.save(update_fields=("is_leader",))
    Member.confirm_all(case, new, at)
    Message.post_all(member.draft(PANEL_LISTED, at=at) for member in new)
    for warning in verdict.warnings:
        why = f"；理由：{reason.strip()}" if reason.strip() and warning.remedy else ""
        request.warn(f"{warning.message}{why}", str(warning.clause), at)
    request.complete(at)
    data: dict[str, JsonValue] = {
        "label": f"确认最终名单（{len(members)}人）" + ("和组长" if leader_member_id else ""),
        "clause": str(case.law.clause("panel.confirmed_list")),
        "request": request.number,
        "persons": [rounds.person_of(member) for member in members],
        "leader": next((rounds.person_of(member) for member in members if member.is_leader), ""),
        "warnings": [warning.message for warning in verdict.warnings],
    }
    if reason.strip():
        data["reason"] = reason.strip()
    return case.enter(actor=actor, at=at, data=data)


@act(COMMIT_DRAW, further=(CONCLUDE_DRAW,))
def reduce_list(
    *,
    request_id: int,
    commitment: str = "",
    has_share: bool = True,
    reason: GivenReason = "",
    actor: Actor,
    at: datetime,
) -> Draw:
    """随机减员: an even list loses one member by chance, never by the client's choice; no fault of the expert.

    ``commitment`` and ``has_share`` as in every draw; the member leaves when it is revealed.
    """
    case = lock(rows.case_of_request(request_id))
    request = rows.request_for_update(case, request_id)
    require(permissions.may_organize(actor, case))
    require(permissions.by_mode(request, PanelRequest.Mode.PUSH, "随机减员"))
    require(may_now(case, COMMIT_DRAW))
    members = rows.members_for_update(case, request, Member.State.CONFIRMED)
    require(_may_reduce(request, members))
    require(permissions.may_open(request, commitment if has_share else None, reason))
    draw, opened = open_draw(
        request,
        Draw.Kind.REDUCTION,
        lambda stage: rounds.open_reduction(members, request, stage),
        at=at,
        commitment=commitment if has_share else "",
        reason=reason.strip(),
    )
    data = told(draw, opened) | {
        "label": f"承诺第{draw.number}次抽取（随机减员），待揭示",
        "clause": str(case.law.clause("panel.size")),
    }
    case.enter(actor=actor, at=at, data=data)
    conclude(draw, actor=actor, at=at)
    return draw


def _judge(
    request: PanelRequest,
    members: list[Member],
    unknown: list[str],
    leader_id: int | None,
    actor: Actor,
    at: datetime,
) -> Verdict:
    """Every reason at once, so that nobody has to try clause by clause."""
    law = request.case.law
    has_leader = leader_id in {member.pk for member in members}
    without = [member.expert.name for member in members if member.state not in AGREED]
    return combine(
        law.judge(
            "draw.mode", picked=len(members) + len(unknown), outside_push=[f"编号{one}" for one in unknown]
        )
        if unknown
        else allowed(law.clause("draw.mode"), "名单中的专家均为系统推送"),
        law.judge("panel.confirmed_list", without_consent=without, has_leader=has_leader),
        _leader(request, leader_id, has_leader, actor),
        permissions.nobody_dropped(request, members),
        permissions.lawful_list(request, members, at),
    )


def _leader(request: PanelRequest, leader_id: int | None, has_leader: bool, actor: Actor) -> Verdict:
    """The leader is named with the list where the city has it so; elected afterwards, or not at all, nobody is."""
    law = request.case.law
    is_named = leader_id is not None
    if not law.has("panel.leader"):
        clause = law.clause("panel.confirmed_list")
        if is_named:
            return refused(clause, "本市规则不设组长", "确认名单时不选组长", f"编号{leader_id}")
        return allowed(clause, "本市规则不设组长")
    if rows.is_elected(request.case) and not is_named:
        return allowed(law.clause("panel.leader"), "组长在名单确认后由组员选出")
    return law.judge("panel.leader", named_by=actor.role.value, elected=False, has_leader=has_leader)


def _may_reduce(request: PanelRequest, members: list[Member]) -> Verdict:
    """Only where the law wants an odd number, the number is even, and one fewer is still enough."""
    law = request.case.law
    clause = law.clause("panel.size")
    one_fewer = law.judge("panel.size", main=len(members) - 1, extras=0)
    if permissions.lawful_size(request, members).is_allowed or not one_fewer.is_allowed:
        message = "只有名单为双数且减去一名后仍符合人数规定时，才由系统随机减员"
        return refused(clause, message, "从已推送或再次推送的专家中补足名单", f"{len(members)}名")
    return allowed(clause, "由系统随机减员", value=f"{len(members)}名")
