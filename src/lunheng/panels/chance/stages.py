"""先承诺、后揭示: what every draw of a panel goes through, whatever it is for.

A draw is opened (pool, rules, plan and everyone's promise are committed), revealed share by share, and completed by
the platform's own link once nobody else's share is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from lunheng.core import draw as lottery
from lunheng.core.errors import Refused
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.verdict import refused
from lunheng.panels.models import Contribution, Draw, Member, PanelRequest
from lunheng.panels.queries import rounds
from lunheng.panels.queries.record import because_of
from lunheng.panels.queries.tallies import tally_of
from lunheng.pools.models import Chain
from lunheng.pools.queries import authority_chain, free_lane

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
    last = request.draws.order_by("-number").first()
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
        reason=reason[:300],
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
        due = request.case.law.due("platform.draw_window", at)
        request.case.due("panels.withhold_draw", subject=draw.subject, due=due, clause=clause)
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


def _promises(request: PanelRequest, commitment: str, beacon: str) -> list[Promise]:
    """Applicant, platform, authority, public value: whoever takes part, in the order of revealing."""
    name, clause = rounds.hash_of(request), request.case.law.clause("platform.draw_window")
    lane = free_lane(request.pool_id, name)
    if lane is None:
        message = "专家库的随机数链尚未公布、已经用完，或各链上都有抽取等待揭示"
        raise Refused(
            refused(clause, message, "稍后再试，或请专家库管理机构公布新的随机数链", "没有可用的链")
        )
    index = lane.taken + 1
    promises: list[Promise] = [(Party.PLATFORM, lane.link(index - 1).hex(), lane, index)]
    if commitment:
        promises.insert(0, (Party.APPLICANT, commitment, None, 0))
    authority = authority_chain(request.pool_id, name)
    if authority is not None and authority.holder:
        message = "本专家库另有抽取正在等待主管部门揭示，其随机数一次只用于一次抽取"
        raise Refused(refused(clause, message, "待该次抽取完成后再试", "等待揭示"))
    if authority is not None:
        promises.append((Party.AUTHORITY, authority.shown, authority, authority.taken + 1))
    if beacon:
        promises.append((Party.BEACON, beacon, None, 0))
    return promises


def _keep_promises(draw: Draw, promises: list[Promise]) -> None:
    Contribution.objects.bulk_create(
        Contribution(draw=draw, order=order, party=party, commitment=promised, chain=chain, link=link)
        for order, (party, promised, chain, link) in enumerate(promises)
    )
    for _, _, chain, _ in promises:
        if chain is not None:
            chain.hold(draw.subject)
