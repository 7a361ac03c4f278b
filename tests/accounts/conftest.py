"""A city with its people, a carrier of codes, and the identity service."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from lunheng.accounts import codes
from lunheng.accounts.models import Account
from tests.factories import world
from tests.harness.oidc import identity_provider, identity_service

__all__ = ["identity_provider", "identity_service"]
PASSWORD = "虚构的-密码-2026"


@dataclass
class Telephones:
    """Carries codes into a list instead of to telephones."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    asked: list[tuple[str, bool]] = field(default_factory=list)

    def send_code(self, *, phone: str, code: str, is_known: bool, at: datetime) -> None:
        self.asked.append((phone, is_known))
        if is_known:
            self.sent.append((phone, code))


@pytest.fixture
def telephones(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telephones]:
    monkeypatch.setattr(codes, "_installed", [])
    carrier = Telephones()
    codes.install(carrier)
    yield carrier


@pytest.fixture
def nanning(db: None, clock: object) -> world.World:
    """Nanning with a company account, an expert and offices, all with the same password."""
    city = world.build("nanning", experts=1)
    for seat in ("contractor", "expert:0", "station"):
        account = city.seat(seat).account
        account.set_password(PASSWORD)
        account.save()
    return city


@pytest.fixture
def qingdao(db: None, clock: object) -> world.World:
    return world.build("qingdao", experts=1)


def phone_of(city: world.World, seat: str) -> str:
    """The number as a person types it."""
    return (city.seat(seat).account.phone or "").removeprefix("+86")


def account_of(city: world.World, seat: str) -> Account:
    return city.seat(seat).account
