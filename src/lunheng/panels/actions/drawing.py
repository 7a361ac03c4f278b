"""抽取: the system draws the whole panel; nobody is named, skipped or exchanged by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_supervise
from lunheng.core.actor import Actor
from lunheng.core.draw import Certificate, Infeasible
from lunheng.core.eligibility import Excluded
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.verdict import Verdict, combine, refused
from lunheng.core.workflow import ReviewState
from lunheng.experts.models import Expert
from lunheng.jobs import entropy
from lunheng.ledger.models import Entry
from lunheng.panels import permissions
from lunheng.panels.models import Draw, Member, PanelRequest, SisterDecision
from lunheng.panels.queries import rounds, rows


@act("panel.drawn/1", inject={"seed": entropy.seed, "salt": entropy.seed})
def draw_panel(*, request_id: int, seed: bytes, salt: bytes, actor: Actor, at: datetime) -> Entry:
    """抽取专家: every seat of the request at random from the pool as it is now; each drawn expert gets one SMS."""
    case = lock(rows.case_of_request(request_id))
    request = rows.request_for_update(case, request_id)
    require(permissions.may_organize(actor, case))
    require(permissions.by_mode(request, PanelRequest.Mode.DIRECT, "随机抽取专家"))
    require(permissions.request_is(request, "随机抽取专家", (PanelRequest.State.OPEN,)))
    require(permissions.may_in_phase(case, "随机抽取专家", (ReviewState.READY,)))
    clause = require(_lawful_numbers(request)).reasons[0].clause
    vacant = _vacant(request)
    try:
        found = rounds.compute(request, vacant, seed=seed, salt=salt, at=at)
    except Infeasible as short:
        raise Refused(_shortage(request, short.certificate)) from short
    draw = request.add_draw(
        Draw.Kind.FIRST, seed=seed, salt=salt, result=found.result, document=found.document, at=at
    )
    draw.exclude(found.sifted.excluded)
    _ask_station(case, found.sifted.undecided)
    _seat(draw, found, at)
    request.state = PanelRequest.State.DRAWN
    request.save(update_fields=("state",))
    case.move(ReviewState.CONFIRMING)
    data = {
        "label": "系统随机抽取专家",
        "clause": str(clause),
        "request": request.number,
        "draw": draw.number,
        "commit": found.document["commit"],
        "digest": found.document["digest"],
        "seed": draw.seed,
        "result": found.result,
        "eligible": len(found.sifted.included),
        "excluded": len(found.sifted.excluded),
    }
    return case.enter(actor=actor, at=at, data=data)


@act("panel.member_added_by_hand/1")
def add_member(*, case_id: int, expert_reference: str, actor: Actor, at: datetime) -> Entry:
    """添加专家: refused in every city; nobody joins a panel but through the platform's draw."""
    case = lock(case_id)
    verdict = case.law.judge("draw.by_hand")
    require(verdict)
    raise Refused(
        refused(
            verdict.reasons[0].clause,
            "论证专家应从平台抽取，不得指定、添加人员",
            "提出抽取申请",
            expert_reference,
        )
    )


@act("panel.sister_decided/1")
def decide_sister(*, decision_id: int, may_sit: bool, reason: str, actor: Actor, at: datetime) -> Entry:
    """判定兄弟单位: the supervising office decides, with a reason, whether the expert must recuse."""
    case = lock(rows.case_of_decision(decision_id))
    clause = case.law.clause("recusal.relations")
    require(may_supervise(actor, case))
    decision = SisterDecision.objects.select_for_update(of=("self",)).get(pk=decision_id, case=case)
    if not reason.strip():
        raise Refused(refused(clause, "判定须写明理由", "填写理由后提交", "未填写"))
    if decision.may_sit is not None:
        raise Refused(
            refused(clause, "已经判定，不再更改", "情况变化的，等待下一次抽取时重新判定", decision.reason)
        )
    decision.may_sit, decision.reason = may_sit, reason.strip()[:300]
    decision.decided_by, decision.decided_at = actor.reference, at
    decision.save()
    if may_sit:
        _retry_exhausted(case, at)
    data: dict[str, JsonValue] = {
        "label": "判定兄弟单位专家" + ("可以参加" if may_sit else "应当回避"),
        "clause": str(clause),
        "expert": decision.expert.reference,
        "path": decision.path,
        "may_sit": may_sit,
        "reason": decision.reason,
    }
    return case.enter(actor=actor, at=at, data=data)


def _lawful_numbers(request: PanelRequest) -> Verdict:
    plans = rounds.seat_plans(request)
    extras = sum(plan.is_extra for plan in plans)
    law = request.case.law
    return combine(
        law.judge("draw.mode", picked=len(plans), outside_push=[]),
        law.judge("panel.size", main=len(plans) - extras, extras=extras),
        law.judge("panel.extras", extras=extras, touched=request.touches_other_specialties),
    )


def _vacant(request: PanelRequest) -> dict[str, int]:
    vacant: dict[str, int] = {}
    for plan in rounds.seat_plans(request):
        vacant[plan.specialty] = vacant.get(plan.specialty, 0) + 1
    return vacant


def _seat(draw: Draw, found: rounds.Round, at: datetime) -> None:
    """Put every drawn expert on a free seat of the specialty, and invite."""
    free = rounds.seat_plans(draw.request)
    experts = {one.reference: one for one in _experts(one.reference for one in found.chosen)}
    for order, chosen in enumerate(found.chosen, start=1):
        plan = next(one for one in free if one.specialty == chosen.specialty)
        free.remove(plan)
        member = draw.add_member(
            experts[chosen.reference],
            Member.State.INVITED,
            specialty=chosen.specialty,
            order=order,
            seat=plan.number,
            is_extra=plan.is_extra,
            fitting_tags=[chosen.specialty],
        )
        member.invite(at)


def _experts(references: Iterable[str]) -> Iterable[Expert]:
    return Expert.objects.filter(reference__in=list(references)).select_related("account", "unit")


def _ask_station(case: Case, undecided: Iterable[Excluded]) -> None:
    """Every expert of a sister company waits for the station's decision."""
    experts = {one.reference: one for one in _experts(one.reference for one in undecided)}
    for one in undecided:
        SisterDecision.objects.get_or_create(
            case=case, expert=experts[one.reference], defaults={"path": one.path[:400]}
        )


def _retry_exhausted(case: Case, at: datetime) -> None:
    """Seats that could not be refilled are tried again: there is one more who may sit."""
    request = rows.living_request(case)
    if request is None or not request.is_direct:
        return
    held = set(Member.objects.filter(request=request, state__in=rows.HOLDING).values_list("seat", flat=True))
    lost = {
        member.seat: member
        for member in Member.objects.filter(request=request, state__in=Member.GONE).order_by("left_at", "pk")
    }
    for seat, member in lost.items():
        waits = case.deadlines.filter(
            name="panels.backfill_seat",
            subject=member.subject,
            met_at__isnull=True,
            performed_at__isnull=True,
        )
        if seat not in held and not waits.exists():
            clause = case.law.clause("confirmation.backfill")
            case.due("panels.backfill_seat", subject=member.subject, due=at, clause=clause)


def _shortage(request: PanelRequest, certificate: Certificate) -> Verdict:
    """Why nothing could be drawn, in the words of the contractor's own request."""
    label = request.case.law.label
    names = "、".join(label("specialties", word) for word in certificate.specialties) or "各项要求"
    return refused(
        request.case.law.clause("draw.mode"),
        f"{names}需要{certificate.need}个席位，符合条件的专家{certificate.eligible}人，"
        f"最多坐满{certificate.supply}席，差{certificate.shortage}席；没有抽取任何专家",
        "减少该专业的人数或改选其他对应专业后重新申请",
        f"需要{certificate.need}席，可坐{certificate.supply}席",
    )
