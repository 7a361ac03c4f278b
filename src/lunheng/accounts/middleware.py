"""Every request knows who asks (``request.actor``) and when (``request.at``), and opens only what its log-in may."""

import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lunheng.accounts.models import Account, Seat
from lunheng.accounts.sessions import AUTH_KEY, SEAT_KEY, actor_in, current_seat, is_over, log_out
from lunheng.accounts.workspaces import refuse, verdict_on
from lunheng.core.actor import Actor, Role
from lunheng.jobs import clock

__all__ = ["AUTH_KEY", "SEAT_KEY", "ActorMiddleware", "actor_for", "actor_in", "current_seat"]
TOO_OLD = "登录已超过时限，请重新登录"


class NoStoreMiddleware:
    """What a person who is logged in reads is kept by no browser and no proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_known = request.user.is_authenticated
        response = self.get_response(request)
        if was_known or request.user.is_authenticated:
            response["Cache-Control"] = "private, no-store"
        return response


class ActorMiddleware:
    """The one place where a request meets the clock, and where a log-in of the wrong kind is turned away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = clock.now()  # type: ignore[attr-defined]
        request.seat = current_seat(request)  # type: ignore[attr-defined]
        request.actor = actor_for(request, request.seat)  # type: ignore[attr-defined]
        if request.user.is_authenticated and is_over(request, request.seat):  # type: ignore[attr-defined]
            return self._end(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        verdict = verdict_on(request, view)
        return None if verdict is None or verdict.is_allowed else refuse(request, verdict)

    def _end(self, request: HttpRequest) -> HttpResponse:
        """A session that is too old ends; who was reading goes to the door and comes back to the page."""
        log_out(request, why="登录超时")
        if request.path.startswith("/api/"):
            return self.get_response(request)
        messages.warning(request, TOO_OLD)
        query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
        return HttpResponseRedirect(
            f"{reverse('accounts:login')}?{query}" if query else reverse("accounts:login")
        )


def actor_for(request: HttpRequest, seat: Seat | None) -> Actor:
    """The actor of a request: the seat, or a log-in without a seat, or the public."""
    identifier = secrets.token_hex(8)
    if seat is None:
        reference = request.user.reference if isinstance(request.user, Account) else "public"
        return Actor(reference=reference, role=Role.PUBLIC, request=identifier)
    return actor_in(seat, auth=str(request.session.get(AUTH_KEY, "")), request=identifier)
