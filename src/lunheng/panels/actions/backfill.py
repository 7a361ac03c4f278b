"""自动补位: one replacement of the same specialty under the same conditions, drawn afresh, with its own hours."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.draw import Infeasible
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.workflow import ReviewState
from lunheng.experts.models import Expert
from lunheng.jobs import entropy
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.panels.models import Draw, Member, PanelRequest, SisterDecision
from lunheng.panels.queries import pool, rounds, rows

CLOSED = (ReviewState.CANCELLED, ReviewState.VOID, ReviewState.SUPERSEDED)


@act("panel.seat_backfilled/1", inject={"seed": entropy.seed, "salt": entropy.seed}, is_public=False)
def backfill_seat(*, deadline_id: int, seed: bytes, salt: bytes, actor: Actor, at: datetime) -> Entry:
    """补抽: another expert for a lost seat; when none is left, contractor and station are told with the numbers."""
    case = lock(rows.case_of_deadline(deadline_id))
    deadline = rows.deadline_for_update(case, deadline_id)
    lost = rows.member_for_update(case, rows.member_in(deadline.subject))
    request = lost.request
    deadline.perform(at)
    data: dict[str, JsonValue] = {
        "clause": str(case.law.clause("confirmation.backfill")),
        "request": request.number,
        "replaces": rounds.person_of(lost),
        "kind": lost.get_state_display(),
    }
    if _is_settled(request, lost):
        data["label"] = "席位已有人选，无需补抽"
        return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)
    try:
        found = _redraw(request, lost, seed, salt, at)
    except Infeasible:
        numbers = _tell_of_shortage(request, lost, at)
        data |= {"label": "没有可以补抽的专家，已通知施工单位和监督机构", **numbers}
        return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)
    draw = request.add_draw(
        Draw.Kind.BACKFILL,
        seed=seed,
        salt=salt,
        result=found.result,
        document=found.document,
        at=at,
        because=lost.state,
    )
    draw.exclude(found.sifted.excluded)
    _ask_station(request, found)
    member = _replace(draw, lost, found, at)
    data |= {
        "label": f"系统自动补抽（{lost.get_state_display()}）",
        "draw": draw.number,
        "commit": found.document["commit"],
        "digest": found.document["digest"],
        "seed": draw.seed,
        "result": [list(one) for one in found.result],
        "person": rounds.person_of(member),
        "eligible": len(found.sifted.included),
        "excluded": len(found.sifted.excluded),
    }
    return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)


def _redraw(request: PanelRequest, lost: Member, seed: bytes, salt: bytes, at: datetime) -> rounds.Round:
    """One more of the lost seat's specialty, given everybody who sits or is still asked."""
    previous = request.draws.order_by("-number")[0]
    return rounds.compute(
        request,
        {lost.specialty: 1},
        seed=seed,
        salt=salt,
        at=at,
        held=rows.members_for_update(request.case, request, *rows.HOLDING),
        asked=frozenset(rows.references(request)),
        previous=str(previous.document.get("commit", "")),
        number=previous.number + 1,
    )


def _ask_station(request: PanelRequest, found: rounds.Round) -> None:
    """Experts of sister companies that turned up since the first draw wait for the station's decision."""
    for one in found.sifted.undecided:
        expert = Expert.objects.get(reference=one.reference)
        SisterDecision.objects.get_or_create(
            case=request.case, expert=expert, defaults={"path": one.path[:400]}
        )


def _is_settled(request: PanelRequest, lost: Member) -> bool:
    """Nothing to refill: the request is withdrawn, the case is closed, or somebody has the seat."""
    if request.state == PanelRequest.State.CANCELLED or request.case.state in CLOSED:
        return True
    return Member.objects.filter(request=request, seat=lost.seat, state__in=rows.HOLDING).exists()


def _replace(draw: Draw, lost: Member, found: rounds.Round, at: datetime) -> Member:
    chosen = found.chosen[0]
    expert = Expert.objects.select_related("account", "unit").get(reference=chosen.reference)
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
    member.invite(at)
    return member


def _tell_of_shortage(request: PanelRequest, lost: Member, at: datetime) -> dict[str, JsonValue]:
    """Letters to contractor and station with the numbers: the specialty's experts, excluded, asked, and answers."""
    asked = frozenset(rows.references(request))
    sifted = pool.sifted(request, [lost.specialty], at, asked=asked)
    states = Counter(
        Member.objects.filter(request=request, specialty=lost.specialty).values_list("state", flat=True)
    )
    numbers: dict[str, JsonValue] = {
        "eligible": len(sifted.included),
        "excluded": sum(one.ground.value != "asked" for one in sifted.excluded),
        "asked": sum(states.values()),
        "declined": states[Member.State.DECLINED],
        "silent": states[Member.State.SILENT],
        "undelivered": states[Member.State.UNDELIVERED],
        "recused": states[Member.State.RECUSED],
    }
    specialty = request.case.law.label("specialties", lost.specialty)
    message = (
        f"{specialty}席位无法补抽：现有符合条件且未抽取过的专家{numbers['eligible']}人，已抽取{numbers['asked']}人"
        f"（不参加{numbers['declined']}人、逾期未确认{numbers['silent']}人、未送达{numbers['undelivered']}人、"
        f"回避{numbers['recused']}人），因回避等原因排除{numbers['excluded']}人"
    )
    request.warn(message, str(request.case.law.clause("confirmation.backfill")), at)
    for account in [*rows.people_of(request), *rows.station_people(request.case)]:
        Message.post(
            key=f"exhausted:{lost.pk}:{at.timestamp()}:{account.pk}",
            channel=Message.Channel.LETTER,
            case=request.case,
            account=account,
            template="panel.exhausted",
            subject=lost.subject,
            link=f"/cases/{request.case_id}/panel/",
            context={"text": f"“{request.case.title}”：{message}"},
            at=at,
        )
    return numbers
