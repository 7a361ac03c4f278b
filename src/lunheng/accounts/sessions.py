"""Sessions: a new one at every log-in, an end after eight hours, for offices also after half an hour of silence.

Their age is told by the clock of the machine, not by the clock of the platform, which a demonstration may move.
"""

from datetime import datetime, timedelta

from django.contrib import auth
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from lunheng.accounts import throttle
from lunheng.accounts.cities import City
from lunheng.accounts.models import Account, Seat
from lunheng.accounts.traces import record_access
from lunheng.core.actor import Actor, Role
from lunheng.jobs.clock import SystemClock
from lunheng.ledger import tallies

SEAT_KEY = "seat"
AUTH_KEY = "authenticated_by"
CITY_KEY = "city"
BEGAN_KEY = "began_at"
SEEN_KEY = "seen_at"
ABSOLUTE = timedelta(hours=8)
IDLE_OF_OFFICES = timedelta(minutes=30)
STEP = timedelta(minutes=1)
"""The session is written at most this often only to note that somebody is there."""


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
        office=seat.office or "",
    )


def actor_of_account(account: Account, seat: Seat | None, *, how: str, request: str) -> Actor:
    """The actor of somebody at the door, with or without a seat."""
    if seat is not None:
        return actor_in(seat, auth=how, request=request)
    return Actor(reference=account.reference, role=Role.PUBLIC, name=account.name, auth=how, request=request)


def current_seat(request: HttpRequest) -> Seat | None:
    """The seat the person chose, or the only one there is."""
    if not isinstance(request.user, Account):
        return None
    seats = list(
        request.user.seats.filter(is_active=True).select_related("organization", "division", "account")
    )
    chosen = request.session.get(SEAT_KEY)
    return next((seat for seat in seats if seat.pk == chosen), seats[0] if len(seats) == 1 else None)


def log_in(
    request: HttpRequest, account: Account, *, how: str, what: str, city: City | None, seat: Seat | None
) -> None:
    """Begin a session: new key, who, in which seat, by which way (``how``: oidc, phone_password, demo)."""
    if request.user.is_authenticated:
        log_out(request)
    auth.login(request, account, backend="lunheng.accounts.authentication.AccountBackend")
    request.session[AUTH_KEY] = how
    if city is not None:
        request.session[CITY_KEY] = city.key
    if seat is not None:
        request.session[SEAT_KEY] = seat.pk
    begin(request)
    actor = actor_of_account(account, seat, how=how, request=_request_of(request))
    _become(request, seat, actor)
    record_access(request, "login", what, actor=actor)


def log_out(request: HttpRequest, *, why: str = "退出登录") -> None:
    """End the session, by the person or by its age."""
    if isinstance(request.user, Account):
        seat = current_seat(request)
        how = str(request.session.get(AUTH_KEY, ""))
        actor = actor_of_account(request.user, seat, how=how, request=_request_of(request))
        record_access(request, "logout", why, actor=actor)
    auth.logout(request)
    _become(request, None, Actor("public", Role.PUBLIC, request=_request_of(request)))


def begin(request: HttpRequest) -> None:
    """Start counting the session's age."""
    now = SystemClock().now()
    request.session[BEGAN_KEY] = request.session[SEEN_KEY] = now.isoformat()
    request.session.set_expiry(None)  # a way to the identity service is shorter than a session


def is_over(request: HttpRequest, seat: Seat | None) -> bool:
    """Whether the session is too old, or an office has been silent too long; otherwise it is noted as alive."""
    if BEGAN_KEY not in request.session:
        begin(request)
    now = SystemClock().now()
    silent = now - datetime.fromisoformat(request.session[SEEN_KEY])
    if now - datetime.fromisoformat(request.session[BEGAN_KEY]) >= ABSOLUTE:
        return True
    if seat is not None and seat.is_office and silent >= IDLE_OF_OFFICES:
        return True
    if silent >= STEP:
        request.session[SEEN_KEY] = now.isoformat()
    return False


def clear(at: datetime) -> int:
    """Drop sessions, tries and counts whose time is over; how many."""
    now = SystemClock().now()
    gone = Session.objects.filter(expire_date__lt=now).delete()[0]
    return gone + throttle.forget_old(at) + tallies.forget(at)


def _become(request: HttpRequest, seat: Seat | None, actor: Actor) -> None:
    request.seat = seat  # type: ignore[attr-defined]
    request.actor = actor  # type: ignore[attr-defined]


def _request_of(request: HttpRequest) -> str:
    actor = getattr(request, "actor", None)
    return actor.request if actor is not None else ""
