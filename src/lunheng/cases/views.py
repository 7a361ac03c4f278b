"""What every screen shares: opening a case with a verdict, and performing an act from a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
from lunheng.ledger import tallies
from lunheng.ledger.models import Access

SAFE = ("GET", "HEAD")
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
        record_refusal(
            "cases.view_case", refusal, {"actor": actor, "at": at, "case_id": case.pk}, is_read=True
        )
        raise
    return case


def log_access(
    request: HttpRequest, kind: str, what: str, subject: str = "", *, is_allowed: bool = True
) -> None:
    """Keep who opened what."""
    actor, at = actor_of(request), request.at  # type: ignore[attr-defined]
    is_read = request.method in SAFE
    if not tallies.is_kept(actor.reference, kind="access", what=kind, is_read=is_read, at=at):
        return
    Access.objects.create(
        kind=kind,
        what=what,
        subject=subject,
        account=actor.reference,
        role=actor.role.value,
        allowed=is_allowed,
        request=actor.request,
        at=at,
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


@dataclass(frozen=True)
class Screen:
    """One page with an act behind it: what it shows, what it says when the act is done, and where it leads then.

    ``page`` is asked when the page is shown, so that it shows what is true then; ``then`` and ``done`` may depend on what
    the act returned. The page that shows a refusal is the same one, with everything that was typed.
    """

    request: HttpRequest
    then: str | Callable[[Any], str]
    done: str | Callable[[Any], str] = ""
    template: str = "cases/refused.html"
    page: Mapping[str, Any] | Callable[[], Mapping[str, Any]] = field(default_factory=dict)

    def show(self, *, status: int = 200, **more: Any) -> HttpResponse:
        """The page."""
        return render(self.request, self.template, {**self._shown(), **more}, status=status)

    def _shown(self) -> Mapping[str, Any]:
        return self.page() if callable(self.page) else self.page

    def show_form(self, form: forms.BaseForm | forms.BaseFormSet[Any], **more: Any) -> HttpResponse:
        """The page with a form that was not sent yet, or with what is wrong in it."""
        return self.show(status=422 if form.is_bound and not form.is_valid() else 200, form=form, **more)

    def perform(
        self, name: str, given: Callable[[], Mapping[str, Any]] = dict, /, **arguments: Any
    ) -> HttpResponse:
        """Perform the act and go on; or show the page again with clause, value and remedy of the refusal, and nothing changed.

        ``given`` brings what may itself be refused: a file that the guard does not let in.
        """
        try:
            result = perform(self.request, name, **arguments, **given())
        except Refused as refusal:
            if not refusal.is_kept:
                at = self.request.at  # type: ignore[attr-defined]
                record_refusal(name, refusal, {**arguments, "actor": actor_of(self.request), "at": at})
            return self.show(status=503 if refusal.is_passing else 403, verdict=refusal.shown)
        if done := self.done(result) if callable(self.done) else self.done:
            messages.success(self.request, done)
        return HttpResponseRedirect(self.then(result) if callable(self.then) else self.then)

    def perform_form(self, name: str, form: forms.Form, /, **arguments: Any) -> HttpResponse:
        """One form, one act: show the form, or perform the act with what was typed."""
        whole = replace(self, page=lambda: {**self._shown(), "form": form})
        if self.request.method != "POST" or not form.is_valid():
            return whole.show_form(form)
        return whole.perform(name, **{**form.cleaned_data, **arguments})
