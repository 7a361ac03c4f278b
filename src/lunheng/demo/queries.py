"""Who can log in to the demo."""

from collections.abc import Mapping
from dataclasses import dataclass

from lunheng.accounts.models import Seat
from lunheng.core.actor import Role
from lunheng.demo.building.divisions import cities
from lunheng.demo.building.people import PASSWORD
from lunheng.demo.building.pools import UNUSABLE


@dataclass(frozen=True)
class Person:
    """One log-in of the demo."""

    account_id: int
    name: str
    role: str
    organization: str
    phone: str


def people() -> Mapping[str, list[Person]]:
    """Everybody who logs in to the demo by city, parties before experts before offices (one query)."""
    found: dict[str, list[Person]] = {city.name: [] for city in cities()}
    names = {city.code[:2]: city.name for city in cities()}
    seats = (
        Seat.objects.exclude(account__password=UNUSABLE)
        .select_related("account", "organization", "division")
        .order_by("pk")
    )
    for seat in seats:
        place = seat.organization.division_id if seat.organization else seat.division_id
        city = names.get((place or "")[:2])
        if city:
            found[city].append(_person(seat))
    return {city: listed for city, listed in found.items() if listed}


def _person(seat: Seat) -> Person:
    return Person(
        account_id=seat.account_id,
        name=seat.account.name,
        role=Role(seat.role).label,
        organization=seat.organization.name if seat.organization else str(seat.division or ""),
        phone=(seat.account.phone or "").removeprefix("+86"),
    )


def login_lines() -> list[str]:
    """What the terminal says about logging in."""
    lines = ["演示登录：/demo/login/（点名字即可登录） · 演示说明：/demo/ · 短信模拟器：/demo/messages/"]
    for city, listed in people().items():
        lines.append(f"  {city}：" + "、".join(f"{one.name} {one.phone}" for one in listed))
    return [*lines, f"手机号码登录的密码都是 {PASSWORD}（只在演示中有效）"]
