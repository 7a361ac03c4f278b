"""The panel of a case: depth before the draw, seats filling after it, the pushed list, the public record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lunheng.cases.models import Case
from lunheng.cases.queries import whose_turn_words
from lunheng.cases.views import Screen, actor_of, log_access, viewable_case
from lunheng.core.errors import require
from lunheng.core.procedures.consequences import WITHHOLD_DRAW
from lunheng.core.procedures.drawing import COMMIT_DRAW
from lunheng.core.workflow import ReviewState, step_marks
from lunheng.ledger.queries import entries_of
from lunheng.panels import permissions, queries
from lunheng.panels.forms import ListForm, PickForm
from lunheng.panels.models import Contribution, Draw, Member, PanelRequest
from lunheng.panels.papers import DRAW_RECORD, may_have_record
from lunheng.panels.queries.outlook import outlook_of

SHOWN = 50
"""Excluded experts on the panel's own page; the rest on theirs."""


@require_safe
def show_panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """Everything of the panel that this viewer may see."""
    case = viewable_case(request, case_id)
    return render(request, "panels/panel.html", panel_context(request, case))


@require_safe
def show_seats(request: HttpRequest, case_id: int) -> HttpResponse:
    """The seats alone, for the board that refreshes itself."""
    case = viewable_case(request, case_id)
    return render(request, "panels/seats.html", panel_context(request, case))


@require_POST
def draw(request: HttpRequest, case_id: int) -> HttpResponse:
    """Commit a draw or a push: the promise of the applicant's browser goes in, its value stays there."""
    case = viewable_case(request, case_id)
    said = {name: request.POST.get(name, "") for name in ("commitment", "reason", "beacon")}
    given = {"request_id": _living(case).pk, "has_share": "has_no_share" not in request.POST, **said}
    return _act(request, case_id, "panels.commit_draw", "抽取已作出承诺；全部揭示后结果随即产生", **given)


@require_POST
def reveal(request: HttpRequest, case_id: int) -> HttpResponse:
    """One share of the seed; the last one completes the draw."""
    waiting = _living(viewable_case(request, case_id)).waiting_draw
    if waiting is None:
        return HttpResponseRedirect(reverse("panels:panel", args=(case_id,)))
    given = {name: request.POST.get(name, "").strip() for name in ("party", "value")}
    if given["party"] not in Contribution.Party.values:
        raise Http404
    return _act(
        request,
        case_id,
        "panels.reveal_draw",
        lambda _: _revealed(waiting),
        draw_id=waiting.pk,
        **given,
    )


@require_http_methods(["GET", "POST"])
def reduce(request: HttpRequest, case_id: int) -> HttpResponse:
    """The consequence first, then the random removal is committed."""
    case = viewable_case(request, case_id)
    found = _living(case)
    if request.method == "POST":
        said = {name: request.POST.get(name, "") for name in ("commitment", "reason")}
        given = {"request_id": found.pk, "has_share": "has_no_share" not in request.POST, **said}
        return _act(request, case_id, "panels.reduce_list", "随机减员已作出承诺，等待揭示", **given)
    context = {"case": case, "members": queries.confirmed(case), "draw_hash": queries.hash_of(found)}
    context["missed"] = found.draws.filter(state=Draw.State.WITHHELD)
    return render(request, "panels/reduce.html", context)


@require_POST
def pick(request: HttpRequest, case_id: int) -> HttpResponse:
    """Pick of the pushed experts."""
    case = viewable_case(request, case_id)
    panel_request = _living(case)
    form = PickForm(request.POST, people=Member.objects.filter(request=panel_request))
    if not form.is_valid():
        return _board(request, case).show(status=422, pick_form=form)
    confirmed = form.cleaned_data["is_risk_confirmed"] or None
    given = {"request_id": panel_request.pk, "member_ids": form.chosen, "is_risk_confirmed": confirmed}
    return _act(request, case_id, "panels.pick_candidates", "已选取，可以查看联系方式并逐一联系", **given)


@require_http_methods(["GET", "POST"])
def confirm_list(request: HttpRequest, case_id: int) -> HttpResponse:
    """The final list with its leader."""
    case = viewable_case(request, case_id)
    panel_request = _living(case)
    people = Member.objects.filter(
        request=panel_request, state__in=(Member.State.CONSENTED, Member.State.CONFIRMED)
    ).select_related("expert", "expert__unit")
    form = ListForm(
        request.POST or None,
        people=people,
        initial={"members": [str(one.pk) for one in people if one.state == Member.State.CONFIRMED]},
    )
    context = {"case": case, "form": form, "people": people, "is_even": len(people) % 2 == 0}
    # What stands in the form: what was sent, or the list as it is.
    context["ticked"] = form["members"].value() or []
    context["named"] = form["leader"].value() or ""
    context["takes_reason"] = getattr(case.law.rule("draw.specialties"), "effect", "") == "warn"
    screen = Screen(
        request,
        template="panels/list.html",
        page=context,
        then=reverse("panels:panel", args=(case.pk,)),
        done="最终名单和组长已确认",
    )
    if request.method != "POST" or not form.is_valid():
        return screen.show_form(form)
    return screen.perform(
        "panels.confirm_list",
        request_id=panel_request.pk,
        member_ids=form.chosen,
        leader_member_id=form.leader_id,
        reason=form.cleaned_data["reason"],
    )


@require_safe
def download_transcript(request: HttpRequest, case_id: int) -> HttpResponse:
    """The whole record of the draw, with its pool, for applicant and office; others follow when the review is over."""
    case = viewable_case(request, case_id)
    require(may_have_record(actor_of(request), case))
    document = queries.transcript(_living(case))
    if not document:
        raise Http404
    name = f"{case.reference}-draw.json"
    return JsonResponse(
        document,
        json_dumps_params={"ensure_ascii": False, "indent": 1},
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def panel_context(request: HttpRequest, case: Case) -> dict[str, Any]:
    """What the page and its fragment show."""
    actor = actor_of(request)
    found = queries.living_request(case)
    context: dict[str, Any] = {
        "case": case,
        "steps": [{"label": label, "state": state} for label, state in step_marks(ReviewState(case.state))],
        "panel_request": found,
        "may_organize": permissions.is_organizer(actor, case),
        "is_office": actor.role.is_office,
        "exclusions": queries.exclusions(case)[:SHOWN] if actor.role.is_office else [],
        "failures": queries.failed_deliveries(case),
        "leader": queries.leader(case),
        "election": queries.open_election(case),
        "is_elected": queries.is_elected(case),
        "draw_clause": case.law.clause("draw.mode"),
        "leader_clause": case.law.clause("panel.leader"),
        "ticked": request.POST.getlist("members"),
        "list_clause": case.law.clause("panel.size"),
        "window_clause": case.law.clause("confirmation.window"),
        "send_clause": case.law.clause("confirmation.send_window"),
        "record_address": DRAW_RECORD.address(case),
        "turn": whose_turn_words(case),
    }
    if found is None:
        return context
    found.case = case
    context |= {"needs": _needs(case, found), "risk_level": found.risk_level} | _stage(found, request)
    if found.state == PanelRequest.State.OPEN:
        return context | _before(found, request)
    return context | (_drawn(found, request) if found.is_direct else _pushed(found, request))


def _needs(case: Case, found: PanelRequest) -> list[dict[str, Any]]:
    return [
        {
            "label": case.law.label("specialties", need.specialty),
            "count": need.count,
            "is_extra": need.is_extra,
        }
        for need in found.needs.all()
    ]


def _before(found: PanelRequest, request: HttpRequest) -> dict[str, Any]:
    """The depth of the pool and everybody's chance, before anybody is drawn."""
    outlook = outlook_of(found, request.at)  # type: ignore[attr-defined]
    return {"outlook": outlook, "is_short": found.is_direct and outlook.shortage is not None}


def _stage(found: PanelRequest, request: HttpRequest) -> dict[str, Any]:
    """A draw that waits for a share, the attempts that came to nothing, and what a new one needs."""
    waiting = found.waiting_draw
    missed = found.draws.filter(state=Draw.State.WITHHELD).prefetch_related("contributions")
    context: dict[str, Any] = {
        "draw_hash": queries.hash_of(found),
        "stage_clause": found.case.law.clause("platform.draw_window"),
        "missed": missed.order_by("number"),
    }
    if waiting is None:
        return context
    waiting.request = found
    actor, at = actor_of(request), request.at  # type: ignore[attr-defined]
    shares = [
        (one, permissions.may_reveal(actor, waiting, one.party, at).is_allowed)
        for one in waiting.contributions.all()
    ]
    limit = found.case.deadlines.filter(name=WITHHOLD_DRAW.name, subject=waiting.subject).last()
    entry = entries_of(found.case.reference).filter(event=COMMIT_DRAW.event).last()
    receipt = entry.pk if entry is not None and settings.LEDGER_SIGNER else None
    return context | {"waiting": waiting, "shares": shares, "stage_limit": limit, "stage_receipt": receipt}


def _drawn(found: PanelRequest, request: HttpRequest) -> dict[str, Any]:
    seats = queries.board(found, actor_of(request))
    accepted = sum(seat.holder is not None and seat.holder.member.state == "confirmed" for seat in seats)
    waiting = [seat.holder.due for seat in seats if seat.holder is not None and seat.holder.due is not None]
    return {
        "seat_lines": seats,
        "accepted": accepted,
        "next_due": min(waiting, key=lambda one: one.due_at, default=None),
        "draws": [
            (one, queries.because_of(one))
            for one in found.draws.filter(state=Draw.State.DONE).order_by("number")
        ],
    }


def _pushed(found: PanelRequest, request: HttpRequest) -> dict[str, Any]:
    """The pushed experts with tags and states; contacts where the viewer may see them, and that is logged."""
    actor = actor_of(request)
    lines = queries.lines_of(found, actor)
    label = found.case.law.label
    people = []
    for line in lines:
        shows = permissions.may_see_contacts(actor, line.member).is_allowed
        tags = "、".join(label("specialties", tag) for tag in line.member.fitting_tags)
        people.append({"line": line, "tags": tags, "phone": line.member.expert.phone if shows else ""})
    if shown := sum(bool(one["phone"]) for one in people):
        log_access(request, "contacts", f"专家联系方式（{shown}人）", found.case.reference)
    states = [line.member.state for line in lines]
    agreed = states.count("consented") + states.count("confirmed")
    return {
        "people": people,
        "pushes": found.draws.filter(kind=Draw.Kind.PUSH, state=Draw.State.DONE).order_by("number"),
        "agreed": agreed,
        "is_even": agreed > 4 and agreed % 2 == 0,
        "may_push": queries.needs_further_push(found, request.at),  # type: ignore[attr-defined]
        "may_reduce": states.count("confirmed") == 6 and found.case.state == ReviewState.CONFIRMING,
        "may_pick": found.case.state == ReviewState.CONFIRMING,
    }


def _living(case: Case) -> PanelRequest:
    found = queries.living_request(case)
    if found is None:
        raise Http404
    found.case = case
    return found


def _revealed(draw: Draw) -> str:
    draw.refresh_from_db(fields=["state"])
    is_done = draw.state == Draw.State.DONE
    return "随机数已揭示，抽取完成，结果见下" if is_done else "随机数已揭示；各方全部揭示后结果随即产生"


def _act(
    request: HttpRequest, case_id: int, name: str, done: str | Callable[[Any], str], **given: Any
) -> HttpResponse:
    """Perform, and show the panel again: a refusal stays on the page with its clause."""
    case = viewable_case(request, case_id)
    return _board(request, case, done).perform(name, **given)


def _board(request: HttpRequest, case: Case, done: str | Callable[[Any], str] = "") -> Screen:
    return Screen(
        request,
        template="panels/panel.html",
        page=lambda: panel_context(request, case),
        then=reverse("panels:panel", args=(case.pk,)),
        done=done,
    )
