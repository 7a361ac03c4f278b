"""The log in public: checkpoint, tiles and policy for everybody, and an entry's receipt for whoever may see its case."""

from io import BytesIO
from pathlib import Path
from uuid import UUID

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from lunheng.cases.models import Case
from lunheng.cases.views import log_access, viewable_case
from lunheng.ledger import log
from lunheng.ledger.models import Entry, Tree

TEXT = "text/plain; charset=utf-8"
FOR_SECONDS = "public, max-age=5"
FOR_EVER = "public, max-age=31536000, immutable"
NOT_YET = "尚无检查点覆盖这条存证，请稍后再取"


@require_safe
def checkpoint(request: HttpRequest, tree: Tree = Tree.SHA256) -> HttpResponse:
    """The newest signed checkpoint of a tree with the cosignatures that came in."""
    newest = log.published(tree)
    if newest is None:
        raise Http404
    return HttpResponse(log.cosigned(newest), content_type=TEXT, headers={"Cache-Control": FOR_SECONDS})


@require_safe
def tile(request: HttpRequest, path: str, tree: Tree = Tree.SHA256) -> HttpResponse:
    """A tile or a bundle of entries; what is published never changes, so anybody may keep it."""
    try:
        content = log.resource(path, tree)
    except log.NotInLog as error:
        raise Http404 from error
    return HttpResponse(content, content_type="application/octet-stream", headers={"Cache-Control": FOR_EVER})


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Whose signatures count: what outsiders hand to the verifier, after comparing it with what was announced."""
    file = Path(settings.LEDGER_POLICY)
    if not file.is_file():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type=TEXT, headers={"Cache-Control": FOR_SECONDS})


@require_safe
def receipt(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """The ``.tlog-proof`` of an entry; 404 with the time to wait while no checkpoint covers it."""
    entry = _viewable_entry(request, entry_id)
    try:
        content = log.receipt(entry.pk).render()
    except log.NotInLog:
        return HttpResponse(NOT_YET, content_type=TEXT, status=404, headers={"Retry-After": "5"})
    log_access(request, "receipt", str(entry.pk), entry.subject)
    name = f"{entry.subject}-{entry.subject_number}.tlog-proof"
    return HttpResponse(
        content, content_type=TEXT, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@require_safe
def code(request: HttpRequest, entry_id: UUID) -> HttpResponse:
    """A QR code to print beside an entry: where its receipt is, and the first 32 digits of its leaf."""
    entry = _viewable_entry(request, entry_id)
    address = settings.SITE_ADDRESS + reverse("portal:receipt", args=[entry.pk])
    picture = BytesIO()
    segno.make(f"{address}#{bytes(entry.leaf_sha256).hex()[:32]}", error="m").save(
        picture, kind="svg", scale=4
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _viewable_entry(request: HttpRequest, entry_id: UUID) -> Entry:
    entry = get_object_or_404(Entry, pk=entry_id)
    viewable_case(request, get_object_or_404(Case, reference=entry.subject).pk)
    return entry
