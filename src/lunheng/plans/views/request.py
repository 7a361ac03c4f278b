"""Asking for a panel: depth of the pool, risk, numbers, meeting; and taking the request back."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lunheng.cases.views import Screen
from lunheng.core.eligibility import fits
from lunheng.core.policy.rules.draws import DrawMode, Match
from lunheng.core.policy.rules.meetings import MeetingMode
from lunheng.panels.models import PanelRequest
from lunheng.plans import permissions, queries
from lunheng.plans.forms import ReasonForm, RequestForm
from lunheng.plans.models import Review
from lunheng.plans.views import case_page
from lunheng.pools.queries import pools_of


@require_http_methods(["GET", "POST"])
def request_panel(request: HttpRequest, case_id: int) -> HttpResponse:
    """The request, with the pool's depth beside it."""
    review = case_page.review_at(request, case_id)
    form = _form(request, review)
    wanted = form.wanted() if request.method == "POST" and form.is_valid() else {}
    screen = Screen(
        request,
        template="plans/request.html",
        page={
            **case_page.head(request, review),
            "form": form,
            **_rule(review),
            **_depth(request, review, wanted),
        },
        then=reverse("plans:plan", args=(case_id,)),
        done="抽取申请已提交，可以抽取专家",
    )
    if request.method != "POST" or not form.is_valid() or "preview" in request.POST:
        return screen.show_form(form)
    given = form.cleaned_data
    return screen.perform(
        "plans.request_panel",
        review_id=review.pk,
        needs=form.needs(),
        meeting_at=form.meeting(),
        pool_key=given["pool_key"],
        **{name: given[name] for name in _PASSED_ON},
    )


_PASSED_ON = ("touches_other_specialties", "is_risk_confirmed", "meeting_mode", "meeting_place", "reason")


@require_POST
def show_depth(request: HttpRequest, case_id: int) -> HttpResponse:
    """The depth of the pool for the numbers that stand in the form now, as a fragment."""
    review = case_page.review_at(request, case_id)
    form = _form(request, review)
    form.is_valid()
    return render(request, "plans/depth.html", _depth(request, review, form.wanted()))


@require_http_methods(["GET", "POST"])
def cancel_request(request: HttpRequest, case_id: int) -> HttpResponse:
    """A page that says what follows, before the request is taken back."""
    review = case_page.review_at(request, case_id)
    found = get_object_or_404(PanelRequest, case=review.case, state=PanelRequest.State.OPEN)
    screen = Screen(
        request,
        template="plans/request_cancel.html",
        page={**case_page.head(request, review), "panel_request": found},
        then=reverse("plans:plan", args=(case_id,)),
        done="抽取申请已撤回",
    )
    form = ReasonForm(request.POST or None)
    return screen.perform_form("plans.cancel_request", form, request_id=found.pk)


def _form(request: HttpRequest, review: Review) -> RequestForm:
    law = review.case.law
    match, modes = law.rule("draw.match"), law.rule("meeting.mode")
    specialties = law.choices("specialties")
    fitting = match.specialties.get(review.plan.work.kind, ()) if isinstance(match, Match) else ()
    lawful = modes.modes if isinstance(modes, MeetingMode) else ("on_site", "remote")
    labels = law.labels("meeting_modes")
    return RequestForm(
        request.POST or None,
        pools=[(pool.key, pool.name) for pool in pools_of(law.pack_id)],
        fitting={key: specialties.get(key, key) for key in fitting},
        specialties={key: label for key, label in specialties.items() if key not in fitting},
        modes=[(mode, labels.get(mode, mode)) for mode in lawful],
        risk_level=permissions.risk_level(law, review.plan.work.risk_level),
        fits=lambda specialty: fits(law, review.plan.work.kind, specialty),
        initial={"meeting_mode": lawful[0]},
    )


def _rule(review: Review) -> dict[str, Any]:
    """How this city draws, and the clauses that the page shows beside the fields."""
    law = review.case.law
    mode = law.rule("draw.mode")
    is_push = isinstance(mode, DrawMode) and mode.is_picked
    return {
        "is_push": is_push,
        "candidates": mode.candidates if isinstance(mode, DrawMode) else None,
        "minimum": mode.minimum_pick if isinstance(mode, DrawMode) else 0,
        "clauses": {
            name: law.clause(key)
            for name, key in (
                ("mode", "draw.mode"),
                ("match", "draw.match"),
                ("size", "panel.size"),
                ("extras", "panel.extras"),
                ("risk", "draw.risk"),
                ("meeting", "meeting.mode"),
            )
        },
        "has_extras": law.has("panel.extras"),
    }


def _depth(request: HttpRequest, review: Review, needs: dict[str, int]) -> dict[str, Any]:
    pool = pools_of(review.case.law.pack_id).first()
    if pool is None:
        return {"supply": [], "shortage": None}
    supply, shortage = queries.supply_for(review, pool, case_page.today(request), needs)
    return {"supply": supply, "shortage": shortage, "has_needs": bool(needs)}
