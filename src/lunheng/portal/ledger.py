"""The log in public: in words, and as checkpoint, tiles and policy, for everybody. Receipts are next door."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lunheng.core.ledger.quorum import NONE, Policy
from lunheng.ledger import alarms, log, trees
from lunheng.ledger.models import Checkpoint, Cosignature, Pending, Tree

TEXT = "text/plain; charset=utf-8"
FOR_SECONDS = "public, max-age=5"
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Watcher:
    """A witness of the policy, and the longest log that it has put its name to."""

    name: str
    key: str
    last: Cosignature | None


@dataclass(frozen=True)
class Branch:
    """One tree of the log as it stands."""

    label: str
    address: str
    newest: Checkpoint | None


@require_safe
def show_log(request: HttpRequest) -> HttpResponse:
    """How long the log is, who signed it last, who watches it, and what is overdue."""
    policy = _policy()
    addresses = {Tree.SHA256: "portal:checkpoint", Tree.SM3: "portal:second_checkpoint"}
    context = {
        "branches": [Branch(tree.label, addresses[tree], log.published(tree)) for tree in trees.in_use()],
        "waiting": Pending.objects.count(),
        "keys": [(party.key.name, party.key.identifier.hex()) for party in policy.logs] if policy else [],
        "watchers": [
            _watcher(party.key.name, party.key.identifier.hex()) for party in policy.witnesses.values()
        ]
        if policy
        else [],
        "has_policy": policy is not None,
        "asks_witnesses": policy is not None and policy.quorum != NONE,
        "delays": alarms.delays(request.at, policy or Policy(quorum=NONE)),  # type: ignore[attr-defined]
    }
    return render(request, "portal/log.html", context)


def _policy() -> Policy | None:
    """The published policy; none before the signer first ran."""
    try:
        return log.policy()
    except (OSError, ValueError):
        return None


def _watcher(name: str, key: str) -> Watcher:
    found = Cosignature.objects.filter(witness=name, checkpoint__tree=Tree.SHA256).select_related(
        "checkpoint"
    )
    return Watcher(name, key, found.order_by("checkpoint__size").last())


@require_safe
def checkpoint(request: HttpRequest, tree: Tree = Tree.SHA256) -> HttpResponse:
    """The checkpoint of a tree that holds outside, with the cosignatures that came in. Witnesses are asked, they do not
    come here for what they are still to cosign."""
    handed_out = log.handed_out(tree)
    if handed_out is None:
        raise Http404
    return HttpResponse(log.cosigned(handed_out), content_type=TEXT, headers={"Cache-Control": FOR_SECONDS})


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
