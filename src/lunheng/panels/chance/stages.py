"""先承诺、后揭示: what every draw of a panel goes through, whatever it is for.

A draw is opened (pool, rules, plan and everyone's promise are committed), revealed share by share, and completed by
the platform's own link once nobody else's share is missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

from lunheng.core import draw as lottery
from lunheng.core.errors import Refused
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import WITHHOLD_DRAW
from lunheng.core.procedures.drawing import COMMIT_DRAW
from lunheng.core.reasons import cut
from lunheng.core.verdict import refused
from lunheng.jobs import clock
from lunheng.ledger.queries import entries_of
from lunheng.panels.models import Contribution, Draw, Member, PanelRequest
from lunheng.panels.queries import rounds
from lunheng.panels.queries.record import because_of
from lunheng.panels.queries.tallies import tally_of
from lunheng.pools.models import Chain
from lunheng.pools.queries import authority_chains, free_lane

Party = Contribution.Party
Promise = tuple[Party, str, Chain | None, int]


def open_draw(
    request: PanelRequest,
    kind: str,
    compute: Callable[[rounds.Stage], rounds.Opened],
    *,
    at: datetime,
    commitment: str = "",
    beacon: str = "",
    because: str = "",
    reason: str = "",
    lost: Member | None = None,
) -> tuple[Draw, rounds.Opened]:
    """Commit a draw under the next number: what it is drawn from, how, and who will contribute.

    ``commitment`` is the applicant's, ``beacon`` names a public value of a later moment. ``compute`` may raise
    `Infeasible`; then nothing was taken and nothing kept.
    """
    number = request.draws.count() + 1
    promises = _promises(request, commitment, beacon)
    last = Draw.objects.filter(request__case=request.case).order_by("-pk").first()
    stage = rounds.Stage(
        number=number,
        previous=last.commit if last else "",
        salt=rounds.salt_of(request, number),
        at=at,
        contributors=tuple(
            (party.label, Contribution.KINDS[party], promised) for party, promised, _, _ in promises
        ),
    )
    opened = compute(stage)
    draw = Draw.objects.create(
        request=request,
        number=number,
        kind=kind,
        because=because[:64],
        reason=cut(reason),
        lost=lost,
        salt=stage.salt.hex(),
        document=opened.document,
        shortage=opened.shortage,
        committed_at=at,
    )
    draw.exclude(opened.sifted.excluded)
    _keep_promises(draw, promises)
    clause = request.case.law.clause("platform.draw_window")
    if draw.outstanding:
        # Whoever must reveal has the whole time from now, also where the round is dated at an earlier lawful moment.
        due = request.case.law.due("platform.draw_window", max(at, clock.now()))
        request.case.due(WITHHOLD_DRAW, key=draw.pk, due=due, clause=clause)
    return draw, opened


def told(draw: Draw, opened: rounds.Opened) -> dict[str, JsonValue]:
    """What the entry of a commit says: nothing that would tell who is in the pool."""
    platform = next(one for one in draw.contributions.all() if one.party == Party.PLATFORM)
    assert platform.chain is not None
    return {
        "request": draw.request.number,
        "draw": draw.number,
        "kind": draw.get_kind_display(),
        "commit": draw.commit,
        "previous": str(draw.document["previous"]),
        "contributors": [[party, kind, promised] for party, kind, promised in draw.document["contributors"]],
        "lane": platform.chain.number,
        "link": platform.link,
        "eligible": len(opened.sifted.included),
        "excluded": len(opened.sifted.excluded),
        "because": draw.reason or because_of(draw),
    }


def complete_draw(draw: Draw, at: datetime) -> dict[str, JsonValue]:
    """The platform's link, the seed, the panel: what the entry of a result says."""
    platform = draw.reveal_platform(at)
    values = [bytes.fromhex(one.value) for one in draw.contributions.all()]
    document, outcome = lottery.completed(draw.document, values)
    draw.complete(document, tally_of(document, outcome.probabilities), at)
    return {
        "request": draw.request.number,
        "draw": draw.number,
        "kind": draw.get_kind_display(),
        "commit": draw.commit,
        "link": platform.link,
        "reveals": [[party, value] for party, value in document["reveals"]],
        "seed": draw.seed,
        "digest": str(document["digest"]),
        "result": [list(one) for one in draw.result],
    }


def withhold_draw(draw: Draw, at: datetime) -> dict[str, JsonValue]:
    """End without a result: who did not reveal is named, the platform shows its link; what the entry says."""
    missing = "、".join(one.get_party_display() for one in draw.outstanding)
    draw.withhold(at)
    shown = draw.contributions.get(party=Party.PLATFORM)
    return {
        "label": f"第{draw.number}次抽取作废：{missing}未揭示",
        "clause": str(draw.request.case.law.clause("platform.draw_window")),
        "request": draw.request.number,
        "draw": draw.number,
        "commit": draw.commit,
        "missing": missing,
        "reveals": [[shown.get_party_display(), shown.value]],
    }


def require_entered(draw: Draw) -> None:
    """What is completed must be what was entered: a row that was exchanged together with its hash completes nothing."""
    case = draw.request.case
    for entry in entries_of(case.reference).filter(event=COMMIT_DRAW.event).order_by("-subject_number"):
        data = json.loads(entry.payload.content or "{}")
        if (data.get("request"), data.get("draw")) == (draw.request.number, draw.number):
            if data.get("commit") == draw.commit:
                return
            break
    message = "数据库中的承诺与存证中的承诺不一致，不能继续抽取"
    remedy = "请联系监督机构：核对存证（lunheng ledger reconcile）"
    raise Refused(refused(case.law.clause("platform.draw_window"), message, remedy, draw.commit))


def _promises(request: PanelRequest, commitment: str, beacon: str) -> list[Promise]:
    """Applicant, platform, authority, public value: whoever takes part, in the order of revealing."""
    promises = [_platform(request, is_attended=bool(commitment))]
    if commitment:
        promises.insert(0, (Party.APPLICANT, commitment, None, 0))
    promises += _authority(request)
    if beacon:
        promises.append((Party.BEACON, beacon, None, 0))
    return promises


def _platform(request: PanelRequest, *, is_attended: bool) -> Promise:
    clause = request.case.law.clause("platform.draw_window")
    lane = free_lane(request.pool_id, rounds.hash_of(request), is_attended=is_attended)
    if lane is None:
        message = "专家库的随机数链尚未公布、已经用完，或各链上都有抽取等待揭示"
        remedy = "稍后再试，或请专家库管理机构公布新的随机数链"
        raise Refused(refused(clause, message, remedy, "没有可用的链"))
    if not lane.is_ours:
        message = "平台的随机数与已公布的链不一致，不能抽取"
        raise Refused(
            refused(clause, message, "请联系监督机构和平台运维人员核对随机数链", f"第{lane.number}条链")
        )
    return Party.PLATFORM, lane.shown, lane, lane.taken + 1


def _authority(request: PanelRequest) -> list[Promise]:
    """The authority's lowest free chain, once it had registered one before the request was made."""
    clause = request.case.law.clause("platform.draw_window")
    chains = authority_chains(request.pool_id, request.requested_at)
    if not chains:
        return []
    name = rounds.hash_of(request)
    usable = [one for one in chains if one.taken < one.length and one.hash == name]
    if not usable:
        message = "主管部门参与抽取，但其随机数链已经用完或杂凑算法不符"
        raise Refused(refused(clause, message, "请市级主管部门登记新的随机数链", "没有可用的链"))
    free = next((one for one in usable if not one.holder), None)
    if free is None:
        message = "主管部门的随机数链上都有抽取等待揭示"
        raise Refused(refused(clause, message, "待该次抽取完成后再试，或由主管部门再登记一条链", "等待揭示"))
    return [(Party.AUTHORITY, free.shown, free, free.taken + 1)]


def _keep_promises(draw: Draw, promises: list[Promise]) -> None:
    Contribution.objects.bulk_create(
        Contribution(draw=draw, order=order, party=party, commitment=promised, chain=chain, link=link)
        for order, (party, promised, chain, link) in enumerate(promises)
    )
    for _, _, chain, _ in promises:
        if chain is not None:
            chain.hold(draw.subject)
