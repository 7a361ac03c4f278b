"""The first page of every seat, the list of cases, and the page of one case."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from lunheng.cases.models import Case
from lunheng.cases.precedents import gaps
from lunheng.cases.queries import open_deadlines, parties_of
from lunheng.cases.refusals import record_refusal
from lunheng.cases.timeline import TimelineLine, timeline
from lunheng.cases.views import actor_of, log_access, viewable_case
from lunheng.core.actor import Actor, Role
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.quorum import NONE, Policy
from lunheng.core.workflow import ReviewState, step_marks
from lunheng.desk import permissions, queries
from lunheng.desk.lists import FINDINGS, numbers
from lunheng.documents import auditing, case_file
from lunheng.documents.auditing import damaged_of
from lunheng.documents.permissions import may_open
from lunheng.documents.queries import documents_of, what_of
from lunheng.ledger import alarms, log
from lunheng.ledger.models import Finding
from lunheng.ledger.receipts import grouped
from lunheng.panels.queries import transcript

LATEST = 5


def home(request: HttpRequest) -> HttpResponse:
    """What waits for this seat; people without a seat are led to the door."""
    actor = actor_of(request)
    if actor.role == Role.PUBLIC:
        target = "procedures:proceedings" if request.user.is_authenticated else "accounts:login"
        return HttpResponseRedirect(reverse(target))
    context = {
        "duties": queries.duties(actor),
        "numbers": numbers(request),
        "alarms": _alarms(actor, request.at),  # type: ignore[attr-defined]
    }
    return render(request, "desk/home.html", context)


def _alarms(actor: Actor, at: datetime) -> list[str]:
    """What of the log is overdue, for those who have to have it cleared up."""
    if actor.role not in permissions.KEEPERS:
        return []
    try:
        policy = log.policy()
    except (OSError, ValueError):  # there is no policy before the signer first ran
        policy = Policy(quorum=NONE)
    return [*alarms.delays(at, policy), *auditing.alarms()]


def show_findings(request: HttpRequest) -> HttpResponse:
    """What the last comparison of tables and ledger found, what it means, and what to do now."""
    actor, at = actor_of(request), request.at  # type: ignore[attr-defined]
    try:
        require(permissions.may_read_findings(actor))
    except Refused as refusal:
        record_refusal("desk.findings", refusal, {"actor": actor, "at": at})
        raise
    found, cases = list(Finding.objects.all()), queries.visible_cases(actor)
    context = {
        "listing": FINDINGS.part(request, queries.finding_lines(found, cases)),
        "found_at": found[0].found_at if found else None,
        "missing": queries.missing_steps(found, cases),
    }
    return render(request, "desk/findings.html", context)


def show_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: head, step bar, the card that matters, timeline, parties and files."""
    case = viewable_case(request, case_id)
    if case.kind != case.Kind.REVIEW:
        return HttpResponseRedirect(reverse("desk:home"))
    log_access(request, "case", case.title, case.reference)
    steps = [{"label": label, "state": mark} for label, mark in step_marks(ReviewState(case.state))]
    actor = actor_of(request)
    lines = _timeline_entries(timeline(case, actor))
    context = {
        "case": case,
        "review": case.review,
        "law": case.law,
        "steps": steps,
        "turn": queries.turn(case, actor.role, request.at),  # type: ignore[attr-defined]
        "deadlines": open_deadlines(case),
        "total": len(lines),
        "latest": lines[: -LATEST - 1 : -1],
        "parties": parties_of(case),
        "documents": documents_of(case),
        "followed_by": case.followed_by.all(),
        "organizer": permissions.organizer_words(case),
        "void": permissions.void_words(case),
        "gaps": gaps(case),
        "damaged": damaged_of(case),
        "order": case.law.clause("platform.order"),
    }
    return render(request, "desk/case.html", context)


def _timeline_entries(lines: Iterable[TimelineLine]) -> list[dict[str, object]]:
    return [
        {
            "id": line.number,
            "number": line.number,
            "at": line.at,
            "who": line.who,
            "text": line.label,
            "clause": line.clause,
            "note": permissions.content_words(line),
            "proof": line.proof,
            "is_signed": line.is_signed,
            "digits": grouped(line.digits),
            "proof_url": reverse("portal:entry", args=[line.entry_id]),
            "receipt_url": reverse("portal:receipt", args=[line.entry_id]) if line.is_signed else "",
        }
        for line in lines
    ]


def show_timeline(request: HttpRequest, case_id: int) -> HttpResponse:
    """The whole timeline for people: who, what, when, by which clause, each line with its proof; made to be printed."""
    case = viewable_case(request, case_id)
    if case.kind != case.Kind.REVIEW:
        return HttpResponseRedirect(reverse("desk:home"))
    log_access(request, "timeline", case.title, case.reference)
    text = request.GET.get("text", "").strip()
    lines = timeline(case, actor_of(request))
    found = [line for line in lines if text in f"{line.who} {line.label} {line.clause}"]
    context = {
        "case": case,
        "text": text,
        "lines": _timeline_entries(found),
        "total": len(lines),
        "waiting": sum(not line.is_signed for line in lines),
        "gaps": permissions.gap_words(case),
        "order": case.law.clause("platform.order"),
    }
    return render(request, "desk/timeline.html", context)


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
    for document in documents_of(case):
        if document.is_secret and may_open(actor_of(request), document).is_allowed:
            log_access(request, "download", what_of(document), case.reference)
    return _attachment(content, f"{case.reference}.zip", "application/zip")


def _transcripts(case: Case) -> list[dict[str, Any]]:
    drawn = case.panel_requests.filter(draws__isnull=False).distinct().order_by("number")
    return [transcript(request) for request in drawn]


def _attachment(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
