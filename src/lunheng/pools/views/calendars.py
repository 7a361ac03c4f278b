"""工作日历: what is known of a year in the territory, what is assumed, and where the office enters the notice."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from lunheng.cases.views import Screen, actor_of
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import require
from lunheng.jurisdictions.calendars import entered_days, work_calendar
from lunheng.pools import permissions
from lunheng.pools.forms import DaysForm, YearForm
from lunheng.pools.models import Pool

TEMPLATE = "pools/calendar.html"
YEARS_AHEAD = 3
YEAR_IDS = "id_year_%s"


@require_safe
def show_calendar(request: HttpRequest) -> HttpResponse:
    """The calendar of one year, with the two forms."""
    pool = _pool(request)
    return Screen(request, template=TEMPLATE, page=_page(request, pool), then="").show()


@require_POST
def enter_days(request: HttpRequest) -> HttpResponse:
    """Days of a notice, line by line or from a file."""
    pool, form = _pool(request), DaysForm(request.POST, request.FILES)
    page = {**_page(request, pool), "form": form}
    screen = Screen(
        request,
        template=TEMPLATE,
        page=page,
        then=_back(request),
        done="放假安排已录入，暂定期限随后重新计算",
    )
    if not form.is_valid():
        return screen.show(status=422)
    given = form.cleaned_data
    return screen.perform("pools.enter_days", pool_id=pool.pk, notice=given["notice"], days=given["days"])


@require_POST
def declare_year(request: HttpRequest) -> HttpResponse:
    """Nothing of the year is missing."""
    pool, form = _pool(request), YearForm(request.POST, auto_id=YEAR_IDS)
    page = {**_page(request, pool), "year_form": form}
    screen = Screen(
        request, template=TEMPLATE, page=page, then=_back(request), done="已宣布录完，暂定期限随后重新计算"
    )
    if not form.is_valid():
        return screen.show(status=422)
    return screen.perform("pools.declare_year", pool_id=pool.pk, **form.cleaned_data)


def _pool(request: HttpRequest) -> Pool:
    """The pool of the office's own territory.

    Raises:
        Refused: the office does not keep its calendar.
    """
    place = actor_of(request).jurisdiction or None
    pool = get_object_or_404(Pool.objects.filter(division_id=place).order_by("pk")[:1])
    require(permissions.may_keep_calendar(actor_of(request), pool, request.at))  # type: ignore[attr-defined]
    return pool


def _year(request: HttpRequest) -> int:
    now: int = request.at.astimezone(CHINA).year  # type: ignore[attr-defined]
    asked = request.GET.get("year", "")
    is_near = (
        len(asked) == 4 and asked.isascii() and asked.isdecimal() and abs(int(asked) - now) <= YEARS_AHEAD
    )
    return int(asked) if is_near else now


def _back(request: HttpRequest) -> str:
    return f"{reverse('pools:calendar')}?year={_year(request)}"


def _page(request: HttpRequest, pool: Pool) -> Mapping[str, Any]:
    year, calendar = _year(request), work_calendar()
    now = request.at.astimezone(CHINA).year  # type: ignore[attr-defined]
    doubtful = [
        (day, "上班" if calendar.is_working_day(day, pool.division_id) else "放假")
        for day in calendar.doubtful_days(year, pool.division_id)
    ]
    lines = "\n".join(f"{day.isoformat()} {word}" for day, word in doubtful)
    return {
        "pool": pool,
        "year": year,
        "years": [now + ahead for ahead in range(YEARS_AHEAD)],
        "is_known": calendar.is_published(year, pool.division_id),
        "doubtful": doubtful,
        "entered": entered_days(pool.division_id, year),
        "form": DaysForm(initial={"lines": lines}),
        "year_form": YearForm(initial={"year": year}, auto_id=YEAR_IDS),
    }
