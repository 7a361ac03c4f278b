"""Lists of reviews, and where a review begins."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lunheng.cases.listing import Column, Listing
from lunheng.cases.views import Screen, actor_of
from lunheng.core.actor import Role
from lunheng.core.errors import require
from lunheng.core.verdict import Verdict
from lunheng.core.workflow import REVIEW_PHASES
from lunheng.documents.models import Document
from lunheng.plans import queries
from lunheng.plans.forms import LegacyForm, ReviewForm
from lunheng.plans.views.case_page import given_documents, today
from lunheng.web.cells import Mark
from lunheng.web.narrowing import Choice, Days, Flag, Sort
from lunheng.works import queries as works
from lunheng.works.models import HazardousWork
from lunheng.works.permissions import may_view

REVIEWS = Listing(
    name="plans.reviews",
    address="plans:reviews",
    title="专家论证",
    rows=lambda asked: queries.reviews_for(asked.actor),
    search=("case__title", "case__reference", "plan__work__project__name", "contractor__name_key"),
    search_label="工程、方案、施工单位或案号",
    filters=(
        Choice(
            "state", "状态", [(one.value, phase.label) for one, phase in REVIEW_PHASES.items()], "case__state"
        ),
        Flag("legacy", "只看启用前", {"is_legacy": True}),
        Days("since", "发起日期从", "case__opened_at"),
        Days("until", "到", "case__opened_at", is_last=True),
    ),
    sorts=(Sort("newest", "新发起的在前", ("-pk",)), Sort("oldest", "早发起的在前", ("pk",))),
    columns=(
        Column(
            "案号", lambda one: one.case.reference, lambda one: reverse("plans:plan", args=(one.case_id,))
        ),
        Column("方案", lambda one: (one.case.title, Mark("soon", "启用前") if one.is_legacy else None)),
        Column("工程", lambda one: one.plan.work.project.name),
        Column("施工单位", lambda one: one.contractor.name),
        Column("状态", lambda one: one.case.state_label),
        Column("适用规则", lambda one: f"{one.case.pack.title} {one.case.pack.version}"),
    ),
    empty=(
        "没有论证",
        "施工单位在危大工程页面发起专家论证后，参建各方和负责监督的主管部门可以在这里看到。",
    ),
    nothing_found="没有符合条件的论证",
)


@require_safe
def reviews_of_work(request: HttpRequest, work_id: int) -> HttpResponse:
    """The reviews of one work that the actor may see: a fragment, or a page without script."""
    work = _work(request, work_id)
    found = queries.reviews_for(actor_of(request)).filter(plan__work=work).order_by("-pk")
    template = (
        "plans/work_reviews.html" if request.headers.get("HX-Request") else "plans/work_reviews_page.html"
    )
    return render(request, template, {"work": work, "reviews": found})


@require_http_methods(["GET", "POST"])
def open_review(request: HttpRequest, work_id: int) -> HttpResponse:
    """Begin the review of a plan."""
    work = _work(request, work_id)
    parties = works.parties_of(work.project).filter(role=Role.SUBCONTRACTOR.value)
    form = ReviewForm(
        request.POST or None,
        subcontractors=[one.organization for one in parties],
        initial={"title": f"{work.name}专项施工方案"},
    )
    screen = _beginning(request, "plans/review_form.html", work, form)
    return screen.perform_form("plans.open_review", form, work_id=work.pk)


@require_http_methods(["GET", "POST"])
def enter_legacy_review(request: HttpRequest, work_id: int) -> HttpResponse:
    """Enter a review that was engaged before the platform began."""
    work = _work(request, work_id)
    form = LegacyForm(request.POST or None, initial={"title": f"{work.name}专项施工方案"})
    screen = _beginning(request, "plans/legacy_form.html", work, form)
    if request.method != "POST" or not form.is_valid():
        return screen.show_form(form)

    def proof() -> dict[str, Any]:
        proofs = given_documents(request, Document.Kind.PROOF)
        return {"proof_document_id": proofs[0].pk if proofs else None}

    return screen.perform("plans.enter_legacy_review", proof, work_id=work.pk, **form.cleaned_data)


def _work(request: HttpRequest, work_id: int) -> HazardousWork:
    """The work, after a verdict that this actor may see its project."""
    related = ("project", "project__file", "project__division", "project__district")
    work = get_object_or_404(HazardousWork.objects.select_related(*related), pk=work_id)
    require(may_view(actor_of(request), work.project))
    return work


def _beginning(request: HttpRequest, template: str, work: HazardousWork, form: forms.Form) -> Screen:
    return Screen(
        request,
        template=template,
        page=_context(request, work, form),
        then=lambda review: reverse("plans:plan", args=(review.case_id,)),
        done="论证已发起，请提交专项施工方案",
    )


def _context(request: HttpRequest, work: HazardousWork, form: forms.Form) -> dict[str, Any]:
    project = work.project
    pack = works.applicable_pack(project.place_id, project.kind, today(request))
    return {
        "work": work,
        "project": project,
        "form": form,
        "pack": None if isinstance(pack, Verdict) else pack,
        "no_pack": pack if isinstance(pack, Verdict) else None,
        "previous": queries.last_over(work),
    }
