"""The first page of every seat, the list of cases, and the page of one case."""

import json
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from lunheng.cases.models import Case
from lunheng.cases.queries import open_deadlines, parties_of
from lunheng.cases.timeline import timeline
from lunheng.cases.views import actor_of, log_access, viewable_case
from lunheng.core.actor import Role
from lunheng.core.workflow import ReviewState, step_marks
from lunheng.desk import permissions, queries
from lunheng.documents import case_file
from lunheng.documents.queries import documents_of
from lunheng.panels.queries import transcript

PAGE = 25
LATEST = 5


def home(request: HttpRequest) -> HttpResponse:
    """What waits for this seat; people without a seat are led to the door."""
    actor = actor_of(request)
    if actor.role == Role.PUBLIC:
        return HttpResponseRedirect(reverse("accounts:login"))
    context = {"duties": queries.duties(actor), "counts": queries.counts(actor)}
    return render(request, "desk/home.html", context)


def list_cases(request: HttpRequest) -> HttpResponse:
    """The queue, sorted by lawful deadline; filters stay in the address."""
    actor = actor_of(request)
    text, state = request.GET.get("text", "").strip(), request.GET.get("state", "")
    cases = queries.ordered_by_deadline(
        queries.filtered(queries.visible_cases(actor), text=text, state=state)
    )
    page = Paginator(cases, PAGE).get_page(request.GET.get("page"))
    deadlines = queries.next_deadlines(list(page.object_list))
    rows = [{"case": case, "deadline": deadlines.get(case.pk)} for case in page.object_list]
    states = [(one.value, label) for one, label in permissions.STATE_LABELS.items()]
    context = {"page": page, "rows": rows, "text": text, "state": state, "states": states}
    return render(request, "desk/cases.html", context)


def show_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: head, step bar, the card that matters, timeline, parties and files."""
    case = viewable_case(request, case_id)
    if case.kind != case.Kind.REVIEW:
        return HttpResponseRedirect(reverse("desk:home"))
    log_access(request, "case", case.title, case.reference)
    steps = [{"label": label, "state": mark} for label, mark in step_marks(ReviewState(case.state))]
    actor = actor_of(request)
    lines = _timeline_entries(request, case)
    context = {
        "case": case,
        "review": case.review,
        "law": case.law,
        "steps": steps,
        "turn": queries.turn(case, actor.role, request.at),  # type: ignore[attr-defined]
        "deadlines": open_deadlines(case),
        "lines": lines,
        "latest": lines[: -LATEST - 1 : -1],
        "parties": parties_of(case),
        "documents": documents_of(case),
        "followed_by": case.followed_by.all(),
        "organizer": permissions.organizer_words(case),
        "void": permissions.void_words(case),
    }
    return render(request, "desk/case.html", context)


def _timeline_entries(request: HttpRequest, case: Case) -> list[dict[str, object]]:
    return [
        {
            "at": line.at,
            "who": line.actor if line.actor == line.role else f"{line.actor}（{line.role}）",
            "text": line.label,
            "clause": line.clause,
        }
        for line in timeline(case, actor_of(request))
    ]


def export_timeline(request: HttpRequest, case_id: int) -> HttpResponse:
    """The whole timeline as one file."""
    case = viewable_case(request, case_id)
    log_access(request, "export", "timeline", case.reference)
    entries = [{**vars(line), "at": line.at.isoformat()} for line in timeline(case, actor_of(request))]
    document = {"case": case.reference, "title": case.title, "pack": case.pack_id, "entries": entries}
    return _attachment(
        json.dumps(document, ensure_ascii=False, indent=1).encode(),
        f"{case.reference}-timeline.json",
        "application/json",
    )


def export_case_file(request: HttpRequest, case_id: int) -> HttpResponse:
    """The case file: documents, digests, ledger entries, draw transcripts."""
    case = viewable_case(request, case_id)
    log_access(request, "export", "case file", case.reference)
    extra = {
        f"transcript-{number}.json": json.dumps(document, ensure_ascii=False, indent=1).encode()
        for number, document in enumerate(_transcripts(case), 1)
    }
    content = case_file.build(case, extra, actor=actor_of(request))
    return _attachment(content, f"{case.reference}.zip", "application/zip")


def _transcripts(case: Case) -> list[dict[str, Any]]:
    drawn = case.panel_requests.filter(draws__isnull=False).distinct().order_by("number")
    return [transcript(request) for request in drawn]


def _attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
