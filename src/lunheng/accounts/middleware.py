"""Every request knows who asks (``request.actor``) and when (``request.at``)."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from lunheng.accounts.models import Account, Seat
from lunheng.core.actor import Actor, Role
from lunheng.jobs import clock

SEAT_KEY = "seat"
AUTH_KEY = "authenticated_by"


class ActorMiddleware:
    """The one place where a request meets the clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.at = clock.now()  # type: ignore[attr-defined]
        request.seat = current_seat(request)  # type: ignore[attr-defined]
        request.actor = actor_for(request, request.seat)  # type: ignore[attr-defined]
        return self.get_response(request)


def current_seat(request: HttpRequest) -> Seat | None:
    """The seat the person chose, or the only one there is."""
    if not request.user.is_authenticated:
        return None
    seats = list(
        request.user.seats.filter(is_active=True).select_related("organization", "division", "account")
    )
    chosen = request.session.get(SEAT_KEY)
    return next((seat for seat in seats if seat.pk == chosen), seats[0] if len(seats) == 1 else None)


def actor_for(request: HttpRequest, seat: Seat | None) -> Actor:
    """The actor of a request: the seat, or a log-in without a seat, or the public."""
    identifier = secrets.token_hex(8)
    if seat is None:
        reference = request.user.reference if isinstance(request.user, Account) else "public"
        return Actor(reference=reference, role=Role.PUBLIC, request=identifier)
    return actor_in(seat, auth=str(request.session.get(AUTH_KEY, "")), request=identifier)


def actor_in(seat: Seat, *, auth: str = "", request: str = "") -> Actor:
    """The core's actor for a seat."""
    return Actor(
        reference=seat.account.reference,
        role=Role(seat.role),
        name=seat.account.name,
        organization=seat.organization.code if seat.organization else "",
        organization_name=seat.organization.name if seat.organization else "",
        jurisdiction=seat.division_id or "",
        expert=seat.expert,
        position=seat.position,
        auth=auth,
        request=request,
    )
