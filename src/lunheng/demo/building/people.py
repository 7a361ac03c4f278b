"""The people of the demo: one seat each, with names that say who they are."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password

from lunheng.accounts.middleware import actor_in
from lunheng.accounts.models import Account, Seat
from lunheng.core.actor import Actor, Role
from lunheng.core.workflow import ReviewState
from lunheng.demo.building.chance import Chance
from lunheng.demo.building.divisions import City
from lunheng.demo.building.identities import identity_digest, phone
from lunheng.demo.building.pools import SHARES
from lunheng.demo.building.units import PARTIES, Units
from lunheng.panels.models import Member
from lunheng.pools.founding import Person, keep_person

PASSWORD = "lunheng-demo"
"""Printed on purpose: only the demo has accounts with it."""
BLOCK = 100
DIRECTORS = {
    "technical_director": ("contractor", Role.CONTRACTOR, "technical_director", "技术负责人"),
    "second_technical_director": (
        "second_contractor", Role.CONTRACTOR, "technical_director", "技术负责人（二公司）",
    ),
    "sub_technical_director": ("subcontractor", Role.SUBCONTRACTOR, "technical_director", "分包技术负责人"),
    "chief_supervisor": ("supervisor", Role.SUPERVISOR, "chief_supervisor", "总监理工程师"),
}  # fmt: skip
EXPERTS = (
    (ReviewState.CONFIRMING, Member.State.INVITED, False, "专家，待确认邀请"),
    (ReviewState.CONFIRMING, Member.State.PICKED, False, "专家，已被选取"),
    (ReviewState.PREPARING, Member.State.CONFIRMED, False, "专家，待预审"),
    (ReviewState.MEETING, Member.State.CONFIRMED, False, "专家，会上待表决"),
    (ReviewState.REPORTING, Member.State.CONFIRMED, True, "组长，待汇总报告"),
    (ReviewState.RECHECKING, Member.State.CONFIRMED, True, "组长，待复核"),
)
"""Which experts log in: the state of the case, the standing in it, leader or not, and what they are called."""
PARTY_NAMES = {"second_contractor": "施工单位（二公司）", "second_agency": "论证机构（二）"}


@dataclass
class People:
    """Everybody of one city who logs in, by the name of the part."""

    city: City
    units: Units
    seats: dict[str, Seat] = field(default_factory=dict)

    def actor(self, part: str) -> Actor:
        """The person in this part, as an act knows it."""
        return actor_in(self.seats[part], auth="demo")


def make_people(city: City, units: Units, at: datetime, *, is_storied: bool) -> People:
    """Accounts and seats of offices, and of the parties where reviews are told; experts get theirs with the pool."""
    people = People(city, units)
    hashed = make_password(PASSWORD)
    if is_storied:
        for part, (role, _) in PARTIES.items():
            title = PARTY_NAMES.get(part, role.label)
            _seat(people, part, title, role, hashed, at, unit=part)
        for part, (unit, role, position, title) in DIRECTORS.items():
            _seat(people, part, title, role, hashed, at, unit=unit, position=position)
    first = sorted(city.districts)[:3]
    offices = [("station", Role.STATION, city.code), ("bureau", Role.BUREAU, city.code)]
    offices += [
        (f"district{index or ''}", Role.DISTRICT, code) for index, code in enumerate(first) if is_storied
    ]
    for part, role, division in offices:
        title = f"{city.districts[division]}住建局" if role is Role.DISTRICT else role.label
        _sit(people, part, title, role, hashed, at, division)
    return people


def _sit(
    people: People, part: str, title: str, role: Role, password: str, at: datetime, division: str
) -> None:
    """Somebody in an office, as an authority begins with its own; the password is the demo's."""
    city, reference = people.city, Chance("account", people.city.code, part).take(16).hex()
    named = Person(f"{city.short}·{title}", _phone(people), role.value, division, reference=reference)
    seat = keep_person(named, at)
    seat.account.password, seat.account.verified_by = password, "demo"
    seat.account.save(update_fields=("password", "verified_by"))
    people.seats[part] = seat


def _phone(people: People) -> str:
    return phone(BLOCK * (1 + list(SHARES).index(people.city.key)) + len(people.seats))


def introduce_experts(city: City) -> None:
    """Give a few experts of the city's reviews a password and a name that says what waits for them."""
    hashed, known = make_password(PASSWORD), set[int]()
    for state, member_state, is_leader, part in EXPERTS:
        found = Member.objects.filter(
            case__division_id=city.code, case__state=state, state=member_state, is_leader=is_leader
        ).exclude(expert__account_id__in=known)
        member = found.select_related("expert__account").order_by("-pk").first()
        if member is not None and member.expert.account is not None:
            account = member.expert.account
            account.name, account.password = f"{account.name}（{part}）", hashed
            account.save(update_fields=("name", "password"))
            known.add(account.pk)


def _seat(
    people: People, part: str, title: str, role: Role, password: str, at: datetime, *, unit: str,
    position: str = "",
) -> None:  # fmt: skip
    organization = people.units.parties[unit]
    account = Account.objects.create(
        reference=Chance("account", people.city.code, part).take(16).hex(),
        phone=_phone(people),
        name=f"{people.city.short}·{title}",
        kind=Account.Kind.LEGAL,
        identity_digest="" if position else identity_digest(organization.code),
        verified_by="demo",
        password=password,
        created_at=at,
    )
    people.seats[part] = Seat.objects.create(
        account=account, role=role, organization=organization, position=position
    )
