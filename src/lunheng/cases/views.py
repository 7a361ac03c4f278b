"""What every screen shares: opening a case with a verdict, and performing an act from a form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from lunheng.cases import made, permissions
from lunheng.cases.acts import REGISTRY, injected
from lunheng.cases.models import Case
from lunheng.cases.refusals import record_refusal
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused, require
from lunheng.ledger.models import Access

LONGEST_KEY = 18
"""Digits that fit into every column of keys."""


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, in the seat that the person chose."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def viewable_case(request: HttpRequest, case_id: int) -> Case:
    """The case, after a verdict that this actor may see it; a refusal is kept and becomes a page.

    Raises:
        Refused: the actor is neither party, nor on the panel, nor the supervising authority.
    """
    cases = Case.objects.select_related("division", "district", "pack").defer("pack__content")
    case = get_object_or_404(cases, pk=case_id)
    actor, at = actor_of(request), request.at  # type: ignore[attr-defined]
    try:
        require(permissions.may_view(actor, case))
    except Refused as refusal:
        record_refusal("cases.view_case", refusal, {"actor": actor, "at": at, "case_id": case.pk})
        raise
    return case


def log_access(
    request: HttpRequest, kind: str, what: str, subject: str = "", *, is_allowed: bool = True
) -> None:
    """Keep who opened what."""
    actor = actor_of(request)
    Access.objects.create(
        kind=kind,
        what=what,
        subject=subject,
        account=actor.reference,
        role=actor.role.value,
        allowed=is_allowed,
        request=actor.request,
        at=request.at,  # type: ignore[attr-defined]
    )


def key_in(text: str) -> int:
    """The number of a row as a form gives it; 0, which no row has, for what is none or fits into no column."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY else 0


def perform(request: HttpRequest, name: str, /, **arguments: Any) -> Any:
    """Perform an act for the person who asks, at the request's moment, with what only the server gives.

    What it entered is kept with the request: the page that follows offers the receipt (``ReceiptMiddleware``).
    """
    spec = REGISTRY[name]
    with made.collecting() as entries:
        done = spec.perform(**arguments, **injected(spec), actor=actor_of(request), at=request.at)  # type: ignore[attr-defined]
    if entries:
        request.receipts = [*getattr(request, "receipts", ()), entries[0]]  # type: ignore[attr-defined]
    return done


def perform_form(
    request: HttpRequest,
    name: str,
    form: forms.Form,
    /,
    *,
    template: str,
    context: Mapping[str, Any],
    then: str,
    done: str,
    **arguments: Any,
) -> HttpResponse:
    """One form, one act: show the form, or perform and go on to ``then``; a refusal stays on the page with its
    clause and keeps what was typed."""
    if request.method != "POST" or not form.is_valid():
        return render(request, template, {**context, "form": form}, status=422 if form.errors else 200)
    try:
        perform(request, name, **{**form.cleaned_data, **arguments})
    except Refused as refusal:
        return render(request, template, {**context, "form": form, "verdict": refusal.verdict}, status=403)
    messages.success(request, done)
    return HttpResponseRedirect(then)
