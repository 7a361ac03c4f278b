"""The expert's desk: first opinion, vote, severe defects."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from lunheng.cases.models import Case
from lunheng.cases.views import Screen, actor_of
from lunheng.meetings.queries import current_version
from lunheng.meetings.views.shared import case_at
from lunheng.panels.models import Member
from lunheng.reports import queries
from lunheng.reports.forms import ConclusionForm, ReasonForm, item_set
from lunheng.reports.models import DefectAnswer, OpinionForm
from lunheng.reports.papers import OPINION_FORM, QUESTIONS
from lunheng.reports.views.shared import context_of

SPARE, MORE = 1, 3


def _lines_of(form: OpinionForm | None) -> list[dict[str, Any]]:
    if form is None:
        return []
    return [
        {
            "place": item.place,
            "problem": item.problem,
            "basis": item.basis,
            "advice": item.advice,
            "is_required": "1" if item.is_required else "0",
        }
        for item in form.items.all()
    ]


def _desk(request: HttpRequest, case: Case, **more: Any) -> dict[str, Any]:
    version = current_version(case)
    base = context_of(request, case)
    member = base["member"]
    own = queries.own_form(member, queries.Stage.PREREVIEW, version) if member else None
    is_open = member is not None and member.committed_at is not None
    return {
        **base,
        "version": version,
        "documents": list(version.documents.all()) if is_open else [],
        "is_open": is_open,
        "own": own,
        "others": [one for one in queries.visible_prereviews(case, actor_of(request)) if one != own],
        "questions": QUESTIONS,
        "sheet_title": OPINION_FORM.title_of(case),
        **more,
    }


def _write(request: HttpRequest, case: Case, act: str, template: str, page: dict[str, Any]) -> HttpResponse:
    """The opinion sheet: show it, add rows to it without a script, or hand it in."""
    member: Member | None = page["member"]
    items, form = page["items"], page["form"]
    if request.method != "POST":
        return render(request, template, page)
    if "add" in request.POST:
        return render(request, template, {**page, "items": _longer(request)})
    if not (items.is_valid() and form.is_valid()):
        return render(request, template, page, status=422)
    lines = [{key: value for key, value in line.items() if key != "sources"} for line in items.lines()]
    return Screen(
        request, template=template, page=lambda: page, then=request.path, done="意见已提交"
    ).perform(
        act, member_id=member.pk if member else 0, items=lines, conclusion=form.cleaned_data["conclusion"]
    )


def _longer(request: HttpRequest) -> Any:
    data = request.POST.copy()
    count = int(data.get("items-TOTAL_FORMS", "0") or 0)
    data["items-TOTAL_FORMS"] = str(min(count + MORE, 100))
    return item_set(data)


@require_http_methods(["GET", "POST"])
def prereview(request: HttpRequest, case_id: int) -> HttpResponse:
    """The plan above, the opinion sheet below; what was typed stays on the device until it is handed in."""
    case = case_at(request, case_id)
    page = _desk(
        request,
        case,
        items=item_set(request.POST if request.method == "POST" else None, spare=SPARE),
        form=ConclusionForm(request.POST or None),
        draft=f"prereview-{case.pk}",
    )
    return _write(request, case, "reports.submit_opinion", "reports/prereview.html", page)


@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, case_id: int) -> HttpResponse:
    """The final vote, with the first opinion's items to start from."""
    case = case_at(request, case_id)
    desk = _desk(request, case)
    meeting = case.meetings.order_by("-number").first()
    member: Member | None = desk["member"]
    stage, version = queries.Stage.FINAL, desk["version"]
    voted = queries.own_form(member, stage, version, meeting) if member and meeting else None
    page = {
        **desk,
        "items": item_set(
            request.POST if request.method == "POST" else None, initial=_lines_of(desk["own"]), spare=2
        ),
        "form": ConclusionForm(request.POST or None),
        "draft": f"vote-{case.pk}-{meeting.number if meeting else 0}",
        "voted": voted,
        "missing": queries.missing_votes(meeting) if meeting else [],
    }
    return _write(request, case, "reports.cast_vote", "reports/vote.html", page)


@require_http_methods(["GET", "POST"])
def defects(request: HttpRequest, case_id: int) -> HttpResponse:
    """The list of 63号 by chapter; what concerns the kind of works comes first."""
    case = case_at(request, case_id)

    def page() -> dict[str, Any]:
        chapters = queries.defect_rows(case)
        answers = DefectAnswer.Answer.choices
        return context_of(request, case, chapters=chapters, answers=answers, open=queries.open_defects(case))

    if request.method != "POST":
        return render(request, "reports/defects.html", page())
    return Screen(
        request,
        template="reports/defects.html",
        page=page,
        then=reverse("reports:defects", args=(case.pk,)),
        done="核对结果已保存",
    ).perform("reports.answer_defects", case_id=case.pk, answers=_changed(request, case))


def _changed(request: HttpRequest, case: Case) -> list[dict[str, str]]:
    """Answers that differ from what is stored."""
    stored = queries.defect_answers(case)
    lines = []
    for defect in queries.defect_list(case).defects:
        answer, place = request.POST.get(defect.id, ""), request.POST.get(f"{defect.id}-place", "")
        known = stored.get(defect.id)
        if answer and (known is None or (known.answer, known.place) != (answer, place)):
            lines.append({"item": defect.id, "answer": answer, "place": place})
    return lines


@require_POST
def clear_defect(request: HttpRequest, case_id: int, item: str) -> HttpResponse:
    """The defect exists no more."""
    case = case_at(request, case_id)
    form = ReasonForm(request.POST)
    form.is_valid()
    chapters = queries.defect_rows(case)
    return Screen(
        request,
        template="reports/defects.html",
        page=lambda: context_of(
            request,
            case,
            chapters=chapters,
            answers=DefectAnswer.Answer.choices,
            open=queries.open_defects(case),
        ),
        then=reverse("reports:defects", args=(case.pk,)),
        done="严重缺陷已核销",
    ).perform("reports.clear_defect", case_id=case.pk, item=item, reason=form.cleaned_data.get("reason", ""))
