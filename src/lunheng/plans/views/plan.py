"""The plan of a review: its versions, and submitting one."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lunheng.cases.views import Screen, actor_of, key_in
from lunheng.core.actor import Role
from lunheng.documents.models import Document
from lunheng.panels.models import Member
from lunheng.plans import permissions
from lunheng.plans.forms import VersionForm
from lunheng.plans.models import PlanVersion, Review
from lunheng.plans.views import case_page


@require_safe
def show_plan(request: HttpRequest, case_id: int) -> HttpResponse:
    """Versions, parts, approvals; at the side what is still missing. An expert opens it after the commitment."""
    review = case_page.review_at(request, case_id)
    context = case_page.head(request, review)
    version = context["version"]
    member = _member(request, review)
    is_open = actor_of(request).role is not Role.EXPERT or _may_read(member)
    context |= {
        "is_open": is_open,
        "member": member,
        "is_expert": actor_of(request).role is Role.EXPERT,
        "panel_request": case_page.living_request(review.case),
        "parts": case_page.part_rows(review, version) if is_open else [],
        "approvals": case_page.approval_rows(review, version),
        "documents": list(version.documents.all()) if version and is_open else [],
        "may_mark": permissions.may_submit(actor_of(request), review).is_allowed,
        "versions": list(review.versions.prefetch_related("approvals").order_by("-number")),
        "deliveries": _deliveries(version),
    }
    return render(request, "plans/plan.html", context)


@require_http_methods(["GET", "POST"])
def submit_version(request: HttpRequest, case_id: int) -> HttpResponse:
    """Submit a version: files, pages of the parts, the statement on the site."""
    review = case_page.review_at(request, case_id)
    rows = case_page.part_rows(review, None)
    context = case_page.head(request, review)
    earlier = context["version"]
    pages = {f"part_{key}": page for key, page in (earlier.parts if earlier else {}).items()}
    form = VersionForm(request.POST or None, parts={row["key"]: row["label"] for row in rows}, initial=pages)
    context["form"] = form
    screen = Screen(
        request,
        template="plans/version_form.html",
        page=context,
        then=reverse("plans:plan", args=(case_id,)),
        done="方案已提交，等待审核和审查",
    )
    if request.method != "POST" or not form.is_valid():
        return screen.show_form(form)

    def files() -> dict[str, Any]:
        documents = case_page.given_documents(request, Document.Kind.PLAN)
        numbers = [document.pk for document in documents]
        return {
            "document_ids": numbers,
            "secret_document_ids": numbers if form.cleaned_data["is_secret"] else [],
        }

    return screen.perform(
        "plans.submit_version",
        files,
        review_id=review.pk,
        parts=form.parts(),
        has_site_statement=form.cleaned_data["has_site_statement"],
        note=form.cleaned_data["note"],
    )


@require_POST
def mark_secret(request: HttpRequest, case_id: int) -> HttpResponse:
    """The client marks files of the newest version as secret."""
    review = case_page.review_at(request, case_id)
    version = review.versions.order_by("number").last()
    then = reverse("plans:plan", args=(case_id,))
    if version is None:
        return HttpResponseRedirect(then)
    numbers = [key for key in map(key_in, request.POST.getlist("document_ids")) if key]
    done = "文件已标明为保密"
    return Screen(request, then, done).perform(
        "plans.mark_secret", version_id=version.pk, document_ids=numbers
    )


@require_POST
def open_version(request: HttpRequest, case_id: int) -> HttpResponse:
    """A member begins to read: the first opening is kept."""
    review = case_page.review_at(request, case_id)
    version = review.versions.order_by("number").last()
    then = reverse("plans:plan", args=(case_id,))
    if version is None:
        return HttpResponseRedirect(then)
    return Screen(request, then).perform("plans.open_version", version_id=version.pk)


def _member(request: HttpRequest, review: Review) -> Member | None:
    """The seat of the expert who looks, or None for everybody else."""
    actor = actor_of(request)
    if actor.role is not Role.EXPERT:
        return None
    found = Member.objects.filter(case=review.case, expert__reference=actor.expert)
    return found.exclude(state__in=Member.GONE).order_by("pk").last()


def _may_read(member: Member | None) -> bool:
    """A confirmed member who signed the commitment."""
    is_seated = member is not None and member.state == Member.State.CONFIRMED
    return is_seated and member is not None and member.committed_at is not None


def _deliveries(version: PlanVersion | None) -> list[Any]:
    if version is None:
        return []
    return list(version.deliveries.select_related("member", "member__expert").order_by("delivered_at"))
