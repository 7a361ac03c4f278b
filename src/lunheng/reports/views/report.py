"""The report: compiling, reading, signing, uploading."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lunheng.cases.models import Case
from lunheng.cases.views import Screen, actor_of
from lunheng.documents.models import Document
from lunheng.meetings.queries import confirmed_members, last_meeting
from lunheng.meetings.views.shared import case_at
from lunheng.reports import queries
from lunheng.reports.forms import ReasonForm, ReportForm, SignedReportForm, item_set
from lunheng.reports.models import Breach, Report
from lunheng.reports.papers import QUESTIONS
from lunheng.reports.views.shared import at_report, context_of, file_of


@require_safe
def show_report(request: HttpRequest, case_id: int) -> HttpResponse:
    """Opinions as far as they may be read, votes, the report, signatures, uploads, answers."""
    case = case_at(request, case_id)
    return render(request, "reports/report.html", _report_page(request, case))


def _report_page(request: HttpRequest, case: Case) -> dict[str, Any]:
    meeting, page = last_meeting(case), context_of(request, case)
    report: Report | None = page["report"]
    answers = queries.latest_answers(report) if report else {}
    return {
        **page,
        "meeting": meeting,
        "prereviews": queries.visible_prereviews(case, actor_of(request)),
        "prereview_count": queries.forms_of(case, queries.Stage.PREREVIEW).count(),
        "panel": list(confirmed_members(case)),
        "votes": queries.visible_votes(meeting, actor_of(request)) if meeting else [],
        "missing_votes": queries.missing_votes(meeting) if meeting else [],
        "dissents": list(case.dissents.select_related("meeting", "form__member__expert")),
        "questions": [(text, report.three_questions.get(key, "")) for key, text in QUESTIONS.items()]
        if report
        else [],
        "items": [(item, answers.get(int(str(item["number"])))) for item in queries.items_of(report)]
        if report
        else [],
        "signatures": list(report.signatures.select_related("member__expert")) if report else [],
        "open_defects": queries.open_defects(case),
        "breaches": list(Breach.objects.filter(case=case)),
        "revisions": list(case.revisions.select_related("version")),
        "rechecks": list(queries.forms_of(case, queries.Stage.RECHECK)),
    }


@require_http_methods(["GET", "POST"])
def compile_report(request: HttpRequest, case_id: int) -> HttpResponse:
    """The leader's merge board: every member's items, each to be kept, reworded, merged or left out."""
    case = case_at(request, case_id)
    meeting = last_meeting(case)
    votes = queries.visible_votes(meeting, actor_of(request)) if meeting else []
    data = request.POST if request.method == "POST" else None
    report = queries.report_of(case)
    conclusion = report.conclusion if report else queries.most_common(votes)
    asked = {**report.three_questions, "summary": report.summary} if report else {}
    page = context_of(
        request,
        case,
        votes=votes,
        missing=queries.missing_votes(meeting) if meeting else [],
        is_divided=queries.is_divided(votes) and not queries.has_agreed(case, votes),
        open_defects=queries.open_defects(case),
        items=item_set(data, initial=_merged(votes, report), spare=1, leave_out=True),
        form=ReportForm(data, initial={"conclusion": conclusion, **asked}),
        draft=f"report-{case.pk}",
    )
    items, form = page["items"], page["form"]
    if data is None:
        return render(request, "reports/compile.html", page)
    if not (items.is_valid() and form.is_valid()):
        return render(request, "reports/compile.html", page, status=422)
    given = {
        "conclusion": form.cleaned_data["conclusion"],
        "items": items.lines(),
        "three_questions": form.three_questions(),
        "summary": form.cleaned_data["summary"],
    }
    act: str = "reports.compile_report"
    more: dict[str, Any] = {"case_id": case.pk}
    if report is not None:
        act = "reports.correct_report"
        more = {"report_id": report.pk, "reason": form.cleaned_data["reason"]}
    return Screen(
        request,
        template="reports/compile.html",
        page=lambda: page,
        then=at_report(case),
        done="论证报告已形成，请全体专家签名",
    ).perform(act, **given, **more)


def _merged(votes: list[Any], report: Report | None) -> list[dict[str, Any]]:
    """Items of all members, equal ones once with everybody they come from; or those of the present report."""
    if report is not None:
        return [
            {
                **item,
                "is_required": "1" if item["is_required"] else "0",
                "sources": "、".join(map(str, item.get("sources", []))),  # type: ignore[call-overload]
            }
            for item in queries.items_of(report)
        ]
    merged: dict[tuple[str, str, str], dict[str, Any]] = {}
    for vote in votes:
        for item in vote.items.all():
            key = (item.place, item.problem, item.advice)
            line = merged.setdefault(
                key,
                {
                    "place": item.place,
                    "problem": item.problem,
                    "basis": item.basis,
                    "advice": item.advice,
                    "is_required": "0",
                    "sources": "",
                },
            )
            line["is_required"] = "1" if item.is_required or line["is_required"] == "1" else "0"
            line["sources"] = "、".join(filter(None, [line["sources"], vote.member.expert.name]))
    return list(merged.values())


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, case_id: int) -> HttpResponse:
    """An expert signs electronically, or the organizer hands in the scan of the hand-signed report."""
    case = case_at(request, case_id)
    report = get_object_or_404(Report.objects.select_related("meeting"), case=case)
    members = list(confirmed_members(case))
    form = SignedReportForm(request.POST or None, members=members)

    def page() -> dict[str, Any]:
        signed = queries.signed_members(report)
        method = queries.lawful_method(case, report.meeting.mode)
        rows = [(one, one.pk in signed) for one in members]
        return context_of(request, case, form=form, rows=rows, method=method)

    template = "reports/sign.html"
    if request.method != "POST":
        return render(request, template, page())
    shared: dict[str, Any] = {"template": template, "page": page, "then": at_report(case)}
    if page()["member"] is not None:
        return Screen(request, done="已签署", **shared).perform("reports.sign_report", report_id=report.pk)
    if not form.is_valid():
        return render(request, template, page(), status=422)
    return Screen(request, done="签名的论证报告已上传", **shared).perform(
        "reports.upload_signed_report",
        file_of(request, Document.Kind.SIGNED_REPORT),
        report_id=report.pk,
        signed=form.cleaned_data["signed"],
        outsiders=form.names(),
    )


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, case_id: int) -> HttpResponse:
    """What is missing, by when, and a place for each item."""
    case = case_at(request, case_id)

    def page() -> dict[str, Any]:
        uploads = list(case.uploads.select_related("document").order_by("pk"))
        return context_of(request, case, uploads=uploads, present=queries.present_items(case))

    if request.method != "POST":
        return render(request, "reports/upload.html", page())
    return Screen(
        request,
        template="reports/upload.html",
        page=page,
        then=reverse("reports:upload", args=(case.pk,)),
        done="已上传",
    ).perform(
        "reports.upload_result",
        file_of(request, Document.Kind.OTHER),
        case_id=case.pk,
        item=request.POST.get("item", ""),
    )


@require_POST
def submit(request: HttpRequest, case_id: int) -> HttpResponse:
    """The results are complete: hand them in."""
    case = case_at(request, case_id)

    def page() -> dict[str, Any]:
        uploads = list(case.uploads.select_related("document").order_by("pk"))
        return context_of(request, case, uploads=uploads, present=queries.present_items(case))

    return Screen(
        request, template="reports/upload.html", page=page, then=at_report(case), done="论证结果已提交"
    ).perform("reports.submit_results", case_id=case.pk)


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, case_id: int) -> HttpResponse:
    """No agreed opinion: call the panel together again."""
    case = case_at(request, case_id)
    form = ReasonForm(request.POST or None)

    def page() -> dict[str, Any]:
        dissents = list(case.dissents.select_related("form__member__expert"))
        return context_of(request, case, form=form, dissents=dissents)

    if request.method != "POST" or not form.is_valid():
        return render(request, "reports/reopen.html", page())
    return Screen(
        request,
        template="reports/reopen.html",
        page=page,
        then=reverse("meetings:reschedule", args=(case.pk,)),
        done="请安排下一次论证会",
    ).perform("reports.reopen_votes", case_id=case.pk, reason=form.cleaned_data["reason"])
