"""What the doors share: which city, which seat, where to go, and how a refusal or a limit is shown."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from lunheng.accounts.cities import City, all_cities
from lunheng.accounts.door import door_of
from lunheng.accounts.models import Account, Seat
from lunheng.accounts.permissions import Entrance
from lunheng.accounts.sessions import actor_of_account, log_in
from lunheng.accounts.throttle import TooManyAttempts
from lunheng.accounts.traces import record_access, record_refusal
from lunheng.core.actor import Actor, Role
from lunheng.core.verdict import Verdict

DOOR_CITY = "door_city"
DOOR_NEXT = "door_next"
NOBODY = "public"


def chosen_city(request: HttpRequest) -> City | None:
    """The city named in the address, or remembered from before, or the only one there is."""
    cities = {one.key: one for one in all_cities(request.at)}  # type: ignore[attr-defined]
    named = request.GET.get("city", "")
    if named in cities:
        door_of(request).note(DOOR_CITY, named)
    if len(cities) == 1:
        return next(iter(cities.values()))
    return cities.get(named or door_of(request).look(DOOR_CITY))


def remember_target(request: HttpRequest) -> None:
    """Keep the page to come back to."""
    if "next" in request.GET:
        door_of(request).note(DOOR_NEXT, request.GET["next"])


def go_on(request: HttpRequest) -> HttpResponse:
    """To the page that was asked for, if it is on this site, or to the first page after a log-in."""
    target = door_of(request).take(DOOR_NEXT)
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if is_ours else settings.LOGIN_REDIRECT_URL)


def seat_behind(entrance: Entrance | None, account: Account) -> Seat | None:
    """The seat in which one acts first behind a door: of its kind, a unit's own before a post in it."""
    seats = account.seats.filter(is_active=True).select_related("organization", "account")
    return next((seat for seat in seats.order_by("position", "pk") if _is_behind(entrance, seat)), None)


def _is_behind(entrance: Entrance | None, seat: Seat) -> bool:
    if entrance == Entrance.COMPANY:
        return seat.is_of_organization
    if entrance in (Entrance.EXPERT, Entrance.APPLICANT):
        return bool(seat.expert)
    return entrance is None or seat.is_office


def admit(
    request: HttpRequest, account: Account, *, how: str, city: City, entrance: Entrance | None
) -> HttpResponse:
    """Log in and go on."""
    door = entrance.label if entrance else "统一身份认证"
    log_in(
        request, account, how=how, what=f"{city.name}{door}", city=city, seat=seat_behind(entrance, account)
    )
    return go_on(request)


def turn_away(
    request: HttpRequest, verdict: Verdict, *, what: str, account: Account | None = None, how: str = ""
) -> HttpResponse:
    """Nobody is logged in; why, by which clause, and what to do. Both the attempt and the refusal are kept."""
    actor = at_the_door(request, account, how)
    record_access(request, "login", what, actor=actor, is_allowed=False)
    record_refusal(request, "accounts.log_in", verdict, actor=actor)
    return render(request, "accounts/refused.html", {"verdict": verdict, "what": "没有登录"}, status=403)


def at_the_door(request: HttpRequest, account: Account | None = None, how: str = "") -> Actor:
    """Whoever knocks: an account whose proof was right, or nobody in particular."""
    identifier = request.actor.request  # type: ignore[attr-defined]
    if account is None:
        return Actor(NOBODY, Role.PUBLIC, auth=how, request=identifier)
    return actor_of_account(account, None, how=how, request=identifier)


def too_many(
    request: HttpRequest, limit: TooManyAttempts, template: str, form: Form, context: Mapping[str, Any]
) -> HttpResponse:
    """The page again with how long to wait; status 429."""
    minutes = max(1, -(-limit.wait // timedelta(minutes=1)))
    form.add_error(None, f"尝试次数过多，请在 {minutes} 分钟后再试")
    response = render(request, template, {**context, "form": form}, status=429)
    response["Retry-After"] = str(max(1, int(limit.wait.total_seconds())))
    return response
