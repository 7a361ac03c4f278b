"""Which pages belong to units and which to experts, and the one check that every page and every act passes.

A log-in of the wrong kind is refused by the clause of the city that it came in through, also when the address is typed
by hand: by the path, by a mark on the view, and by the seat in which it would act.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from lunheng.accounts.cities import City, all_cities, city_covering
from lunheng.accounts.models import Account, Seat
from lunheng.accounts.permissions import (
    has_real_name,
    may_take,
    may_use_expert_workspace,
    may_use_organization_workspace,
)
from lunheng.accounts.sessions import CITY_KEY
from lunheng.accounts.traces import record_refusal
from lunheng.core.policy import Law
from lunheng.core.verdict import Verdict, combine, reasons_of

OF_EVERYBODY = frozenset({"portal", "web", "accounts"})
"""Apps whose pages are public; pages of others are marked with ``for_everybody`` one by one."""
ORGANIZATION_PATHS = ("/works/", "/projects/", "/plans/")
EXPERT_PATHS = ("/my/",)

View = TypeVar("View", bound=Callable[..., Any])


def workspace(name: str) -> Callable[[View], View]:
    """Mark a view as a page of units (``organization``) or of experts (``expert``), whatever its path.

    Raises:
        ValueError: any other name.
    """
    if name not in ("organization", "expert"):
        raise ValueError(f"{name}: organization or expert")
    return lambda view: _mark(view, "workspace", name)


def for_everybody(view: View) -> View:
    """Mark a view as a public page: it opens for every log-in, proven or not."""
    return _mark(view, "is_for_everybody", True)


def city_of(request: HttpRequest, seat: Seat | None) -> City | None:
    """The city through whose door the session came, or the one in which the seat's office or unit lies."""
    return _city_among(all_cities(request.at), request, seat)  # type: ignore[attr-defined]


def _city_among(cities: list[City], request: HttpRequest, seat: Seat | None) -> City | None:
    key = request.session.get(CITY_KEY)
    came_through = next((one for one in cities if one.key == key), None)
    if came_through is not None or seat is None:
        return came_through
    division = seat.division_id or (seat.organization.division_id if seat.organization else "")
    return city_covering(cities, division)


def verdict_on(request: HttpRequest, view: Callable[..., Any]) -> Verdict | None:
    """Whether the log-in may open the page; None where nobody is logged in or the page is public."""
    account = request.user
    if not isinstance(account, Account) or _is_public(request, view):
        return None
    seat: Seat | None = request.seat  # type: ignore[attr-defined]
    cities = all_cities(request.at)  # type: ignore[attr-defined]
    city = _city_among(cities, request, seat)
    laws = [city.law] if city else [one.law for one in cities]
    page = "" if seat is not None and seat.is_office else _workspace_of(request, view)
    verdicts = [verdict for law in laws for verdict in _by_law(law, account, seat, page)]
    return combine(*verdicts) if verdicts else None


def refuse(request: HttpRequest, verdict: Verdict, *, act: str = "accounts.open_page") -> HttpResponse:
    """The refusal as a page or as data, kept as a refused attempt."""
    actor = request.actor  # type: ignore[attr-defined]
    record_refusal(request, act, verdict, actor=actor)
    if request.path.startswith("/api/"):
        data = {"outcome": verdict.outcome.value, "reasons": reasons_of(verdict)}
        return JsonResponse(data, status=403)
    return render(
        request, "accounts/refused.html", {"verdict": verdict, "what": "没有打开这个页面"}, status=403
    )


def _by_law(law: Law, account: Account, seat: Seat | None, page: str) -> list[Verdict]:
    verdicts = [has_real_name(account, law)]
    if page == "organization":
        verdicts.append(may_use_organization_workspace(account, law))
    if page == "expert":
        verdicts.append(may_use_expert_workspace(account, law))
    if seat is not None:
        verdicts.append(may_take(seat, account, law))
    return verdicts


def _is_public(request: HttpRequest, view: Callable[..., Any]) -> bool:
    match = request.resolver_match
    app = match.app_name if match else ""
    return app in OF_EVERYBODY or bool(getattr(view, "is_for_everybody", False))


def _workspace_of(request: HttpRequest, view: Callable[..., Any]) -> str:
    if request.path.startswith(ORGANIZATION_PATHS):
        return "organization"
    return "expert" if request.path.startswith(EXPERT_PATHS) else str(getattr(view, "workspace", ""))


def _mark(view: View, name: str, value: object) -> View:
    setattr(view, name, value)
    return view
