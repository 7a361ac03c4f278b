"""The closing: answers item by item, recheck, approval, start of works, change."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lunheng.cases.models import Case
from lunheng.cases.views import Screen, key_in
from lunheng.documents.models import Document
from lunheng.meetings.views.shared import case_at
from lunheng.plans.models import Approval, PlanVersion
from lunheng.reports import permissions, queries
from lunheng.reports.forms import AnswerForm, ReasonForm, RecheckForm, VersionForm, item_set
from lunheng.reports.models import Report
from lunheng.reports.views.shared import at_report, context_of, file_of, given_files

BOARD = "reports/revision.html"


def board(request: HttpRequest, case: Case, bound: AnswerForm | None = None, item: int = 0) -> dict[str, Any]:
    """Every item of the report with its answer."""
    report = get_object_or_404(Report, case=case)
    answers = queries.latest_answers(report)
    newer = PlanVersion.objects.filter(review__case=case, number__gt=report.version.number)
    rows = []
    for line in queries.items_of(report):
        number = int(str(line["number"]))
        answer = answers.get(number)
        given = {"answer": answer.answer, "place": answer.place, "reason": answer.reason} if answer else {}
        blank = AnswerForm(initial=given, auto_id=f"id_{number}_%s")
        rows.append((line, answer, bound if bound is not None and number == item else blank))
    sent = set(case.revisions.values_list("version_id", flat=True))
    versions = [one for one in newer.order_by("-number") if one.pk not in sent]
    return context_of(
        request,
        case,
        rows=rows,
        unanswered=queries.unanswered(report),
        versions=versions,
        form=VersionForm(versions=versions),
        rechecks=list(queries.forms_of(case, queries.Stage.RECHECK)),
    )


@require_http_methods(["GET", "POST"])
def revision(request: HttpRequest, case_id: int) -> HttpResponse:
    """The board; a POST sends the revised version on."""
    case = case_at(request, case_id)
    if request.method != "POST":
        return render(request, BOARD, board(request, case))
    return Screen(
        request,
        template=BOARD,
        page=lambda: board(request, case),
        then=at_report(case),
        done="修改后的方案已提交",
    ).perform(
        "reports.submit_revision", case_id=case.pk, version_id=key_in(request.POST.get("version_id", ""))
    )


@require_POST
def answer_item(request: HttpRequest, case_id: int, item: int) -> HttpResponse:
    """The answer to one item."""
    case = case_at(request, case_id)
    report = get_object_or_404(Report, case=case)
    form = AnswerForm(request.POST, auto_id=f"id_{item}_%s")
    if not form.is_valid():
        return render(request, BOARD, board(request, case, form, item), status=422)
    return Screen(
        request,
        template=BOARD,
        page=lambda: board(request, case, form, item),
        then=reverse("reports:revision", args=(case.pk,)),
        done=f"第{item}条已答复",
    ).perform("reports.answer_item", report_id=report.pk, item=item, **form.cleaned_data)


@require_http_methods(["GET", "POST"])
def recheck(request: HttpRequest, case_id: int) -> HttpResponse:
    """The leader compares the answers with the new version, item by item."""
    case = case_at(request, case_id)
    report = get_object_or_404(Report, case=case)
    sent = queries.current_revision(case)
    answers = queries.latest_answers(report)
    data = request.POST if request.method == "POST" else None
    items, form = item_set(data, spare=2), RecheckForm(data)
    documents = list(sent.version.documents.all()) if sent else []

    def page() -> dict[str, Any]:
        rows = [(line, answers.get(int(str(line["number"])))) for line in queries.items_of(report)]
        return context_of(
            request, case, rows=rows, revision=sent, documents=documents, items=items, form=form
        )

    template = "reports/recheck.html"
    if data is None:
        return render(request, template, page())
    if not (items.is_valid() and form.is_valid()):
        return render(request, template, page(), status=422)
    return Screen(request, template=template, page=page, then=at_report(case), done="审查意见已提交").perform(
        "reports.recheck_revision",
        case_id=case.pk,
        version_id=sent.version_id if sent else 0,
        is_positive=form.cleaned_data["is_positive"],
        items=[{key: value for key, value in line.items() if key != "sources"} for line in items.lines()],
    )


@require_http_methods(["GET", "POST"])
def approval(request: HttpRequest, case_id: int) -> HttpResponse:
    """The chief supervisor's page: what is there, what is missing, the sealed page."""
    case = case_at(request, case_id)
    sent = queries.current_revision(case)

    def page() -> dict[str, Any]:
        version = sent.version if sent else None
        director = Approval.Kind.TECHNICAL_DIRECTOR
        return context_of(
            request,
            case,
            revision=sent,
            judgement=permissions.judge_approval(case),
            director_signed=version is not None and queries.has_approval(version, director),
            opinion=queries.leader_opinion(version) if version else "",
            rechecks=list(queries.forms_of(case, queries.Stage.RECHECK)),
        )

    if request.method != "POST":
        return render(request, "reports/approval.html", page())
    return Screen(
        request,
        template="reports/approval.html",
        page=page,
        then=at_report(case),
        done="已批准，修改情况已告知全体专家",
    ).perform("reports.approve_revision", file_of(request, Document.Kind.APPROVAL), case_id=case.pk)


@require_http_methods(["GET", "POST"])
def works(request: HttpRequest, case_id: int) -> HttpResponse:
    """Whether works may start, by which clause, and the button."""
    case = case_at(request, case_id)

    def page() -> dict[str, Any]:
        return context_of(
            request, case, judgement=permissions.judge_works(case), version=queries.version_in_force(case)
        )

    if request.method != "POST":
        return render(request, "reports/works.html", page())
    return Screen(
        request,
        template="reports/works.html",
        page=page,
        then=reverse("reports:works", args=(case.pk,)),
        done="已登记开工",
    ).perform("reports.start_works", case_id=case.pk)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, case_id: int) -> HttpResponse:
    """The plan in force is changed: the consequence first, then files and reason."""
    case = case_at(request, case_id)
    form = ReasonForm(request.POST or None)
    screen = Screen(
        request,
        template="reports/change.html",
        page=context_of(request, case, form=form),
        then=at_report(case),
        done="方案变更已登记，请重新审批并组织论证",
    )
    if request.method != "POST" or not form.is_valid():
        return screen.show()

    def files() -> dict[str, Any]:
        return {"document_ids": [document.pk for document in given_files(request)]}

    return screen.perform("reports.change_plan", files, case_id=case.pk, reason=form.cleaned_data["reason"])


@require_http_methods(["GET", "POST"])
def outside(request: HttpRequest, case_id: int) -> HttpResponse:
    """A conclusion reached outside the platform is not taken."""
    case = case_at(request, case_id)
    screen = Screen(
        request, template="reports/outside.html", page=context_of(request, case), then=at_report(case)
    )
    if request.method != "POST":
        return screen.show()
    taken = file_of(request, Document.Kind.OTHER)
    return screen.perform("reports.upload_outside_conclusion", taken, case_id=case.pk)
