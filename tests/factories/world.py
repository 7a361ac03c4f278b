"""A small province for tests: divisions, units, people in their seats, pools. Rows only; stories are made by acts."""

import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.crypto import get_random_string

from lunheng.accounts.middleware import SEAT_KEY, actor_in
from lunheng.accounts.models import Account, Seat
from lunheng.accounts.sessions import CITY_KEY
from lunheng.cases.models import Case
from lunheng.core.actor import Actor, Role
from lunheng.experts.models import Expert, ExpertSpecialty
from lunheng.jurisdictions import law, packs
from lunheng.jurisdictions.models import Division
from lunheng.organizations.models import Organization
from lunheng.pools.actions import anchor_chains
from lunheng.pools.models import Membership, Pool
from tests.factories import moulds
from tests.factories.identities import credit_code, phone
from tests.factories.refusals import Before, WatchedClient, is_kept, is_told

CITIES = {
    "qingdao": ("370200", "青岛市", ("370202", "市南区"), ("370203", "市北区"), "qingdao-2025", ""),
    "nanning": ("450100", "南宁市", ("450102", "兴宁区"), ("450103", "青秀区"), "nanning-2019", "450000"),
}
EVERY_CITY = tuple(CITIES)
"""The cities that every test of both, or of all, is told in: a pack that is added to the table runs the tests that exist."""
ROLES_OF_UNITS = {
    "contractor": Role.CONTRACTOR,
    "subcontractor": Role.SUBCONTRACTOR,
    "supervisor": Role.SUPERVISOR,
    "owner": Role.OWNER,
    "designer": Role.DESIGNER,
    "investigator": Role.INVESTIGATOR,
    "monitor": Role.MONITOR,
    "agency": Role.AGENCY,
    "agency_two": Role.AGENCY,
    "stranger": Role.CONTRACTOR,
}
POSITIONS = {
    "technical_director": ("contractor", Role.CONTRACTOR, "technical_director"),
    "sub_technical_director": ("subcontractor", Role.SUBCONTRACTOR, "technical_director"),
    "chief_supervisor": ("supervisor", Role.SUPERVISOR, "chief_supervisor"),
}
SPECIALTIES = (
    ("geotechnics", "structure"), ("geotechnics",), ("geotechnics", "monitoring"), ("structure",), ("geotechnics", "foundation"),
)  # fmt: skip


@dataclass
class World:
    """One city with its people. ``seats`` are by name: contractor, chief_supervisor, station, expert:3 …"""

    city: str
    division: Division
    district: Division
    other_district: Division
    pack_id: str
    pool: Pool
    units: dict[str, Organization] = field(default_factory=dict)
    seats: dict[str, Seat] = field(default_factory=dict)
    experts: list[Expert] = field(default_factory=list)
    people: dict[str, Account] = field(default_factory=dict)
    """Those who have an account and no seat: whoever applies for something."""
    number: int = 0
    mould: Hashable = field(default=None, compare=False)
    """The mould that the database equalled, if any, and when it did."""
    moulded: moulds.Moment | None = field(default=None, compare=False)

    def next(self) -> int:
        """A number that was not used yet."""
        self.number += 1
        return self.number

    def unit(self, name: str, title: str = "") -> Organization:
        """A unit by a short name, made when first asked for."""
        if name not in self.units:
            code = credit_code(self.next() + (50000 if self.city == "nanning" else 0), self.division.code)
            self.units[name] = Organization.objects.create(
                code=code, name=title or f"虚构{self.division.name}{name}有限公司", division=self.division
            )
        return self.units[name]

    def seat(self, name: str) -> Seat:
        """A seat by name."""
        return self.seats[name]

    def add_seat(
        self, name: str, role: Role, *, unit: str = "", division: Division | None = None, **fields: Any
    ) -> Seat:
        """A person with one seat."""
        number = self.next()
        account = Account.objects.create_account(
            phone=phone(number + (50000 if self.city == "nanning" else 0)),
            name=f"虚构·{name}",
            kind=Account.Kind.LEGAL if unit else Account.Kind.NATURAL,
            verified_by="test",
        )
        self.seats[name] = Seat.objects.create(
            account=account,
            role=role.value,
            organization=self.unit(unit) if unit else None,
            division=division,
            **fields,
        )
        return self.seats[name]

    def actor(self, name: str) -> Actor:
        """The core's actor for a seat."""
        return actor_in(self.seats[name], auth="test")

    def client(self, name: str) -> "SeatClient":
        """A browser logged in as this seat; ``public`` is nobody."""
        client = SeatClient(self.seats.get(name))
        if name in self.people:
            client.sit(session_of_person(self.people[name], self.city))
        return client

    def add_person(self, name: str) -> Account:
        """A person with an account and no seat."""
        self.people[name] = Account.objects.create_account(
            phone=phone(self.next() + (95000 if self.city == "nanning" else 90000)),
            name=f"虚构·{name}",
            verified_by="test",
        )
        return self.people[name]

    def add_expert(
        self,
        *,
        unit: str = "",
        specialties: tuple[str, ...] = ("geotechnics",),
        at: datetime | None = None,
        state: str = "active",
        ends_on: date | None = None,
        **fields: Any,
    ) -> Expert:
        """An expert of the pool, with an account and a seat ``expert:<n>``."""
        index = len(self.experts)
        reference = f"{self.city[0]}e{index:04d}"
        seat = self.add_seat(f"expert:{index}", Role.EXPERT, expert=reference)
        moment = at or datetime.fromisoformat("2019-01-02T09:00:00+08:00")
        file = Case.objects.create(
            reference=f"ZJ-{self.division.code}-{index:06d}",
            kind="expert",
            title=reference,
            division=self.division,
            state="open",
            opened_at=moment,
        )
        standing = Membership.objects.create(
            pool=self.pool, file=file, state=state, appointed_on=date(2019, 1, 2), ends_on=ends_on
        )
        expert = Expert.objects.create(
            file=file,
            membership=standing,
            reference=reference,
            pool=self.pool,
            account=seat.account,
            name=seat.account.name,
            phone=str(seat.account.phone),
            identity_digest=f"{index:064x}",
            unit=self.unit(unit or f"expert-unit-{index}"),
            title="教授级高级工程师",
            **fields,
        )
        ExpertSpecialty.objects.bulk_create(
            ExpertSpecialty(expert=expert, specialty=one) for one in specialties
        )
        self.experts.append(expert)
        return expert

    def meet_newcomers(self) -> None:
        """Know the experts whom an act admitted to the pool, with their seats: they may be drawn like all others."""
        known = {one.pk for one in self.experts}
        for expert in Expert.objects.filter(pool=self.pool).exclude(pk__in=known).order_by("pk"):
            seat = Seat.objects.get(role=Role.EXPERT.value, expert=expert.reference)
            self.seats[f"expert:{len(self.experts)}"] = seat
            self.experts.append(expert)

    def expert_seat(self, expert: Expert) -> str:
        """The name of an expert's seat."""
        return f"expert:{self.experts.index(expert)}"


def session_of(seat: Seat) -> str:
    """The key of a new session in which this person is logged in and sits here: one row, no ceremony."""
    return _session(seat.account, {SEAT_KEY: seat.pk})


def session_of_person(account: Account, city: str) -> str:
    """The key of a new session of somebody without a seat, who came in through the door of this city."""
    return _session(account, {CITY_KEY: city})


def _session(account: Account, where: dict[str, Any]) -> str:
    key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
    kept = {
        SESSION_KEY: str(account.pk),
        BACKEND_SESSION_KEY: "lunheng.accounts.authentication.PhoneBackend",
        HASH_SESSION_KEY: account.get_session_auth_hash(),
        **where,
    }
    store = SessionStore()
    Session.objects.bulk_create(
        [Session(session_key=key, session_data=store.encode(kept), expire_date=store.get_expiry_date())]
    )
    return key


class SeatClient:
    """What one person can do from outside: pages and the programming interface."""

    def __init__(self, seat: Seat | None) -> None:
        self.seat = seat
        self.http = WatchedClient()
        if seat is not None:
            self.sit(session_of(seat))

    def sit(self, key: str) -> None:
        """Use this session."""
        self.http.cookies[settings.SESSION_COOKIE_NAME] = key

    def act(self, name: str, /, **body: Any) -> Any:
        """POST one act to the interface; returns the response."""
        return self.http.post(f"/api/acts/{name}", data=body, content_type="application/json")

    def done(self, name: str, /, **body: Any) -> Any:
        """An act that must succeed; returns its answer."""
        response = self.act(name, **body)
        assert response.status_code == 200, (
            f"{name}: {response.status_code} {response.content.decode()[:900]}"
        )
        return response.json()

    def refused(self, name: str, /, *, clause: Any = "", **body: Any) -> list[str]:
        """An act that must be refused, whole (see ``refusals``) and, where given, on this ``clause`` alone.

        Returns the clauses that it names, as 《document》number.
        """
        before = Before.taken()
        response = self.act(name, **body)
        assert response.status_code == 403, (
            f"{name}: {response.status_code} {response.content.decode()[:900]}"
        )
        reasons = response.json()["reasons"]
        is_told(name, reasons)
        is_kept(name, before.holds(name), response.wsgi_request.actor.reference, reasons)
        clauses = [reason["clause"] for reason in reasons]
        assert clause in ("", *clauses), f"{name}: refused on {clauses}, not on {clause}"
        return clauses

    def get(self, path: str, **data: Any) -> Any:
        """GET a page."""
        return self.http.get(path, data=data)


def told(response: Any) -> str:
    """An answer as people read it."""
    return json.dumps(response.json(), ensure_ascii=False)[:900]


def build(city: str, *, experts: int = 40, at: datetime | None = None) -> World:
    """One city: two districts, its pool, units of every role, offices, and experts of distinct units."""
    law.forget()
    mould, world = moulds.cast((city, experts, at), lambda: _build(city, experts, at))
    world.mould, world.moulded = mould, moulds.Moment.taken() if mould else None
    return world


def _build(city: str, experts: int, at: datetime | None) -> World:
    code, name, first, second, pack_id, region = CITIES[city]
    moment = at or datetime.fromisoformat("2019-01-02T09:00:00+08:00")
    packs.record_all(at=moment)
    division = Division.objects.create(code=code, name=name, region=region)
    district = Division.objects.create(code=first[0], name=first[1], parent=division, region=region)
    other = Division.objects.create(code=second[0], name=second[1], parent=division, region=region)
    file = Case.objects.create(
        reference=f"K-{code}",
        kind="pool",
        title=f"{name}专家库",
        division=division,
        state="open",
        opened_at=moment,
    )
    pool = Pool.objects.create(file=file, key=city, name=f"{name}专家库", division=division, pack_id=pack_id)
    anchor_chains(pool_id=pool.pk, actor=Actor.system(), at=moment)
    world = World(city, division, district, other, pack_id, pool)
    for unit, role in ROLES_OF_UNITS.items():
        world.add_seat(unit, role, unit=unit)
    for seat, (unit, role, position) in POSITIONS.items():
        world.add_seat(seat, role, unit=unit, position=position)
    world.add_seat("station", Role.STATION, division=division)
    world.add_seat("bureau", Role.BUREAU, division=division)
    world.add_seat("district", Role.DISTRICT, division=district)
    world.add_seat("other_district", Role.DISTRICT, division=other)
    for index in range(experts):
        world.add_expert(specialties=SPECIALTIES[index % len(SPECIALTIES)])
    return world
