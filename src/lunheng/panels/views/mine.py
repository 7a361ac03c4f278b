"""我的抽取: the expert's own view of every draw of the pool, drawn or not."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lunheng.cases.views import actor_of
from lunheng.experts.models import Expert
from lunheng.panels.queries import mine
from lunheng.panels.views.invitations import to_log_in

ROWS = 10
"""Every row reads the pool of a whole draw."""


@require_safe
def list_draws(request: HttpRequest) -> HttpResponse:
    """Own leaf, chance and outcome in every completed draw of the pool; nobody else's."""
    if not request.user.is_authenticated:
        return to_log_in(request)
    expert = Expert.objects.filter(reference=actor_of(request).expert or "-").first()
    if expert is None:
        return render(request, "panels/mine.html", {"rows": [], "expert": None})
    page = Paginator(mine.draws_for(expert), ROWS).get_page(request.GET.get("page"))
    context = {"rows": mine.own_draws(expert, page), "page": page, "expert": expert}
    return render(request, "panels/mine.html", context)
