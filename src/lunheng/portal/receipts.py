"""Receipts: what anybody may check of an entry, and its content for those who may read it.

An entry's body is public in the log's bundles, and so is its receipt; what the body commits to is not.
"""

import json
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from lunheng.cases.models import Case
from lunheng.cases.permissions import may_view
from lunheng.cases.sealing import may_take_content
from lunheng.cases.views import actor_of, log_access, viewable_case
from lunheng.core.actor import Role
from lunheng.core.errors import require
from lunheng.core.events import words_of
from lunheng.core.verdict import combine
from lunheng.documents.case_file import salted
from lunheng.documents.proofs import proof_of
from lunheng.ledger import log
from lunheng.ledger.models import Entry, Payload
from lunheng.ledger.receipts import consequences, digits_of, files_of, grouped, signed_size, standing

TEXT = "text/plain; charset=utf-8"
JSON = "application/json; charset=utf-8"
NOT_YET = "尚无检查点覆盖这条存证，请稍后再取"
FRESH = timedelta(seconds=60)
SOON, LATER = 2, 15
"""Seconds between two questions of a waiting page: while the checkpoint is expected, and when it is overdue."""


@require_safe
def receipt(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The ``.tlog-proof`` of an entry; 404 with the time to wait while no checkpoint covers it."""
    entry = get_object_or_404(Entry, pk=entry_id)
    try:
        proof = log.receipt(entry.pk).render()
    except log.NotInLog:
        return HttpResponse(NOT_YET, content_type=TEXT, status=404, headers={"Retry-After": "5"})
    if actor_of(request).role != Role.PUBLIC:
        log_access(request, "receipt", str(entry.pk), entry.subject)
    return _attachment(proof, entry, "tlog-proof", TEXT)


@require_safe
def code(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """A QR code to print beside an entry: where its receipt is, and the first 32 digits of its leaf."""
    entry = get_object_or_404(Entry, pk=entry_id)
    picture = BytesIO()
    segno.make(proof_of(entry).address, error="m").save(picture, kind="svg", scale=4, light="#ffffff")
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@require_safe
def page(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Where the code on a document leads: what is public of the entry, its files by digest, and its receipt."""
    entry = Entry.objects.select_related("sequence", "payload").filter(pk=entry_id).first()
    if entry is None:
        return render(request, "portal/no_entry.html", {"entry_id": entry_id}, status=404)
    documents = [one for one in consequences(entry) if files_of(one)]
    shown = _shown(request, entry)
    context = {
        **shown,
        "told": _told(entry) if shown["has_content"] else {},
        "printed": digits_of(entry),
        "files": files_of(entry),
        "documents": [(one, files_of(one)) for one in documents],
    }
    return render(request, "portal/entry.html", context)


@require_safe
def state(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The fragment that a page asks for again and again until a signed checkpoint covers the entry."""
    response = render(request, "portal/receipt.html", _shown(request, _entry(entry_id)))
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def payload(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """Content and salt in one file, as the case file has them, for whoever may read the content; kept as access."""
    entry, found = _readable(request, entry_id, "payload")
    return _attachment(salted(found), entry, "payload.json", JSON)


@require_safe
def content(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """What the entry commits to, byte by byte; kept as access."""
    entry, found = _readable(request, entry_id, "content")
    return _attachment((found.content or "").encode(), entry, "content.json", JSON)


@require_safe
def salt(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The salt of the commitment in hexadecimal digits; kept as access."""
    entry, found = _readable(request, entry_id, "salt")
    return _attachment(bytes(found.salt or b"").hex().encode(), entry, "salt.txt", TEXT)


def _entry(entry_id: UUID) -> Entry:
    return get_object_or_404(Entry.objects.select_related("sequence"), pk=entry_id)


def _told(entry: Entry) -> dict[str, str]:
    """What was done and by which clause, for those who may read the content."""
    content = json.loads(entry.payload.content or "{}")
    return {name: str(content.get(name, "")) for name in ("label", "clause")}


def _shown(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    at: datetime = request.at  # type: ignore[attr-defined]
    covered = signed_size()
    is_late = at - entry.recorded_at > FRESH
    return {
        "entry": entry,
        "step": words_of(entry.event),
        "standing": standing(entry, covered),
        "covered": covered,
        "digits": grouped(digits_of(entry)),
        "leaf": bytes(entry.leaf_sha256).hex(),
        "seconds": LATER if is_late else SOON,
        "is_late": is_late,
        "has_content": _may_read(request, entry),
    }


def _may_read(request: HttpRequest, entry: Entry) -> bool:
    actor = actor_of(request)
    case = Case.objects.filter(reference=entry.subject).select_related("pack").first()
    if actor.role == Role.PUBLIC or case is None:
        return False
    verdict = combine(may_view(actor, case), may_take_content(actor, case, entry))
    return verdict.is_allowed and Payload.objects.filter(entry=entry, erased_at__isnull=True).exists()


def _readable(request: HttpRequest, entry_id: UUID, kind: str) -> tuple[Entry, Payload]:
    """Entry and content, after a verdict that this reader may have it.

    Raises:
        Refused: no business in this file, or the content is not open to this reader yet.
        Http404: the content was erased; what remains is the proof that it was there.
    """
    entry = get_object_or_404(Entry.objects.select_related("payload"), pk=entry_id)
    case = viewable_case(request, get_object_or_404(Case, reference=entry.subject).pk)
    require(may_take_content(actor_of(request), case, entry))
    if entry.payload.erased_at is not None:
        raise Http404("内容已按规定擦除")
    log_access(request, kind, str(entry.pk), entry.subject)
    return entry, entry.payload


def _attachment(given: bytes, entry: Entry, kind: str, media_type: str) -> HttpResponse:
    name = f"{entry.subject}-{entry.subject_number}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(given, content_type=media_type, headers=headers)
