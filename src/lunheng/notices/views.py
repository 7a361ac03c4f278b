"""Public notices: the list, and one notice with the form of an objection. No log-in."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lunheng.accounts.throttle import TooManyAttempts, address_of, key_of, try_once
from lunheng.accounts.workspaces import for_everybody
from lunheng.cases.views import perform
from lunheng.core.errors import Refused
from lunheng.jurisdictions.models import Division
from lunheng.notices import queries
from lunheng.notices.forms import ObjectionForm
from lunheng.notices.permissions import OBJECTIONS_OF_AN_ADDRESS

ROWS = 25


@for_everybody
@require_safe
def list_notices(request: HttpRequest) -> HttpResponse:
    """What offices tell everybody, newest first."""
    at, division = request.at, request.GET.get("division", "")  # type: ignore[attr-defined]
    page = Paginator(queries.public_notices(division), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(notice, queries.is_open(notice, at)) for notice in page],
        "division": division,
        "divisions": Division.objects.filter(pk__in=queries.public_notices().values("case__division_id")),
    }
    return render(request, "notices/notices.html", context)


@for_everybody
@require_http_methods(["GET", "HEAD", "POST"])
def show_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One notice; while it runs anybody may object."""
    notice = get_object_or_404(queries.public_notices(), pk=notice_id)
    form = ObjectionForm(request.POST or None)
    number = request.GET.get("filed", "")
    context = {
        "notice": notice,
        "form": form,
        "is_open": queries.is_open(notice, request.at),  # type: ignore[attr-defined]
        "filed": number if number.isdecimal() else "",
    }
    if request.method != "POST" or not form.is_valid():
        return render(request, "notices/notice.html", context, status=422 if form.errors else 200)
    try:
        try_once([(OBJECTIONS_OF_AN_ADDRESS, key_of(address_of(request)))], request.at)  # type: ignore[attr-defined]
        objection = perform(request, "notices.file_objection", notice_id=notice.pk, **form.cleaned_data)
    except TooManyAttempts:
        form.add_error(None, "提交次数过多，请一小时后再试")
        return render(request, "notices/notice.html", context, status=429)
    except Refused as refusal:
        return render(request, "notices/notice.html", {**context, "verdict": refusal.verdict}, status=403)
    return HttpResponseRedirect(f"{reverse('notices:notice', args=(notice.pk,))}?filed={objection.number}")
