"""The log in public: checkpoint, tiles and policy, for everybody. Receipts are next door."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lunheng.ledger import log
from lunheng.ledger.models import Tree

TEXT = "text/plain; charset=utf-8"
FOR_SECONDS = "public, max-age=5"
FOR_EVER = "public, max-age=31536000, immutable"


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
