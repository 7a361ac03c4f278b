"""Uploading, looking at and downloading files. Every look and every download is kept."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from lunheng.accounts.throttle import address_of
from lunheng.cases.middleware import refusal_data
from lunheng.cases.refusals import record_refusal
from lunheng.cases.views import actor_of, log_access, viewable_case
from lunheng.core.errors import Refused, require
from lunheng.documents import store
from lunheng.documents.guard import LARGEST, MEDIA_TYPES, Busy, handlers, size_verdict
from lunheng.documents.guard.examine import PICTURES, RULE, platform_law
from lunheng.documents.guard.intake import TooLarge, receive
from lunheng.documents.guard.places import held, is_full
from lunheng.documents.models import Document
from lunheng.documents.papers import PRINTED
from lunheng.documents.permissions import may_open, may_read_views, may_upload
from lunheng.documents.queries import views_of, waiting_uploads, what_of

FIELD = "file"
# A file is shown as itself and can do nothing: no script, no form, no frame, no origin.
# Shown in a page of ours; the reader of PDFs that browsers bring styles itself.
SEALED = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
SAVED = "default-src 'none'; sandbox; frame-ancestors 'none'"
ACCEPT = ",".join([*(f".{kind}" for kind in MEDIA_TYPES if kind not in PICTURES), "image/*"])
"""``image/*`` and no list of endings: the browsers of telephones hide the camera behind one."""
SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png"})


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The upload page; a POST with one or more files under ``file``. The token is checked inside, after the limit
    on the body is in place."""
    if handlers.is_announced_too_large(request):
        return _refuse(request, TooLarge(size_verdict("pdf", LARGEST + 1)))
    actor = actor_of(request)
    asks_for_a_place = request.method == "POST" and may_upload(actor).is_allowed
    if asks_for_a_place and is_full(account=actor.reference, address=address_of(request)):
        handlers.let_pass(request)
        return _refuse(request, Busy(platform_law().clause(RULE)))
    handlers.limit_upload(request)
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    try:
        require(may_upload(actor_of(request)))
        if request.method != "POST":
            return render(request, "documents/upload.html", _page(request))
        documents = receive_files(request, FIELD, kind=request.POST.get("kind", ""))
    except Refused as refusal:
        return _refuse(request, refusal)
    return _accept(request, documents)


def receive_files(request: HttpRequest, field: str, *, kind: str = "") -> list[Document]:
    """Take the files of one field of a form, for any view whose act names documents.

    Raises:
        Refused: no file, or one that the guard does not let in; earlier ones of the same form stay, unbound.
    """
    files = request.FILES.getlist(field)
    if getattr(request, "is_too_large", False) or not files:
        size = LARGEST + 1 if getattr(request, "is_too_large", False) else 0
        raise TooLarge(size_verdict("pdf", size))
    taken = []
    for file in files[: handlers.FILES_AT_ONCE]:
        arguments = {"actor": actor_of(request), "at": request.at}  # type: ignore[attr-defined]
        try:
            with _place(request):
                taken.append(receive(file.name or "", file.chunks(), kind=kind, **arguments))
        except Busy:
            raise
        except Refused as refusal:
            record_refusal("documents.upload", refusal, arguments)
            raise
    return taken


def _place(request: HttpRequest) -> AbstractContextManager[None]:
    """One of the few places at the parsers, for whoever asks from where."""
    clause = platform_law().clause(RULE)
    at = request.at  # type: ignore[attr-defined]
    return held(account=actor_of(request).reference, address=address_of(request), at=at, clause=clause)


@require_safe
def detail(request: HttpRequest, document_id: int) -> HttpResponse:
    """What is known of one file: name, digest, size, who handed it in and when."""
    document = _openable(request, document_id, "view")
    shown = {"document": document, "is_shown": document.media_type in SHOWN}
    if may_read_views(actor_of(request), document):
        shown["views"] = views_of(document)
    return render(request, "documents/detail.html", shown)


@require_safe
def download(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The bytes as they were handed in, as a file to save."""
    document = _openable(request, document_id, "download")
    return _answer_file(document, document.sha256, is_shown=False)


@require_safe
def show(request: HttpRequest, document_id: int) -> HttpResponseBase:
    """The bytes to be looked at in the page, where the kind of file allows it."""
    document = _openable(request, document_id, "view")
    shown = document.shown_sha256 or document.sha256
    return _answer_file(document, shown, is_shown=document.media_type in SHOWN)


@require_safe
def print_paper(request: HttpRequest, case_id: int, paper: str) -> HttpResponse:
    """An official document of a case as things stand, to be printed; kept in no file."""
    case = viewable_case(request, case_id)
    found = PRINTED.get(paper)
    if found is None:
        raise Http404
    verdict = found.may(actor_of(request), case)
    log_access(request, "print", f"paper {paper}", case.reference, is_allowed=verdict.is_allowed)
    require(verdict)
    subject = found.find(case)
    if subject is None:
        raise Http404
    response = HttpResponse(
        found.form.set(subject, found.entry_of(subject)),
        content_type="application/pdf",
        headers=_manners(True),
    )
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(found.form.name_of(subject))}"
    return response


def _openable(request: HttpRequest, document_id: int, kind: str) -> Document:
    document = get_object_or_404(Document.objects.select_related("case", "case__pack"), pk=document_id)
    verdict = may_open(actor_of(request), document)
    subject = document.case.reference if document.case else ""
    log_access(request, kind, what_of(document), subject, is_allowed=verdict.is_allowed)
    require(verdict)
    return document


def _answer_file(document: Document, digest: str, *, is_shown: bool) -> FileResponse:
    # FileResponse closes the file at the end of the response.
    response = FileResponse(store.open_checked(digest), content_type=document.media_type)
    manner = "inline" if is_shown else "attachment"
    response["Content-Disposition"] = f"{manner}; filename*=UTF-8''{quote(document.name)}"
    for name, value in _manners(is_shown).items():
        response[name] = value
    response["X-Document-Digest"] = f"sha256:{digest}"
    return response


def _manners(is_shown: bool) -> dict[str, str]:
    """How browsers treat the bytes of a file."""
    return {
        "Content-Security-Policy": SEALED if is_shown else SAVED,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN" if is_shown else "DENY",
        "Cache-Control": "private, no-store",
    }


def _page(request: HttpRequest) -> dict[str, Any]:
    return {
        "kinds": "、".join(MEDIA_TYPES),
        "limit": LARGEST // 1024 // 1024,
        "waiting": waiting_uploads(actor_of(request))[:25],
        "accept": ACCEPT,
    }


def _accept(request: HttpRequest, documents: Sequence[Document]) -> HttpResponse:
    if _wants_json(request):
        lines = [_line(document) for document in documents]
        return JsonResponse({**lines[0], "documents": lines})
    field = request.POST.get("name", "document_ids")
    context = {"documents": documents, "name": field if field.isidentifier() else "document_ids"}
    if request.headers.get("HX-Request"):
        return render(request, "documents/uploaded.html", context)
    return render(request, "documents/upload.html", {**_page(request), **context})


def _line(document: Document) -> dict[str, Any]:
    kept = ("id", "name", "sha256", "size", "media_type", "pages")
    return {key: getattr(document, key) for key in kept}


def _refuse(request: HttpRequest, refusal: Refused) -> HttpResponse:
    is_form = request.headers.get("HX-Request") is not None
    status = 413 if isinstance(refusal, TooLarge) and not is_form else 422
    status = 503 if refusal.is_passing else status
    if _wants_json(request):
        return JsonResponse(refusal_data(refusal), status=status)
    context = {"verdict": refusal.verdict, "documents": []}
    if is_form:
        return render(request, "documents/uploaded.html", context, status=503 if refusal.is_passing else 422)
    return render(request, "documents/upload.html", {**_page(request), **context}, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
