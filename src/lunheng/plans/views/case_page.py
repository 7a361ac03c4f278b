"""What the pages of a plan have in common: the head, the step bar, what is still missing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lunheng.cases.models import Case
from lunheng.cases.queries import parties_of, whose_turn_words
from lunheng.cases.views import actor_of, key_in, viewable_case
from lunheng.core.deadlines import CHINA
from lunheng.core.procedures.prompts import prompt_of
from lunheng.core.workflow import REVIEW_PHASES, ReviewState, step_marks
from lunheng.documents.models import Document
from lunheng.documents.views import receive_files
from lunheng.panels.models import PanelRequest
from lunheng.panels.permissions import may_organize
from lunheng.plans import permissions, queries
from lunheng.plans.models import Approval, PlanVersion, Review


@dataclass(frozen=True)
class Turn:
    """Whose turn it is at the plan, and the button for whoever is asked."""

    who: str
    clause: str = ""
    otherwise: str = ""
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
    }


def turn(request: HttpRequest, review: Review, version: PlanVersion | None) -> Turn:
    """Whose turn it is, by which clause, what follows if nothing is done, and the actor's button."""
    state, actor, case = ReviewState(review.case.state), actor_of(request), review.case
    if state is ReviewState.REVISING:
        return _turn_to_revise(request, review, version)
    if state is ReviewState.DRAFTING:
        may = permissions.may_submit(actor, review).is_allowed
        return _turn(review.contractor.name, case, *_button(may, "提交方案", "plans:submit_version", case))
    if state is ReviewState.APPROVING and version is not None:
        may = bool(kinds_of(request, review))
        who = "、".join(_unsigned(review, version))
        return _turn(who, case, *_button(may, "审查方案", "plans:review_version", case))
    if state is ReviewState.READY:
        return _turn_to_draw(request, review)
    who = whose_turn_words(case)
    return Turn(who, label="查看办理进度", url=reverse("desk:case", args=(case.pk,)))


def _turn(who: str, case: Case, label: str, url: str, *, is_asked: bool = False) -> Turn:
    """The card of a phase of the plan, with what the step table says of it."""
    prompt = prompt_of(ReviewState(case.state), is_asked=is_asked)
    assert prompt is not None
    return Turn(who, str(case.law.clause(prompt.rule)), prompt.otherwise, label, url)


def _turn_to_revise(request: HttpRequest, review: Review, version: PlanVersion | None) -> Turn:
    """After the report: the contractor answers and revises, and its technical director signs the new version."""
    case, who = review.case, review.contractor.name
    unsigned = _unsigned(review, version) if version is not None else []
    mine = [kind for kind in kinds_of(request, review) if Approval.Kind(kind).label in unsigned]
    if mine and mine != [Approval.Kind.CHIEF_SUPERVISOR]:
        return _turn(who, case, *_button(True, "审查方案", "plans:review_version", case))
    may = permissions.may_submit(actor_of(request), review).is_allowed
    return _turn(who, case, *_button(may, "逐条答复并提交修改稿", "reports:revision", case))


def _turn_to_draw(request: HttpRequest, review: Review) -> Turn:
    """The organizer asks for a panel, and then lets it be drawn."""
    case = review.case
    who = queries.organizer_of(review).name
    may = may_organize(actor_of(request), case).is_allowed
    if living_request(case) is None:
        return _turn(who, case, *_button(may, "申请抽取专家", "plans:request_panel", case))
    return _turn(who, case, *_button(may, "去抽取专家", "panels:panel", case), is_asked=True)


def _button(is_asked: bool, label: str, name: str, case: Case) -> tuple[str, str]:
    return (label, reverse(name, args=(case.pk,))) if is_asked else ("", "")


def _unsigned(review: Review, version: PlanVersion) -> list[str]:
    """The approvals that are still missing, by the people who sign them."""
    signed = set(version.approvals.filter(is_granted=True).values_list("kind", flat=True))
    needed = queries.needed_kinds(review.case.law, review.plan)
    return [Approval.Kind(kind).label for kind in needed if kind not in signed]


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
    numbers = [key for key in map(key_in, request.POST.getlist("document_ids")) if key]
    if numbers:
        return list(Document.objects.filter(pk__in=numbers))
    return receive_files(request, "file", kind=kind) if request.FILES.getlist("file") else []


def today(request: HttpRequest) -> date:
    """The day in China."""
    day: date = request.at.astimezone(CHINA).date()  # type: ignore[attr-defined]
    return day
