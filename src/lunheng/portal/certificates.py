"""文书核验: whether what somebody holds in the hand is what was issued, and whether it holds on a day."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lunheng.accounts.workspaces import for_everybody
from lunheng.core.deadlines import CHINA
from lunheng.pools.models import Membership
from lunheng.procedures.models import IssuedDocument

STATES = {
    "valid": ("good", "有效"),
    "suspended": ("soon", "已暂停"),
    "ended": ("wait", "已到期"),
    "cancelled": ("late", "已注销"),
    "unknown": ("late", "查无此文书"),
}


class CheckForm(forms.Form):
    """The code of a document, and the day on which one wants to know."""

    code = forms.CharField(label="核验码", max_length=32)
    on = forms.DateField(
        label="核验日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="不填为今天",
    )


@dataclass(frozen=True)
class Checked:
    """What the portal answers: a state, and what was issued where it is known."""

    state: str
    on: date
    issued: IssuedDocument | None = None
    name: str = ""

    @property
    def meaning(self) -> str:
        """The color of the badge."""
        return STATES[self.state][0]

    @property
    def label(self) -> str:
        """The state in words."""
        return STATES[self.state][1]


@for_everybody
@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Anybody checks a document by its code; a name is shown in part, and no number at all."""
    form = CheckForm(request.GET if "code" in request.GET else None)
    today = request.at.astimezone(CHINA).date()  # type: ignore[attr-defined]
    found = None
    if form.is_bound and form.is_valid():
        found = checked(form.cleaned_data["code"], form.cleaned_data["on"] or today)
    return render(request, "portal/certificates.html", {"form": form, "found": found})


def checked(code: str, on: date) -> Checked:
    """The state of a document on a day."""
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    grouped = "-".join(signs[place : place + 4] for place in range(0, len(signs), 4))
    rows = IssuedDocument.objects.select_related("proceeding__case__division", "candidate__file")
    issued = rows.filter(code=grouped).first()
    if issued is None or issued.issued_at.astimezone(CHINA).date() > on:
        return Checked("unknown", on)
    name = issued.candidate.name if issued.candidate else ""
    return Checked(_state(issued, on), on, issued, name)


def _state(issued: IssuedDocument, on: date) -> str:
    if issued.cancelled_at is not None and issued.cancelled_at.astimezone(CHINA).date() <= on:
        return "cancelled"
    file = issued.candidate.file if issued.candidate else None
    standing = Membership.objects.filter(file=file).first() if file else None
    return "valid" if standing is None else _of_standing(standing, on)


def _of_standing(standing: Membership, on: date) -> str:
    is_removed = standing.state == Membership.State.REMOVED
    if standing.is_barred(on) or (
        is_removed and (standing.barred_from is None or standing.barred_from <= on)
    ):
        return "cancelled"
    if standing.ends_on is not None and on >= standing.ends_on:
        return "ended"
    return "suspended" if standing.is_suspended(on) else "valid"
