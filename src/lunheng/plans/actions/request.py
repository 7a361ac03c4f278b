"""Asking for a panel, and taking the request back."""

from datetime import datetime
from typing import Any, NotRequired

from typing_extensions import TypedDict

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.policy.rules.draws import DrawMode
from lunheng.core.procedures.drawing import WITHHOLD_THE_DRAW
from lunheng.core.procedures.preparing import CANCEL_REQUEST, REQUEST_PANEL
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Verdict, refused
from lunheng.ledger.models import Entry
from lunheng.panels.chance.stages import withhold_draw
from lunheng.panels.models import PanelRequest
from lunheng.panels.permissions import may_organize
from lunheng.plans import permissions, queries
from lunheng.plans.models import PlanVersion, Review
from lunheng.plans.permissions import Wanted
from lunheng.pools.models import Pool
from lunheng.pools.queries import pools_of


class Need(TypedDict):
    """So many experts of a specialty; what is left out is refused by the rule, naming what is missing."""

    specialty: NotRequired[str]
    count: NotRequired[int | None]
    is_extra: NotRequired[bool]


@act(REQUEST_PANEL)
def request_panel(
    *,
    review_id: int,
    needs: list[Need],
    touches_other_specialties: bool,
    is_risk_confirmed: bool,
    meeting_mode: str,
    meeting_at: datetime,
    meeting_place: str = "",
    reason: GivenReason = "",
    pool_key: str | None = None,
    actor: Actor,
    at: datetime,
) -> PanelRequest:
    """申请抽取专家: judged by the law in force on this day, which the case keeps to its closing.

    Refused with every reason at once: who asks, the plan, what the request lacks, specialties, numbers, risk,
    meeting, order. Without ``pool_key`` the city's only pool is meant; an empty one means none was chosen.
    """
    review = queries.review(review_id)
    case = review.case = lock(review.case_id)
    before = _pin_anew(review, at)
    work = review.plan.work
    found, lacking = permissions.read_needs(case.law, needs, work.kind)
    wanted = Wanted(
        needs=found,
        lacking=lacking,
        pool=_pool(case, pool_key),
        touches_other_specialties=touches_other_specialties,
        is_risk_confirmed=is_risk_confirmed,
        meeting_mode=meeting_mode,
        meeting_at=meeting_at if meeting_at.tzinfo else meeting_at.replace(tzinfo=CHINA),
        meeting_place=meeting_place.strip(),
    )
    version = queries.latest_version(review)
    verdict = require(permissions.judge_request(actor, review, version, wanted, at))
    assert version is not None and wanted.pool is not None
    request = _keep(review, wanted, wanted.pool, verdict, reason, actor, at)
    case.enter(actor=actor, at=at, data=_data(request, version, wanted, before))
    return request


@act(CANCEL_REQUEST, further=(WITHHOLD_THE_DRAW,))
def cancel_request(*, request_id: int, reason: GivenReason, actor: Actor, at: datetime) -> Entry:
    """撤回抽取申请: until somebody was drawn; a draw is never undone."""
    request = PanelRequest.objects.get(pk=request_id)
    case = lock(request.case_id)
    review = queries.review_of(case)
    review.case = case
    request = PanelRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    clause = require(may_organize(actor, case)).reasons[0].clause
    if request.state != PanelRequest.State.OPEN:
        message = "专家已抽取或申请已撤回，不能再撤回"
        further = case.law.clause("draw.by_hand")
        raise Refused(refused(further, message, "人员变动由系统补抽", request.get_state_display()))
    require(judge_reason(reason, clause, "撤回申请须写明理由", "填写理由"))
    request.case = case
    waiting = request.waiting_draw
    if waiting is not None:
        waiting.request = request
        case.enter(actor=actor, at=at, data=withhold_draw(waiting, at), event=WITHHOLD_THE_DRAW)
    request.state = PanelRequest.State.CANCELLED
    request.save(update_fields=("state",))
    data: dict[str, JsonValue] = {
        "label": "撤回抽取申请" + (f"（第{waiting.number}次抽取未揭示，作废）" if waiting else ""),
        "clause": str(clause),
        "request": request.number,
        "reason": reason.strip(),
    }
    return case.enter(actor=actor, at=at, data=data)


def _pin_anew(review: Review, at: datetime) -> str:
    """Pin the case to the pack in force on the day of the request; returns the digest it had, if another.

    A repeated request keeps the law of the first.
    """
    case = review.case
    if case.panel_requests.exists():
        return ""
    record = permissions.pack_in_force(review.plan.work, at)
    before = case.pack_id or ""
    case.pack = record
    case.__dict__.pop("law", None)
    case.requested_on = at.astimezone(CHINA).date()
    case.save(update_fields=("pack", "requested_on"))
    return before if before != record.digest else ""


def _pool(case: Case, key: str | None) -> Pool | None:
    pools = pools_of(case.law.pack_id)
    if key is not None:
        return pools.filter(key=key).first()
    found = list(pools[:2])
    return found[0] if len(found) == 1 else None


def _keep(
    review: Review, wanted: Wanted, pool: Pool, verdict: Verdict, reason: str, actor: Actor, at: datetime
) -> PanelRequest:
    law, work = review.case.law, review.plan.work
    mode = law.rule("draw.mode")
    return PanelRequest.open(
        review.case,
        needs=wanted.needs,
        at=at,
        pool=pool,
        mode=mode.mode if isinstance(mode, DrawMode) else PanelRequest.Mode.DIRECT,
        work_kind=work.kind,
        lineage=review.plan.lineage,
        project=work.project.file.reference,
        organizer=queries.organizer_of(review),
        risk_level=permissions.risk_level(law, work.risk_level),
        is_risk_confirmed=wanted.is_risk_confirmed,
        touches_other_specialties=wanted.touches_other_specialties,
        meeting_mode=wanted.meeting_mode,
        meeting_at=wanted.meeting_at,
        meeting_place=wanted.meeting_place,
        warnings=[
            {"clause": str(one.clause), "message": one.message, "value": one.value}
            for one in verdict.warnings
        ],
        reason=reason.strip(),
        requested_by=actor.reference,
    )


def _data(request: PanelRequest, version: PlanVersion, wanted: Wanted, before: str) -> dict[str, Any]:
    law = request.case.law
    data = {
        "label": "申请抽取专家",
        "clause": str(law.clause("draw.request")),
        "request": request.number,
        "version": version.number,
        "pool": request.pool.key,
        "mode": request.mode,
        "needs": [
            {"specialty": name, "count": count, "is_extra": is_extra}
            for name, count, is_extra in wanted.needs
        ],
        "risk_level": request.risk_level,
        "is_risk_confirmed": request.is_risk_confirmed,
        "organizer": request.organizer.code,
        "meeting_at": request.meeting_at.isoformat(),
        "meeting_mode": request.meeting_mode,
        "warnings": request.warnings,
        "pack": law.pack_id,
        "pack_version": law.version,
        "pack_digest": law.digest,
    }
    return {**data, "pack_digest_before": before} if before else data
