"""Choosing the seat in which one acts, and leaving."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from lunheng.accounts.cities import all_cities
from lunheng.accounts.forms import SeatForm
from lunheng.accounts.models import Account, Seat
from lunheng.accounts.permissions import may_take
from lunheng.accounts.sessions import AUTH_KEY, SEAT_KEY, actor_in, log_out
from lunheng.accounts.traces import record_access
from lunheng.accounts.workspaces import city_of, refuse
from lunheng.core.verdict import combine


@require_POST
def switch_seat(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own seats from now on; a seat for which the log-in is of the wrong kind is refused."""
    if not isinstance(request.user, Account):
        return HttpResponseRedirect("/login/")
    seats = request.user.seats.filter(is_active=True).select_related("organization", "account")
    form = SeatForm(request.POST, seats=seats)
    if not form.is_valid():
        raise Http404
    seat: Seat = form.cleaned_data["seat"]
    city = city_of(request, seat)
    laws = [city.law] if city else [one.law for one in all_cities(request.at)]  # type: ignore[attr-defined]
    verdict = combine(*(may_take(seat, request.user, law) for law in laws)) if laws else None
    if verdict is not None and not verdict.is_allowed:
        return refuse(request, verdict, act="accounts.switch_seat")
    request.session[SEAT_KEY] = seat.pk
    actor = actor_in(
        seat,
        auth=str(request.session.get(AUTH_KEY, "")),
        request=request.actor.request,  # type: ignore[attr-defined]
    )
    record_access(request, "seat", str(seat.get_role_display()), actor=actor)
    return HttpResponseRedirect(_target(request))


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Leave."""
    log_out(request)
    return HttpResponseRedirect("/")


def _target(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if is_ours else "/"
