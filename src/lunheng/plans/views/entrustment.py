"""自行组织 or 委托论证机构."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lunheng.cases.models import Case
from lunheng.cases.views import Screen, actor_of
from lunheng.core.actor import Role
from lunheng.plans import queries
from lunheng.plans.forms import AgencyForm, ReasonForm
from lunheng.plans.models import Entrustment, Review
from lunheng.plans.views import case_page


@require_http_methods(["GET", "POST"])
def show_entrustment(request: HttpRequest, case_id: int) -> HttpResponse:
    """Who organizes the review, and the offer to an agency."""
    review = _review(request, case_id)
    screen = _desk(
        request, review, reverse("plans:entrustment", args=(case_id,)), "委托已发出，等待论证机构接受"
    )
    return screen.perform_form("plans.entrust_agency", AgencyForm(request.POST or None), review_id=review.pk)


@require_POST
def accept_entrustment(request: HttpRequest, case_id: int) -> HttpResponse:
    """The agency accepts."""
    review = _review(request, case_id)
    offered = get_object_or_404(review.entrustments, state=Entrustment.State.OFFERED)
    screen = _desk(request, review, reverse("plans:plan", args=(case_id,)), "已接受委托，由本机构组织论证")
    return screen.perform("plans.accept_entrustment", entrustment_id=offered.pk)


@require_http_methods(["GET", "POST"])
def end_entrustment(request: HttpRequest, case_id: int) -> HttpResponse:
    """A page that says what follows, before the entrustment ends."""
    review = _review(request, case_id)
    living = get_object_or_404(review.entrustments.exclude(state=Entrustment.State.ENDED))
    screen = Screen(
        request,
        template="plans/entrustment_end.html",
        page={**_context(request, review), "entrustment": living},
        then=reverse("plans:reviews"),
        done="委托已解除",
    )
    form = ReasonForm(request.POST or None)
    return screen.perform_form("plans.end_entrustment", form, entrustment_id=living.pk)


def _desk(request: HttpRequest, review: Review, then: str, done: str) -> Screen:
    return Screen(
        request,
        template="plans/entrustment.html",
        page=lambda: {**_context(request, review), "form": AgencyForm()},
        then=then,
        done=done,
    )


def _review(request: HttpRequest, case_id: int) -> Review:
    """The review; an agency sees it from the offer on, before it is a party."""
    actor = actor_of(request)
    is_offered = (
        actor.role is Role.AGENCY
        and Entrustment.objects.filter(
            review__case_id=case_id, agency__code=actor.organization, state=Entrustment.State.OFFERED
        ).exists()
    )
    if not is_offered:
        return case_page.review_at(request, case_id)
    review = queries.review_of(get_object_or_404(Case, pk=case_id))
    return review


def _context(request: HttpRequest, review: Review) -> dict[str, Any]:
    actor = actor_of(request)
    living = review.entrustments.exclude(state=Entrustment.State.ENDED).select_related("agency").first()
    is_contractor = actor.role is Role.CONTRACTOR and actor.organization == review.contractor.code
    is_agency = living is not None and actor.organization == living.agency.code
    rule = review.case.law.rule("roles.organiser")
    return {
        **case_page.head(request, review),
        "living": living,
        "history": list(review.entrustments.select_related("agency").order_by("-pk")),
        "is_contractor": is_contractor,
        "is_agency": is_agency,
        "is_agency_lawful": bool(getattr(rule, "agency_allowed", False)),
        "clause": review.case.law.clause("roles.organiser"),
    }
