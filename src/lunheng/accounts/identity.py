"""People and legal persons whom an identity service has proved (青岛：统一身份认证平台，法人登录与个人登录).

The protocol (state, PKCE, code, signed token) is allauth's; who the proven identity is here is ours.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse

from lunheng.accounts.cities import City
from lunheng.accounts.models import Account, Seat
from lunheng.core.actor import Role
from lunheng.core.identity import (
    Masked,
    Unfit,
    canonical,
    clean_name,
    clean_unit_name,
    credit_code,
    person_number,
)
from lunheng.ledger.registers import written
from lunheng.organizations.models import Organization

SCOPES = ["openid", "profile", "identity"]
INCOMPLETE = "身份认证信息不完整，请在统一身份认证平台核对后重新登录"
TAKEN = "该身份已由统一身份认证平台的另一账号登录过，请联系主管部门核实"
LONGEST_SUBJECT = 80


class UnusableIdentity(Exception):
    """What the identity service says does not identify anybody; the message is for the person."""


def identity_digest(number: str) -> str:
    """What is kept instead of an identity number or a credit code: HMAC-SHA-256 under the platform's key, hex."""
    return hmac.new(settings.IDENTITY_KEY.encode(), canonical(number).encode(), hashlib.sha256).hexdigest()


class Proven(Exception):
    """Leaves allauth's flow with what the service has proved; whose account that is, is decided here."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__("identity proved")
        self.data = data


@dataclass(frozen=True)
class Claims:
    """What the identity service says of whoever logged in there."""

    subject: str
    kind: str
    name: str
    number: str
    is_proven: bool

    @property
    def digest(self) -> str:
        """The keyed digest of the identity number or credit code."""
        return identity_digest(self.number)


def read_claims(data: dict[str, Any], on: date | None = None) -> Claims:
    """Read the token and the answer of the user-info address; ``on`` is the day of the log-in.

    Raises:
        UnusableIdentity: they contradict each other, or lack who it is: no number, no name, a number with stars.
    """
    token, info = _mapping(data, "id_token"), _mapping(data, "userinfo")
    subject = token.get("sub")
    if not subject or info.get("sub") != subject:
        raise UnusableIdentity("身份认证信息前后不一致，请重新登录")
    kind = info.get("identity_type")
    if kind not in Account.Kind.values or not _is_usable(subject):
        raise UnusableIdentity(INCOMPLETE)
    try:
        if kind == Account.Kind.LEGAL:
            name, number = clean_unit_name(info.get("name")), credit_code(info.get("uscc"))
        else:
            name, number = clean_name(info.get("name")), person_number(info.get("identity_number"), on)
    except Unfit as fault:
        is_incomplete = isinstance(fault, Masked) or fault.value == "未填写"
        message = INCOMPLETE if is_incomplete else f"{fault}，请在统一身份认证平台核对后重新登录"
        raise UnusableIdentity(message) from fault
    return Claims(subject, kind, name, number, info.get("real_name_verified") is True)


def _mapping(data: dict[str, Any], part: str) -> dict[str, Any]:
    found = data.get(part)
    return found if isinstance(found, dict) else {}


def _is_usable(subject: object) -> bool:
    """Whether a subject is a text that the column of subjects holds."""
    return isinstance(subject, str) and len(subject) <= LONGEST_SUBJECT and subject.isprintable()


def account_for(claims: Claims, city: City, at: datetime) -> Account:
    """The account of a proven identity, made at its first log-in; a legal person gets a seat for its unit.

    An account belongs to the first subject that came with its identity. Another subject of the same service never takes
    it over; the service of another city, which proves the same whole number, lets its holder in and changes nothing.

    Raises:
        UnusableIdentity: the account was closed, the service now names somebody else, or another subject has it.
    """
    with written("登录核实身份", at):
        account = _find(claims, city) or _create(claims, city, at)
        if not account.is_active:
            raise UnusableIdentity("该账号已停用，请联系主管部门")
        if account.identity_digest != claims.digest or account.kind != claims.kind:
            raise UnusableIdentity("身份认证信息与本平台登记的身份不一致，请联系主管部门")
        _bind(account, claims, city)
        if claims.kind == Account.Kind.LEGAL:
            _seat_unit(account, claims, city)
    return account


def _bind(account: Account, claims: Claims, city: City) -> None:
    """The account is the subject's from its first log-in on, and follows its name."""
    subject = _subject(claims, city)
    if account.subject not in (None, "", subject):
        if account.subject.startswith(f"{city.key}:"):
            raise UnusableIdentity(TAKEN)
        return
    account.subject, account.verified_by = subject, f"oidc:{city.key}"
    account.name = claims.name[:64]
    account.save(update_fields=["subject", "verified_by", "name"])


def is_configured(city: City) -> bool:
    """Whether the operator has named the city's identity service."""
    return city.key in settings.IDENTITY_SERVICES


class IdentityAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """allauth takes the services from the settings, one for each city, and never makes an account by itself."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        apps = [_service(key, given) for key, given in settings.IDENTITY_SERVICES.items()]
        return [app for app in apps if provider in (None, app.provider, app.provider_id)]

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        raise Proven(sociallogin.account.extra_data)

    def on_authentication_error(
        self, request: HttpRequest, provider: OpenIDConnectProvider, **_: Any
    ) -> None:
        raise PermissionDenied("统一身份认证没有完成")


class IdentityFlow(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """One city's service; its answers come back to our own address."""

    def get_provider(self) -> OpenIDConnectProvider:
        provider = super().get_provider()
        provider.oauth2_adapter_class = IdentityFlow
        return provider

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        address = reverse("accounts:identity_callback", kwargs={"city": self.provider_id})
        return str(build_absolute_uri(request, address))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        self.did_fetch_access_token = False  # so that the token's signature is checked as well
        return super().complete_login(request, app, token, **kwargs)


def _service(key: str, given: dict[str, str]) -> SocialApp:
    return SocialApp(
        provider="openid_connect",
        provider_id=key,
        name=given.get("name", "统一身份认证平台"),
        client_id=given["client"],
        secret=given["secret"],
        settings={"server_url": given["server"], "oauth_pkce_enabled": True, "scope": SCOPES},
    )


def _subject(claims: Claims, city: City) -> str:
    return f"{city.key}:{claims.subject}"


def _find(claims: Claims, city: City) -> Account | None:
    accounts = Account.objects.select_for_update()
    known = accounts.filter(subject=_subject(claims, city)).first()
    return known or accounts.filter(kind=claims.kind, identity_digest=claims.digest).first()


def _create(claims: Claims, city: City, at: datetime) -> Account:
    try:
        with transaction.atomic():
            return Account.objects.create_account(
                phone=None,
                name=claims.name[:64],
                kind=claims.kind,
                identity_digest=claims.digest,
                subject=_subject(claims, city),
                created_at=at,
            )
    except IntegrityError:  # the same identity came in twice at the same moment
        return Account.objects.select_for_update().get(kind=claims.kind, identity_digest=claims.digest)


def _seat_unit(account: Account, claims: Claims, city: City) -> None:
    """A seat for the unit in each role that it is known in, as contractor where it is not known yet."""
    unit, _ = Organization.objects.get_or_create(
        code=claims.number, defaults={"name": claims.name, "division_id": city.law.region}
    )
    seats = Seat.objects.filter(organization=unit, is_active=True, position="")
    if seats.filter(account=account).exists():
        return
    known = [Role(role) for role in seats.order_by("role").values_list("role", flat=True).distinct()]
    for role in known or [Role.CONTRACTOR]:
        Seat.objects.give(account, role, unit)
