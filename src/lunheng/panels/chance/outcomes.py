"""What a completed draw does: seats a panel, refills a seat, lists pushed experts, or lets one member go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.eligibility import Excluded
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.drawing import CONCLUDE_DRAW
from lunheng.core.workflow import ReviewState
from lunheng.experts.models import Expert
from lunheng.messaging.texts import PANEL_RELEASED
from lunheng.panels import permissions
from lunheng.panels.chance.stages import complete_draw
from lunheng.panels.models import Draw, Member, PanelRequest, SisterDecision
from lunheng.panels.queries import pool, pushes, rounds, rows

Facts = dict[str, JsonValue]


def conclude(draw: Draw, *, actor: Actor, at: datetime, because: UUID | None = None) -> None:
    """Complete a draw for which nobody's share is missing, let the panel become what chance gave, and enter it."""
    if draw.outstanding:
        return
    data = complete_draw(draw, at) | _OUTCOMES[Draw.Kind(draw.kind)](draw, at)
    draw.request.case.enter(actor=actor, at=at, data=data, because=because, event=CONCLUDE_DRAW)


def ask_station(case: Case, undecided: Iterable[Excluded]) -> None:
    """Every expert of a sister company waits for the station's decision."""
    found = {one.reference: one for one in undecided}
    if found:
        asked = SisterDecision.objects.filter(case=case).values("expert_id")
        experts = Expert.objects.filter(reference__in=list(found)).exclude(pk__in=asked)
        SisterDecision.objects.bulk_create(
            SisterDecision(case=case, expert=expert, path=found[expert.reference].path[:400])
            for expert in experts
        )


def _seat_panel(draw: Draw, at: datetime) -> Facts:
    """Put every drawn expert on a free seat of the specialty, and invite."""
    request = draw.request
    free, chosen = rounds.seat_plans(request), rounds.chosen_of(draw)
    experts = rows.lock_experts(one.reference for one in chosen)
    barred = _barred(request, experts.values(), at)
    seated = []
    for order, one in enumerate(chosen, start=1):
        plan = next(seat for seat in free if seat.specialty == one.specialty)
        free.remove(plan)
        member = draw.member(
            experts[one.reference],
            Member.State.INVITED,
            specialty=one.specialty,
            order=order,
            seat=plan.number,
            is_extra=plan.is_extra,
            fitting_tags=[one.specialty],
        )
        seated.append(member)
    Member.objects.bulk_create(seated)
    _invite(request.case, seated, barred, at)
    request.state = PanelRequest.State.DRAWN
    request.save(update_fields=("state",))
    request.case.move(ReviewState.CONFIRMING)
    return {"label": "系统随机抽取专家", "clause": str(request.case.law.clause("draw.mode"))}


def _replace(draw: Draw, at: datetime) -> Facts:
    """The lost seat's new holder, with hours of its own."""
    request, lost = draw.request, draw.lost
    assert lost is not None
    chosen = rounds.chosen_of(draw)[0]
    expert = rows.lock_experts([chosen.reference])[chosen.reference]
    barred = _barred(request, [expert], at)
    member = draw.add_member(
        expert,
        Member.State.INVITED,
        specialty=chosen.specialty,
        order=1,
        seat=lost.seat,
        is_extra=lost.is_extra,
        fitting_tags=[chosen.specialty],
        replaces=lost,
    )
    _invite(request.case, [member], barred, at)
    return {
        "label": f"系统自动补抽（{lost.get_state_display()}）",
        "clause": str(request.case.law.clause("confirmation.backfill")),
        "replaces": rounds.person_of(lost),
        "person": rounds.person_of(member),
    }


def _list_pushed(draw: Draw, at: datetime) -> Facts:
    """The pushed experts in the order of the push; nobody is invited until the client picks."""
    request, case = draw.request, draw.request.case
    listed = pushes.pushed_by(draw)
    experts = {
        expert.reference: expert
        for expert in Expert.objects.filter(reference__in=[one.reference for one in listed])
    }
    barred = _barred(request, experts.values(), at)
    members = Member.objects.bulk_create(
        draw.member(
            experts[one.reference],
            Member.State.PUSHED,
            specialty=one.specialty,
            order=order,
            fitting_tags=list(one.tags),
        )
        for order, one in enumerate(listed, start=1)
    )
    for member in members:
        if found := barred.get(member.expert.reference):
            member.leave(Member.State.REMOVED, ground=_since_then(found), at=at)
    salt = bytes.fromhex(draw.salt)
    draw.result = [[rounds.pseudonym(salt, "expert", one.reference), list(one.tags)] for one in listed]
    draw.save(update_fields=("result",))
    request.state = PanelRequest.State.DRAWN
    request.save(update_fields=("state",))
    if case.state == ReviewState.READY:
        case.move(ReviewState.CONFIRMING)
    return {
        "label": f"系统随机推送专家（第{draw.number}次，{len(listed)}人）",
        "clause": str(case.law.clause("draw.mode")),
        "result": draw.result,
        "shortage": draw.shortage,
    }


def _let_one_go(draw: Draw, at: datetime) -> Facts:
    """The member whom chance names leaves, without fault; the list is odd again."""
    request = draw.request
    members = rows.members_for_update(request.case, request, Member.State.CONFIRMED)
    salt, name = bytes.fromhex(draw.salt), draw.result[0][0]
    clause = str(request.case.law.clause("panel.size"))
    by_name = {rounds.pseudonym(salt, "expert", one.expert.reference): one for one in members}
    leaving = by_name.get(name)
    if leaving is None or len(members) != len(draw.document["snapshot"]):
        return {"label": "承诺之后名单已有变动，不再减员", "clause": clause}
    leaving.leave(Member.State.REMOVED, ground="名单为双数，系统随机减员", at=at)
    leaving.tell(PANEL_RELEASED, at=at)
    left = [one for one in members if one.pk != leaving.pk]
    if any(one.is_leader for one in left) and permissions.lawful_list(request, left, at).is_allowed:
        request.complete(at)
    return {
        "label": "名单为双数，系统随机减员一名",
        "clause": clause,
        "person": rounds.person_of(leaving),
    }


def _barred(request: PanelRequest, experts: Iterable[Expert], at: datetime) -> dict[str, Excluded]:
    """Whom the law excludes now, though the committed pool still held them; the experts are locked."""
    people = pool.experts_by(request, [expert.reference for expert in experts])
    sifted = pool.sift_experts(request, people, at)
    ask_station(request.case, sifted.undecided)
    return {one.reference: one for one in sifted.excluded}


def _since_then(found: Excluded) -> str:
    return f"承诺之后{found.told}（{found.clause}；非专家过错）"


def _invite(case: Case, members: Iterable[Member], barred: Mapping[str, Excluded], at: datetime) -> None:
    """Invite; whom the law excludes since the commit, or another panel took for the time, is replaced at once."""
    asked = []
    for member in members:
        found = barred.get(member.expert.reference)
        if found is None:
            asked.append(member)
            continue
        member.leave(Member.State.REMOVED, ground=_since_then(found), at=at)
        member.request.vacate(member, at)
    Member.invite_all(case, asked, at)


_OUTCOMES: dict[Draw.Kind, Callable[[Draw, datetime], Facts]] = {
    Draw.Kind.FIRST: _seat_panel,
    Draw.Kind.BACKFILL: _replace,
    Draw.Kind.PUSH: _list_pushed,
    Draw.Kind.REDUCTION: _let_one_go,
}
