"""Log-ins, log-outs and refusals at the door are kept, like every other refused attempt."""

from django.http import HttpRequest

from lunheng.core.actor import Actor
from lunheng.core.verdict import Verdict, reasons_of
from lunheng.ledger import tallies
from lunheng.ledger.models import Access, RefusedAttempt


def record_access(
    request: HttpRequest, kind: str, what: str, *, actor: Actor, is_allowed: bool = True
) -> None:
    """Keep that somebody came, left, or tried to come; the tries of strangers are counted once they are many."""
    at = request.at  # type: ignore[attr-defined]
    if not tallies.is_kept(actor.reference, kind="access", what=kind, is_read=False, at=at):
        return
    Access.objects.create(
        kind=kind,
        what=what[:160],
        account=actor.reference,
        role=actor.role.value,
        allowed=is_allowed,
        request=actor.request,
        at=at,
    )


def record_refusal(request: HttpRequest, act: str, verdict: Verdict, *, actor: Actor) -> None:
    """Keep what was refused, by which clauses; the tries of strangers are counted once they are many."""
    at = request.at  # type: ignore[attr-defined]
    if not tallies.is_kept(actor.reference, kind="refusal", what=act, is_read=False, at=at):
        return
    RefusedAttempt.objects.create(
        act=act,
        account=actor.reference,
        role=actor.role.value,
        organization=actor.organization,
        subject=request.path[:64],
        reasons=reasons_of(verdict),
        request=actor.request,
        at=at,
    )
