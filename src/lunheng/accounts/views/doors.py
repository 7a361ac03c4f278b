"""The door with its entrances (南住建〔2019〕104号 三（一）至（三）), by mobile number and password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from lunheng.accounts.authentication import prove_by_password
from lunheng.accounts.cities import City, all_cities
from lunheng.accounts.forms import LoginForm
from lunheng.accounts.identity import is_configured
from lunheng.accounts.permissions import Entrance, may_enter, may_log_in_by
from lunheng.accounts.throttle import TooManyAttempts, address_of
from lunheng.accounts.traces import record_access
from lunheng.accounts.views.landing import (
    admit,
    at_the_door,
    chosen_city,
    remember_target,
    too_many,
    turn_away,
)

PHONE = "phone_password"
WRONG = "手机号码或密码不正确"


@never_cache
@require_safe
def login(request: HttpRequest) -> HttpResponse:
    """The door: every city with its entrances, or those of the city that was chosen."""
    remember_target(request)
    city = chosen_city(request) if "city" in request.GET else None
    cities = [city] if city else all_cities(request.at)  # type: ignore[attr-defined]
    return render(request, "accounts/login.html", {"cities": cities, "is_chosen": city is not None})


@never_cache
@sensitive_post_parameters("password")
def enter(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """One entrance of one city: number and password, or the way to the identity service."""
    remember_target(request)
    city = chosen_city(request)
    if city is None:
        cities = all_cities(request.at)  # type: ignore[attr-defined]
        return render(request, "accounts/choose_city.html", {"cities": cities, "entrance": entrance})
    context = {"city": city, "entrance": entrance, "is_configured": is_configured(city)}
    if request.method != "POST":
        return render(request, "accounts/entrance.html", {**context, "form": LoginForm()})
    verdict = may_log_in_by(PHONE, city.law)
    if not verdict.is_allowed:
        return turn_away(request, verdict, what=f"{city.name}{entrance.label}", how=PHONE)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/entrance.html", {**context, "form": form}, status=422)
    try:
        return _prove(request, form, city, entrance)
    except TooManyAttempts as limit:
        what = f"{city.name}{entrance.label}：次数过多"
        record_access(request, "login", what, actor=at_the_door(request), is_allowed=False)
        return too_many(request, limit, "accounts/entrance.html", form, context)


def _prove(request: HttpRequest, form: LoginForm, city: City, entrance: Entrance) -> HttpResponse:
    what = f"{city.name}{entrance.label}"
    account = prove_by_password(
        phone=form.cleaned_data["phone"],
        password=form.cleaned_data["password"],
        address=address_of(request),
        at=request.at,  # type: ignore[attr-defined]
    )
    if account is None:
        record_access(request, "login", f"{what}：{WRONG}", actor=at_the_door(request), is_allowed=False)
        form.add_error(None, WRONG)
        context = {"city": city, "entrance": entrance, "form": form}
        return render(request, "accounts/entrance.html", context, status=422)
    verdict = may_enter(entrance, account, city.law)
    if not verdict.is_allowed:
        return turn_away(request, verdict, what=what, account=account, how=PHONE)
    return admit(request, account, how=PHONE, city=city, entrance=entrance)
