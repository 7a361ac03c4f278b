"""抽取: committed, revealed, drawn; nobody is named, skipped or exchanged by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from lunheng.cases.acts import act
from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.draw import Certificate, Infeasible
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import WITHHOLD_DRAW
from lunheng.core.procedures.drawing import (
    ADD_MEMBER,
    COMMIT_DRAW,
    CONCLUDE_DRAW,
    DECIDE_SISTER,
    REVEAL_DRAW,
    WITHHOLD_THE_DRAW,
)
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Verdict, combine, refused
from lunheng.ledger.models import Entry
from lunheng.panels import permissions
from lunheng.panels.chance import stages
from lunheng.panels.chance.outcomes import ask_station, conclude
from lunheng.panels.chance.stages import open_draw, told
from lunheng.panels.models import Draw, PanelRequest, SisterDecision
from lunheng.panels.queries import outlook, pushes, rounds, rows


@act(COMMIT_DRAW, further=(CONCLUDE_DRAW,))
def commit_draw(
    *,
    request_id: int,
    commitment: str = "",
    has_share: bool = True,
    reason: GivenReason = "",
    beacon: str = "",
    actor: Actor,
    at: datetime,
) -> Draw:
    """承诺抽取: pool, rules, plan and promises are fixed before chance; nobody is drawn or pushed yet.

    ``commitment`` is H("nonce", value) in hexadecimal of a value that stays with the applicant until it is
    revealed. Who cannot compute it (a browser without script) says so by ``has_share``: the draw then rests on the
    others' shares alone, which its record shows. ``beacon`` names a public value of a later moment that shall take part; ``reason`` says why the
    client begins again after a draw that was not revealed.
    """
    case = lock(rows.case_of_request(request_id))
    request = rows.request_for_update(case, request_id)
    require(permissions.may_organize(actor, case))
    require(permissions.may_commit(request, commitment if has_share else None, reason, at))
    require(permissions.request_suits(request))
    require(_lawful_numbers(request)) if request.is_direct else None
    compute = _panel(request) if request.is_direct else _push(request)
    kind = Draw.Kind.FIRST if request.is_direct else Draw.Kind.PUSH
    try:
        draw, opened = open_draw(
            request,
            kind,
            compute,
            at=at,
            commitment=commitment if has_share else "",
            beacon=beacon.strip()[:200],
            reason=reason.strip(),
        )
    except Infeasible as short:
        raise Refused(_shortage(request, short.certificate)) from short
    except pushes.NobodyFits:
        raise Refused(_nobody(request)) from None
    ask_station(case, opened.sifted.undecided)
    data = told(draw, opened) | {
        "label": f"承诺第{draw.number}次抽取，待揭示",
        "clause": str(case.law.clause("platform.draw_window")),
    }
    case.enter(actor=actor, at=at, data=data)
    conclude(draw, actor=actor, at=at)
    return draw


@act(REVEAL_DRAW, further=(CONCLUDE_DRAW,))
def reveal_draw(
    *,
    draw_id: int,
    party: Literal["applicant", "authority", "beacon"],
    value: str,
    actor: Actor,
    at: datetime,
) -> Entry:
    """揭示: one party's share of the seed, in hexadecimal; the last share completes the draw."""
    case = lock(rows.case_of_draw(draw_id))
    draw = rows.draw_for_update(case, draw_id)
    require(permissions.may_reveal(actor, draw, party, at))
    stages.require_entered(draw)
    clause = require(permissions.keeps_promise(draw, party, value)).reasons[0].clause
    share = draw.contributions.select_related("chain").get(party=party)
    share.reveal(bytes.fromhex(value), at)
    if share.chain is not None:
        share.chain.show(bytes.fromhex(value))
    data: dict[str, JsonValue] = {
        "label": f"{share.get_party_display()}揭示第{draw.number}次抽取的随机数",
        "clause": str(clause),
        "request": draw.request.number,
        "draw": draw.number,
        "reveals": [[share.get_party_display(), value]],
    }
    entry = case.enter(actor=actor, at=at, data=data)
    conclude(draw, actor=actor, at=at)
    return entry


@answers(WITHHOLD_DRAW, WITHHOLD_THE_DRAW)
def withhold_draw(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """未揭示作废: who did not reveal is named, the number stays, the platform shows its link all the same."""
    case, deadline = due.case, due.deadline
    draw = rows.draw_for_update(case, due.key)
    data = stages.withhold_draw(draw, at)
    if draw.lost is not None:
        draw.request.redraw_for(draw.lost, at)
    return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)


@act(ADD_MEMBER)
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


@act(DECIDE_SISTER)
def decide_sister(
    *, decision_id: int, may_sit: bool, reason: GivenReason, actor: Actor, at: datetime
) -> Entry:
    """判定兄弟单位: the supervising office decides, with a reason, whether the expert must recuse."""
    case = lock(rows.case_of_decision(decision_id))
    clause = case.law.clause("recusal.relations")
    require(permissions.may_decide_sister(actor, case))
    decision = SisterDecision.objects.select_for_update(of=("self",)).get(pk=decision_id, case=case)
    require(judge_reason(reason, clause, "判定须写明理由", "填写理由后提交"))
    if decision.may_sit is not None:
        raise Refused(
            refused(clause, "已经判定，不再更改", "情况变化的，等待下一次抽取时重新判定", decision.reason)
        )
    decision.may_sit, decision.reason = may_sit, reason.strip()
    decision.decided_by, decision.decided_at = actor.reference, at
    decision.save()
    if may_sit:
        request = rows.living_request(case)
        if request is not None and request.is_direct:
            request.case = case
            request.retry_unfilled(at)
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
        *rounds.extras_of(request, extras),
    )


def _panel(request: PanelRequest) -> Callable[[rounds.Stage], rounds.Opened]:
    """The whole panel: every seat of the request."""
    vacant = Counter(plan.specialty for plan in rounds.seat_plans(request))
    return lambda stage: rounds.open_round(request, vacant, stage)


def _push(request: PanelRequest) -> Callable[[rounds.Stage], rounds.Opened]:
    """The next list of candidates."""
    return lambda stage: pushes.open_push(request, stage)


def _nobody(request: PanelRequest) -> Verdict:
    clause = request.case.law.clause("draw.mode")
    return refused(
        clause, "库内没有其他符合条件且专业匹配的专家，没有推送任何人", "联系专家库管理机构补充专家", "0人"
    )


def _shortage(request: PanelRequest, certificate: Certificate) -> Verdict:
    """Why nothing could be drawn, in the words of the contractor's own request, and what would help."""
    message, remedy, value = outlook.shortage_words(request, certificate)
    return refused(request.case.law.clause("draw.mode"), message, remedy, value)
