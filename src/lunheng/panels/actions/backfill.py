"""自动补位: one replacement of the same specialty under the same conditions, drawn afresh, with its own hours."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from lunheng.cases.answering import FallenDue, answers
from lunheng.core.actor import Actor
from lunheng.core.draw import Infeasible
from lunheng.core.errors import require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import BACKFILL_SEAT
from lunheng.core.procedures.drawing import COMMIT_DRAW, CONCLUDE_DRAW, LEAVE_SEAT
from lunheng.core.verdict import Verdict
from lunheng.core.workflow import Standing, over
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.messaging.texts import PANEL_EXHAUSTED
from lunheng.panels import permissions
from lunheng.panels.chance.outcomes import ask_station, conclude
from lunheng.panels.chance.stages import open_draw, told
from lunheng.panels.models import Draw, Member, PanelRequest
from lunheng.panels.queries import pool, rounds, rows


@answers(BACKFILL_SEAT, COMMIT_DRAW, further=(CONCLUDE_DRAW, LEAVE_SEAT))
def backfill_seat(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """补抽: another expert for a lost seat, committed and drawn; when none is left, contractor and station are told.

    Nobody has to act: without an authority's chain the platform's own link completes the round at once.
    """
    case, deadline = due.case, due.deadline
    lost = rows.member_for_update(case, due.key)
    request, because = lost.request, deadline.opened_by
    data: dict[str, JsonValue] = {
        "clause": str(case.law.clause("confirmation.backfill")),
        "request": request.number,
        "replaces": rounds.person_of(lost),
        "kind": lost.get_state_display(),
    }
    if _is_settled(request, lost):
        data["label"] = "席位已有人选，无需补抽"
        return case.enter(actor=actor, at=at, data=data, because=because, event=LEAVE_SEAT)
    require(permissions.no_draw_waits(case))
    suited = permissions.seats_suit(case, [lost])
    if not suited.is_allowed:
        data |= {"label": "席位的专业与工程不匹配，没有补抽，已通知施工单位和监督机构"}
        data |= _tell_of_misfit(lost, suited, at)
        return case.enter(actor=actor, at=at, data=data, because=because, event=LEAVE_SEAT)
    try:
        draw, opened = _open(request, lost, at)
    except Infeasible:
        numbers = _tell_of_shortage(request, lost, at)
        data |= {"label": "没有可以补抽的专家，已通知施工单位和监督机构", **numbers}
        return case.enter(actor=actor, at=at, data=data, because=because, event=LEAVE_SEAT)
    ask_station(case, opened.sifted.undecided)
    data |= told(draw, opened) | {"label": f"承诺第{draw.number}次抽取（补抽）"}
    entry = case.enter(actor=actor, at=at, data=data, because=because)
    conclude(draw, actor=actor, at=at, because=because)
    return entry


def _open(request: PanelRequest, lost: Member, at: datetime) -> tuple[Draw, rounds.Opened]:
    """One more of the lost seat's specialty, given everybody who sits or is still asked."""
    held = rows.members_for_update(request.case, request, *rows.HOLDING)
    asked = frozenset(rows.references(request))
    return open_draw(
        request,
        Draw.Kind.BACKFILL,
        lambda stage: rounds.open_round(request, {lost.specialty: 1}, stage, held=held, asked=asked),
        at=at,
        because=lost.state,
        lost=lost,
    )


def _is_settled(request: PanelRequest, lost: Member) -> bool:
    """Nothing to refill: the request is withdrawn, the case is closed, or somebody has the seat."""
    if request.state == PanelRequest.State.CANCELLED or request.case.state in over(Standing.CLOSED):
        return True
    return Member.objects.filter(request=request, seat=lost.seat, state__in=rows.HOLDING).exists()


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
    _warn(request, lost, message, str(request.case.law.clause("confirmation.backfill")), at)
    return numbers


def _tell_of_misfit(lost: Member, suited: Verdict, at: datetime) -> dict[str, JsonValue]:
    """Letters to contractor and station: nobody is drawn for a seat of a specialty that does not fit the works."""
    found = suited.reasons[0]
    _warn(lost.request, lost, f"{found.message}，该席位不再补抽；{found.remedy}", str(found.clause), at)
    return {"clause": str(found.clause), "specialty": lost.specialty, "message": found.message}


def _warn(request: PanelRequest, lost: Member, message: str, clause: str, at: datetime) -> None:
    """Keep the warning with the request, and write it to contractor and station."""
    request.warn(message, clause, at)
    Message.post_all(
        Message.draft(
            PANEL_EXHAUSTED,
            key=f"exhausted:{lost.pk}:{at.timestamp()}:{account.pk}",
            case=request.case,
            account=account,
            subject=lost.subject,
            at=at,
            message=message,
        )
        for account in [*rows.people_of(request), *rows.station_people(request.case)]
    )
