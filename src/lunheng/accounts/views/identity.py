"""Through the identity service: as a legal person, or as a natural person (青建质安字〔2025〕3号 三)."""

from datetime import timedelta

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lunheng.accounts.cities import City, city_by_key
from lunheng.accounts.door import door_of
from lunheng.accounts.identity import (
    IdentityFlow,
    Proven,
    UnusableIdentity,
    account_for,
    is_configured,
    read_claims,
)
from lunheng.accounts.permissions import UNPROVEN, Entrance, may_enter, may_log_in_by
from lunheng.accounts.throttle import Limit, TooManyAttempts, address_of, key_of, try_once
from lunheng.accounts.traces import record_access
from lunheng.accounts.views.landing import admit, at_the_door, remember_target, turn_away
from lunheng.core.deadlines import CHINA

DOOR_ENTRANCE = "door_entrance"
OIDC = "oidc"
BEGUN_BY_ADDRESS = Limit("identity-address", 60, timedelta(minutes=10))
ON_THE_WAY = 15 * 60
"""Seconds that a visitor's way to the identity service and back may take; no session of a stranger is older."""
UNFINISHED = "统一身份认证没有完成，请返回后重新登录"


@never_cache
@require_safe
def begin(request: HttpRequest, city: str) -> HttpResponse:
    """To the city's identity service; ``?entrance=`` is remembered for the way back."""
    place = _city(request, city)
    remember_target(request)
    if not is_configured(place):
        return _failed(request, place, "该城市的统一身份认证服务尚未接入，请联系平台运行单位", status=503)
    door_of(request).note(DOOR_ENTRANCE, request.GET.get("entrance", ""))
    try:
        try_once([(BEGUN_BY_ADDRESS, key_of(address_of(request)))], request.at)  # type: ignore[attr-defined]
        request.session.set_expiry(ON_THE_WAY)
        provider = IdentityFlow(request, place.key).get_provider()
        return provider.redirect(request, process="login")  # type: ignore[no-any-return]
    except TooManyAttempts:
        return _failed(request, place, "登录次数过多，请十分钟后再试", status=429)
    except (PermissionDenied, OSError):
        return _failed(request, place, "统一身份认证服务暂时无法连接，请稍后再试", status=503)


@never_cache
@require_safe
def callback(request: HttpRequest, city: str) -> HttpResponse:
    """Back from the service: who was proved gets in, by the city's clauses."""
    place = _city(request, city)
    if not is_configured(place):
        raise Http404
    try:
        OAuth2CallbackView.adapter_view(IdentityFlow(request, place.key))(request)
    except Proven as proven:
        return _receive(request, place, proven)
    except PermissionDenied:
        return _failed(request, place, UNFINISHED)
    return _failed(request, place, UNFINISHED)


def _receive(request: HttpRequest, city: City, proven: Proven) -> HttpResponse:
    entrance = _entrance(request)
    what = f"{city.name}{entrance.label if entrance else '统一身份认证'}"
    try:
        on = request.at.astimezone(CHINA).date()  # type: ignore[attr-defined]
        claims = read_claims(proven.data, on)
        verdict = may_log_in_by(OIDC if claims.is_proven else UNPROVEN, city.law)
        if not verdict.is_allowed:
            return turn_away(request, verdict, what=what, how=OIDC)
        account = account_for(claims, city, request.at)  # type: ignore[attr-defined]
    except UnusableIdentity as fault:
        return _failed(request, city, str(fault))
    if entrance is not None:
        verdict = may_enter(entrance, account, city.law)
        if not verdict.is_allowed:
            return turn_away(request, verdict, what=what, account=account, how=OIDC)
    return admit(request, account, how=OIDC, city=city, entrance=entrance)


def _failed(request: HttpRequest, city: City, message: str, *, status: int = 403) -> HttpResponse:
    record_access(request, "login", f"{city.name}：{message}", actor=at_the_door(request), is_allowed=False)
    return render(request, "accounts/unfinished.html", {"city": city, "message": message}, status=status)


def _city(request: HttpRequest, key: str) -> City:
    city = city_by_key(key, request.at)  # type: ignore[attr-defined]
    if city is None or not city.has_identity_service:
        raise Http404
    return city


def _entrance(request: HttpRequest) -> Entrance | None:
    named = door_of(request).take(DOOR_ENTRANCE)
    return Entrance(named) if named in [one.value for one in Entrance] else None
