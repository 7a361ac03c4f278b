"""What the pages of a plan have in common: the head, the step bar, what is still missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lunheng.cases.models import Case
from lunheng.cases.queries import parties_of
from lunheng.cases.views import actor_of, viewable_case
from lunheng.core.actor import Role
from lunheng.core.deadlines import CHINA
from lunheng.core.workflow import REVIEW_PHASES, ReviewState, step_marks
from lunheng.documents.models import Document
from lunheng.documents.views import receive_files
from lunheng.panels.models import PanelRequest
from lunheng.plans import permissions, queries
from lunheng.plans.models import Approval, PlanVersion, Review


@dataclass(frozen=True)
class Turn:
    """Whose turn it is at the plan, and the button for whoever is asked."""

    who: str
    label: str = ""
    url: str = ""


def review_at(request: HttpRequest, case_id: int) -> Review:
    """The review of a case that this actor may see."""
    case = viewable_case(request, case_id)
    review = queries.review_of(case)
    review.case = case
    return review


def head(request: HttpRequest, review: Review) -> dict[str, Any]:
    """The context of every page of a plan."""
    case = review.case
    state = ReviewState(case.state)
    version = queries.latest_version(review)
    return {
        "review": review,
        "case": case,
        "project": review.plan.work.project,
        "work": review.plan.work,
        "version": version,
        "steps": [{"label": label, "state": mark} for label, mark in step_marks(state)],
        "phase": REVIEW_PHASES[state],
        "readiness": queries.readiness(case.law, review.plan, version),
        "turn": turn(request, review, version),
        "parties": list(parties_of(case)),
        "agency": queries.agency_of(review),
        "risk_level": permissions.risk_level(case.law, review.plan.work.risk_level),
        "layout": "web/layouts/phone.html"
        if actor_of(request).role is Role.EXPERT
        else "web/layouts/public.html",
    }


def turn(request: HttpRequest, review: Review, version: PlanVersion | None) -> Turn:
    """Whose turn it is, with the next button if it is the actor's."""
    state = ReviewState(review.case.state)
    who = "、".join(role.label for role in REVIEW_PHASES[state].turn)
    actor, case = actor_of(request), review.case
    if state in (ReviewState.DRAFTING, ReviewState.REVISING):
        button = ("提交方案", "plans:submit_version")
        return _turn(who, button, case, permissions.may_submit(actor, review).is_allowed)
    if state is ReviewState.APPROVING and version is not None:
        return _turn(who, ("审查方案", "plans:review_version"), case, bool(kinds_of(request, review)))
    if state is ReviewState.READY:
        is_asked = permissions.may_organize(actor, review).is_allowed and living_request(case) is None
        return _turn(who, ("申请抽取专家", "plans:request_panel"), case, is_asked)
    return Turn(who)


def _turn(who: str, button: tuple[str, str], case: Case, is_asked: bool) -> Turn:
    return Turn(who, button[0], reverse(button[1], args=(case.pk,))) if is_asked else Turn(who)


def kinds_of(request: HttpRequest, review: Review) -> list[str]:
    """The kinds of approval that this actor may sign on this plan."""
    actor = actor_of(request)
    needed = queries.needed_kinds(review.case.law, review.plan)
    return [kind for kind in needed if permissions.may_sign(actor, review, kind).is_allowed]


def living_request(case: Case) -> PanelRequest | None:
    """The request of the case that was not taken back."""
    return (
        case.panel_requests.exclude(state=PanelRequest.State.CANCELLED)
        .select_related("organizer", "pool")
        .prefetch_related("needs")
        .first()
    )


def part_rows(review: Review, version: PlanVersion | None) -> list[dict[str, Any]]:
    """The parts of the rule with the page of each."""
    rule = review.case.law.rule("plan.readiness")
    labels = review.case.law.labels("plan_parts")
    pages = version.parts if version else {}
    return [
        {"key": part, "label": labels.get(part, part), "page": pages.get(part)}
        for part in getattr(rule, "parts", ())
    ]


def approval_rows(review: Review, version: PlanVersion | None) -> list[dict[str, Any]]:
    """The approvals that the plan needs, with what was signed last."""
    signed = {}
    if version is not None:
        for approval in version.approvals.select_related("document"):
            signed[approval.kind] = approval
    needed = queries.needed_kinds(review.case.law, review.plan)
    return [{"label": Approval.Kind(kind).label, "approval": signed.get(kind)} for kind in needed]


def given_documents(request: HttpRequest, kind: str) -> list[Document]:
    """Files that were uploaded before (by number), or that come with this form.

    Raises:
        Refused: a file that the guard does not let in.
    """
    numbers = [number for number in request.POST.getlist("document_ids") if number.isdigit()]
    if numbers:
        return list(Document.objects.filter(pk__in=numbers))
    return receive_files(request, "file", kind=kind) if request.FILES.getlist("file") else []


def today(request: HttpRequest) -> date:
    """The day in China."""
    day: date = request.at.astimezone(CHINA).date()  # type: ignore[attr-defined]
    return day
