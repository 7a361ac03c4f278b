"""The people of the demonstration, to be anyone with one click. Exists in demo mode only."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from lunheng.accounts.cities import City, all_cities, city_covering
from lunheng.accounts.forms import SeatForm
from lunheng.accounts.models import Account, Seat
from lunheng.accounts.sessions import log_in
from lunheng.accounts.views.landing import go_on, remember_target
from lunheng.core.actor import Role
from lunheng.jurisdictions.territory import Tree

ELSEWHERE = "其他"
SHOWN_OF_A_ROLE = 12
APPLICANTS = "申请入库的个人"
PROVEN_BY = "demo:"
"""By whom the names of the demo's applicants are proved, with the key of their city."""


@never_cache
def demo_login(request: HttpRequest) -> HttpResponse:
    """Those of the demonstration who have a part in it (the rest of the pool has no password), by city and role; a
    click logs in."""
    if not settings.IS_DEMO:
        raise Http404
    remember_target(request)
    cities = all_cities(request.at)  # type: ignore[attr-defined]
    seats = Seat.objects.filter(is_active=True, account__is_active=True)
    if request.method != "POST":
        acting = seats.exclude(account__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        listed = acting.select_related("account", "organization", "division").order_by(
            "role", "position", "pk"
        )
        groups = by_city_and_role(listed, cities)
        for city in cities:
            if applicants := list(_applicants(city)):
                groups.setdefault(city.name, {})[APPLICANTS] = [*applicants]
        return render(request, "accounts/demo_login.html", {"groups": groups})
    if "account" in request.POST:
        return _as_applicant(request, cities)
    form = SeatForm(request.POST, seats=seats)
    if not form.is_valid():
        raise Http404
    seat: Seat = form.cleaned_data["seat"]
    log_in(request, seat.account, how="demo", what="演示登录", city=city_of_seat(seat, cities), seat=seat)
    return go_on(request)


def _applicants(city: City) -> QuerySet[Account]:
    """People of the demonstration who have no seat: they apply, and get one when they are appointed."""
    found = Account.objects.filter(is_active=True, verified_by=f"{PROVEN_BY}{city.key}", seats__isnull=True)
    return found.order_by("pk")


def _as_applicant(request: HttpRequest, cities: list[City]) -> HttpResponse:
    for city in cities:
        found = _applicants(city).filter(reference=request.POST["account"]).first()
        if found is not None:
            log_in(request, found, how="demo", what="演示登录", city=city, seat=None)
            return go_on(request)
    raise Http404


def by_city_and_role(seats: Iterable[Seat], cities: list[City]) -> dict[str, dict[str, list[Seat | Account]]]:
    """City → role → seats, at most so many of a role; in the order of the roles."""
    groups: dict[str, dict[str, list[Seat | Account]]] = {}
    order = list(Role)
    tree = Tree.load()
    for seat in sorted(seats, key=lambda one: order.index(Role(one.role))):
        city = city_of_seat(seat, cities, tree)
        roles = groups.setdefault(city.name if city else ELSEWHERE, {})
        people = roles.setdefault(Role(seat.role).label, [])
        if len(people) < SHOWN_OF_A_ROLE:
            people.append(seat)
    return groups


def city_of_seat(seat: Seat, cities: list[City], tree: Tree | None = None) -> City | None:
    """The city in which the seat's office, pool or unit lies."""
    division = seat.division_id or (seat.organization.division_id if seat.organization else "")
    return city_covering(cities, division, tree)
