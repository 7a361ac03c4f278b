"""Two thousand experts in five pools, each with a file whose chain begins with the appointment."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from django.conf import settings
from django.db import transaction

from lunheng.accounts.models import Account, Seat
from lunheng.cases.models import Case
from lunheng.core.actor import Actor, Role
from lunheng.core.procedures.files import APPOINT_EXPERT, OPEN_POOL
from lunheng.demo.building import names
from lunheng.demo.building.chance import Chance
from lunheng.demo.building.divisions import City
from lunheng.demo.building.identities import identity_digest, identity_number, phone
from lunheng.demo.building.units import Units
from lunheng.experts.models import Expert, ExpertSpecialty, Interest
from lunheng.ledger.append import Line, append_many
from lunheng.organizations.models import Organization
from lunheng.pools.actions import anchor_chains
from lunheng.pools.founding import Keeping, keep_pool
from lunheng.pools.models import Membership, Pool

SHARES = {"zhengzhou": 30, "qingdao": 23, "xinjiang": 17, "nanning": 18, "kunming": 12}
"""The experts of each pool, in hundredths of all."""

TITLES = ("高级工程师", "高级工程师", "正高级工程师", "教授级高级工程师", "研究员", "教授")
REGISTRATIONS = (
    "", "", "注册土木工程师（岩土）", "一级注册结构工程师", "一级注册建造师", "注册监理工程师", "注册安全工程师", "一级造价工程师",
)  # fmt: skip
TERM = timedelta(days=3 * 365)
UNUSABLE = "!"
"""What stands in place of a password with which nobody logs in (as Django marks unusable passwords)."""


@dataclass(frozen=True)
class Sketch:
    """One expert before any row exists."""

    number: int
    city: City
    unit: Organization
    name: str
    is_woman: bool
    identity: str
    specialties: tuple[str, ...]
    title: str
    registration: str
    state: str
    appointed_on: date

    @property
    def reference(self) -> str:
        """The pseudonym of the expert's file."""
        return Chance("reference", self.city.code, str(self.number)).take(6).hex()

    @property
    def phone(self) -> str:
        """The number of the expert, of a block of its own for every city."""
        return phone(10_000 * (1 + list(SHARES).index(self.city.key)) + self.number)


def specialties() -> list[str]:
    """The specialties of the national vocabulary, the most common ones first."""
    text = (settings.PACKS_DIRECTORY / "cn" / "specialties.toml").read_text("utf-8")
    return list(tomllib.loads(text)["specialties"])


def make_pool(city: City, units: Units, keeper: Actor, at: datetime) -> Pool:
    """The pool of a city with all its experts; every file's chain is entered in bulk."""
    pool = keep_pool(Keeping(city.key, f"{city.name}专家库", city.code), city.pack, at)
    file = pool.file
    sketches = list(_sketches(city, units, at.date()))
    with transaction.atomic():
        experts = _write(pool, sketches, at)
        _enter([file, *(expert.file for expert in experts)], keeper, at)
    _interests(experts, units, at)
    anchor_chains(pool_id=pool.pk, actor=Actor.system(), at=at)
    return pool


def _sketches(city: City, units: Units, today: date) -> Iterator[Sketch]:
    chance, known, numbers = Chance("experts", city.code), specialties(), count(1)
    weights = [int(1_000_000 * rank**-0.8) for rank in range(1, len(known) + 1)]
    taken: set[str] = set()
    for unit, size in units.employers:
        for _ in range(size):
            number, is_woman = next(numbers), chance.below(4) == 0
            wanted = chance.weighted((1, 2, 3), (40, 42, 18))
            chosen: list[str] = []
            while len(chosen) < wanted:
                one = chance.weighted(known, weights)
                chosen += [] if one in chosen else [one]
            yield Sketch(
                number=number,
                city=city,
                unit=unit,
                name=_name(city, chance, number),
                is_woman=is_woman,
                identity=_identity(city, chance, taken, is_woman=is_woman),
                specialties=tuple(sorted(chosen)),
                title=chance.one(TITLES),
                registration=chance.one(REGISTRATIONS),
                state=chance.weighted(("active", "suspended", "removed"), (960, 30, 10)),
                appointed_on=today - timedelta(days=chance.between(0, 500)),
            )


def _name(city: City, chance: Chance, number: int) -> str:
    if city.key == "xinjiang" and chance.below(2):
        return names.LONG if number % 97 == 0 else names.western_person(chance)
    return names.RARE[number // 80 % len(names.RARE)] if number % 80 == 0 else names.person(chance)


def _identity(city: City, chance: Chance, taken: set[str], *, is_woman: bool) -> str:
    while True:
        day = date(1959, 1, 1) + timedelta(days=chance.below(11_000))
        region = chance.one(sorted(city.districts))
        number = identity_number(region, f"{day:%Y%m%d}", is_woman=is_woman)
        if number not in taken:
            taken.add(number)
            return identity_digest(number)


def _write(pool: Pool, sketches: list[Sketch], at: datetime) -> list[Expert]:
    files = Case.objects.bulk_create(
        [
            Case(
                reference=f"ZJ-{one.city.code}-{one.number:06d}",
                kind=Case.Kind.EXPERT,
                title=one.reference,
                division_id=one.city.code,
                state="open",
                opened_at=at,
            )
            for one in sketches
        ],
        batch_size=500,
    )
    accounts = Account.objects.bulk_create([_account(one, at) for one in sketches], batch_size=500)
    standings = Membership.objects.bulk_create(
        [_membership(pool, one, file) for one, file in zip(sketches, files, strict=True)], batch_size=500
    )
    experts = Expert.objects.bulk_create(
        [
            _expert(standing, one, account)
            for standing, one, account in zip(standings, sketches, accounts, strict=True)
        ],
        batch_size=500,
    )
    Seat.objects.bulk_create(
        [
            Seat(
                account=expert.account,
                role=Role.EXPERT,
                division=pool.division,
                expert=expert.reference,
                identity_digest=expert.identity_digest,
            )
            for expert in experts
        ],
        batch_size=500,
    )
    ExpertSpecialty.objects.bulk_create(
        [
            ExpertSpecialty(expert=expert, specialty=name)
            for expert, one in zip(experts, sketches, strict=True)
            for name in one.specialties
        ],
        batch_size=500,
    )
    return experts


def _account(one: Sketch, at: datetime) -> Account:
    return Account(
        reference=f"a{one.reference}",
        phone=one.phone,
        name=one.name,
        password=UNUSABLE,
        identity_digest=one.identity,
        verified_by="demo",
        created_at=at,
    )


def _expert(standing: Membership, one: Sketch, account: Account) -> Expert:
    return Expert(
        file=standing.file,
        reference=one.reference,
        pool=standing.pool,
        membership=standing,
        account=account,
        name=one.name,
        gender="女" if one.is_woman else "男",
        phone=one.phone,
        identity_digest=one.identity,
        unit=one.unit,
        title=one.title,
        registration=one.registration,
    )


def _membership(pool: Pool, one: Sketch, file: Case) -> Membership:
    return Membership(
        pool=pool,
        file=file,
        state=one.state,
        appointed_on=one.appointed_on,
        ends_on=one.appointed_on + TERM,
    )


def _enter(files: list[Case], keeper: Actor, at: datetime) -> None:
    """The first line of every chain, and with it the number and leaf that the next line builds on."""
    lines = [
        Line(
            subject=file.reference,
            number=1,
            previous=file.last_leaf,
            tenant=file.division_id,
            event=APPOINT_EXPERT.event if file.kind == Case.Kind.EXPERT else OPEN_POOL.event,
            actor=keeper,
            at=at,
            data={"label": "聘任入库" if file.kind == Case.Kind.EXPERT else "建立专家库", "clause": ""},
        )
        for file in files
    ]
    for file, entry in zip(files, append_many(lines, recorded_at=at), strict=True):
        file.entry_count, file.last_leaf = 1, bytes(entry.leaf_sha256).hex()
    Case.objects.bulk_update(files, ("entry_count", "last_leaf"), batch_size=200)


def _interests(experts: list[Expert], units: Units, at: datetime) -> None:
    """Every hundredth expert once worked for the owner, or has family there."""
    grounds = ("近三年内曾在该单位任职", "近亲属在该单位任职", "近一年内为该单位提供有偿咨询")
    Interest.objects.bulk_create(
        Interest(
            expert=expert,
            organization=units.parties["owner"],
            ground=grounds[index % len(grounds)],
            recorded_at=at,
        )
        for index, expert in enumerate(experts[50::100])
    )
