"""抽取公示: every draw of every pool, each case's attempts, one draw in words, and what all of them together gave."""

from __future__ import annotations

import json
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lunheng.cases.models import Case
from lunheng.cases.permissions import may_supervise
from lunheng.cases.views import actor_of
from lunheng.core.procedures.drawing import COMMIT_DRAW, CONCLUDE_DRAW, REVEAL_DRAW, WITHHOLD_THE_DRAW
from lunheng.ledger.models import Entry
from lunheng.ledger.queries import entries_of
from lunheng.panels.models import Draw
from lunheng.panels.permissions import is_organizer
from lunheng.panels.queries import attempts, fairness, published, sequence, transcript_of
from lunheng.pools.models import Pool
from lunheng.pools.queries import law_of
from lunheng.portal.pictures import calibration, comparison_rows

PAGE = 25
STAGES = {
    COMMIT_DRAW.event: "承诺",
    REVEAL_DRAW.event: "揭示",
    CONCLUDE_DRAW.event: "结果",
    WITHHOLD_THE_DRAW.event: "作废",
}


@require_safe
def list_draws(request: HttpRequest) -> HttpResponse:
    """All draws of a pool in the order of its chains; a missing link is a row of its own."""
    pools, pool = _pools(request)
    context: dict[str, Any] = {"pools": pools, "pool": pool}
    if pool is not None:
        shares = sequence.shares_of(pool)
        page = Paginator(shares, PAGE).get_page(request.GET.get("page"))
        first = page.start_index() - 1
        rows = list(shares[max(0, first - 1) : first + PAGE]) if page.paginator.count else []
        before = rows.pop(0) if first > 0 else None
        context |= {"page": page, "places": list(sequence.places(rows, before))} | _chains(pool)
    return render(request, "portal/draws.html", context)


@require_safe
def show_statistics(request: HttpRequest) -> HttpResponse:
    """Expected against actual selections over all draws of a pool, as pictures with their tables."""
    pools, pool = _pools(request)
    context: dict[str, Any] = {"pools": pools, "pool": pool}
    if pool is not None:
        law = law_of(pool, request.at.date())  # type: ignore[attr-defined]
        found = fairness.statistics_of(pool, law.labels("specialties") if law else {})
        context |= {
            "statistics": found,
            "rows": comparison_rows(found.specialties),
            "points": calibration(found.bands),
        }
    return render(request, "portal/draw_statistics.html", context)


@require_safe
def show_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Every request of one case with every draw: cancelled, withheld and changed ones too."""
    case = _case(reference)
    lines = attempts.requests_of(case)
    if not lines:
        raise Http404
    context = {"case": case, "lines": lines, "counts": published.attempt_counts(case)}
    return render(request, "portal/case_draws.html", context)


@require_safe
def show_draw(request: HttpRequest, reference: str, number: int, draw: int) -> HttpResponse:
    """One draw in words: what was asked, the promises, everybody's chance, what came."""
    found = _draw(reference, number, draw)
    law = found.request.case.law
    context = {
        "case": found.request.case,
        "shown": published.draw_page(found),
        "counts": published.attempt_counts(found.request.case),
        "own": found.request.draws.order_by().aggregate(total=Count("pk"))["total"],
        "work_kind": law.label("work_kinds", found.request.work_kind),
        "clause": law.clause("draw.mode"),
        "window_clause": law.clause("platform.draw_window"),
        "previous": found.document["previous"],
        "knows_pool": _knows_pool(request, found.request.case),
        "proofs": _proofs(found),
    }
    return render(request, "portal/draw.html", context)


@require_safe
def download(request: HttpRequest, reference: str, number: int, draw: int) -> HttpResponse:
    """The record of a draw for the verifier; until the review is over, its parts without the pool."""
    found = _draw(reference, number, draw)
    is_whole = published.is_open(found.request.case)
    document = transcript_of(found) if is_whole else published.public_parts(found)
    name = f"{reference}-{number}-{draw}-{'draw' if is_whole else 'parts'}.json"
    return JsonResponse(
        document,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _proofs(draw: Draw) -> list[tuple[str, Entry]]:
    """The entries of one draw in their order: that the promise came before the numbers, anybody can check there."""
    entries = entries_of(draw.request.case.reference).filter(event__in=STAGES)
    of_draw = {"draw": draw.number, "request": draw.request.number}
    return [
        (STAGES[entry.event], entry)
        for entry in entries
        if of_draw.items() <= json.loads(entry.payload.content or "{}").items()
    ]


def _chains(pool: Pool) -> dict[str, Any]:
    """The chains of a pool, and whether every published link belongs to a draw."""
    lanes = sequence.lanes_of(pool)
    links, draws = sum(lane.chain.taken for lane in lanes), sum(lane.draws for lane in lanes)
    is_whole = all(lane.is_whole for lane in lanes)
    return {"lanes": lanes, "links": links, "draws": draws, "waiting": draws - links, "is_whole": is_whole}


def _knows_pool(request: HttpRequest, case: Case) -> bool:
    """Whether the office or the applicant looks: they may see the pool and the exclusions before the meeting."""
    actor = actor_of(request)
    return may_supervise(actor, case).is_allowed or is_organizer(actor, case)


def _pools(request: HttpRequest) -> tuple[list[Pool], Pool | None]:
    """All pools, and the one that is asked for (the first when none is named)."""
    pools = list(Pool.objects.select_related("division").order_by("division_id", "key"))
    key = request.GET.get("pool", "")
    found = next((one for one in pools if one.key == key), None)
    if key and found is None:
        raise Http404
    return pools, found or next(iter(pools), None)


def _case(reference: str) -> Case:
    cases = (
        Case.objects.filter(kind=Case.Kind.REVIEW).select_related("division", "pack").defer("pack__content")
    )
    return get_object_or_404(cases, reference=reference)


def _draw(reference: str, number: int, draw: int) -> Draw:
    rows = Draw.objects.select_related("request", "request__pool", "lost")
    case = _case(reference)
    found = get_object_or_404(rows, request__case=case, request__number=number, number=draw)
    found.request.case = case
    return found
