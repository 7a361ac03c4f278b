"""集中评审: one page for a batch of files that wait for the same group, each with its own result."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from lunheng.cases.views import Screen, actor_of
from lunheng.core.errors import Refused
from lunheng.core.policy.proceedings.kinds import OUTCOMES
from lunheng.procedures import permissions, queries
from lunheng.procedures.forms import SessionForm
from lunheng.procedures.models import Proceeding


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, procedure: str, step: str) -> HttpResponse:
    """The files that wait here for this seat; who has none here reads nothing."""
    waiting = queries.waiting_in_session(actor_of(request), procedure, step)
    if not waiting or waiting[0].rule.by_id[step].kind != "joint_review":
        raise Refused(permissions.UNKNOWN)
    here, law = waiting[0].rule.by_id[step], waiting[0].case.law
    form = SessionForm(request.POST or None, step=here)
    screen = Screen(
        request,
        template="procedures/session.html",
        page={
            "title": permissions.title_of(law, here),
            "clause": waiting[0].clause_of(here),
            "step": here,
            "rows": [_row(request, one) for one in waiting],
            "outcomes": [(one, OUTCOMES[one]) for one in here.outcomes],
            "form": form,
        },
        then=reverse("procedures:proceedings"),
        done=f"{permissions.title_of(law, here)}：结果已登记",
    )
    if request.method != "POST" or not form.is_valid():
        return screen.show(status=422 if form.errors else 200)
    results = [
        {"proceeding_id": one.pk, "outcome": outcome, "reason": request.POST.get(f"reason-{one.pk}", "")}
        for one in waiting
        if (outcome := request.POST.get(f"outcome-{one.pk}", ""))
    ]
    given = {"group": form.group, "held_on": form.cleaned_data["held_on"], "results": results}
    return screen.perform("procedures.review_jointly", lambda: given, step=step)


def _row(request: HttpRequest, proceeding: Proceeding) -> dict[str, Any]:
    return {
        "proceeding": proceeding,
        "outcome": request.POST.get(f"outcome-{proceeding.pk}", ""),
        "reason": request.POST.get(f"reason-{proceeding.pk}", ""),
    }
