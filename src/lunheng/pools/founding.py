"""设立: an authority begins on the platform with its divisions, its pools and the first people in its offices.

Offices are in the pack; a small table says the rest. What is there already stays as it is, so that it can be said again;
a table with any fault founds nothing. Everything is one registered writing; the chains of a new pool are its first act.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from lunheng.accounts.identity import identity_digest
from lunheng.accounts.models import Account, Seat
from lunheng.cases.models import Case
from lunheng.core.actor import OFFICES, Actor, Role
from lunheng.core.deadlines import CHINA
from lunheng.core.identity import (
    Unfit,
    canonical,
    clean_name,
    clean_unit_name,
    folded,
    mobile_number,
    person_number,
)
from lunheng.core.policy import Law, ResolvedPack
from lunheng.core.policy.offices import LEVELS
from lunheng.core.workflow import FileState
from lunheng.jobs import clock
from lunheng.jurisdictions import packs
from lunheng.jurisdictions.calendars import work_calendar
from lunheng.jurisdictions.models import Division, PackRecord
from lunheng.jurisdictions.territory import Tree
from lunheng.ledger.registers import written
from lunheng.pools.actions import anchor_chains
from lunheng.pools.models import Pool

CODE = re.compile(r"[0-9A-Z]{6}")
KEY = re.compile(r"[a-z0-9-]{1,48}")
ORDER = list(LEVELS)
OLD_OFFICES = {role.value: role.label for role in (Role.STATION, Role.BUREAU, Role.DISTRICT)}
"""The offices of packs that have no table of them."""


@dataclass(frozen=True)
class Place:
    """A division as the table has it; ``region`` is its layer of the calendar."""

    code: str
    name: str
    level: str
    parent: str = ""
    region: str = ""
    neighbours: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Keeping:
    """A pool as the table has it."""

    key: str
    name: str
    code: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Person:
    """Somebody in an office of a division; ``identity`` is the number of an identity card, kept only as its digest."""

    name: str
    phone: str
    office: str
    code: str
    identity: str = ""
    reference: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Fault:
    """One mistake of the table: line (0 when it is none of the table's), column, what is wrong, how to mend it."""

    line: int
    column: str
    message: str
    remedy: str


@dataclass(frozen=True)
class Step:
    """Something that is not there yet, in words, and how it comes to be."""

    words: str
    make: Callable[[datetime], object]


@dataclass(frozen=True)
class Founding:
    """What an authority begins with."""

    pack: ResolvedPack
    places: tuple[Place, ...] = ()
    pools: tuple[Keeping, ...] = ()
    people: tuple[Person, ...] = ()

    @property
    def territory(self) -> str:
        """The division for which the pack was made."""
        return Law(self.pack, work_calendar).region

    @property
    def offices(self) -> Mapping[str, str]:
        """Every office of the pack with its title."""
        return {key: one.title for key, one in self.law.offices.items()} or OLD_OFFICES

    @property
    def law(self) -> Law:
        """The rules of the pack."""
        return Law(self.pack, work_calendar)

    def completed(self) -> "Founding":
        """With the pack's own division and a pool for it, where the table names none."""
        title = self.pack.head.territory_title or self.pack.head.title
        places, pools = self.places, self.pools
        known = {one.code for one in places}
        if self.territory not in known and not Division.objects.filter(pk=self.territory).exists():
            levels = [ORDER.index(one.level) for one in self.law.offices.values()]
            level = ORDER[min(levels)] if levels else "prefecture"
            places = (Place(self.territory, title, level), *places)
        if not pools and not Pool.objects.filter(pack_id=self.pack.head.id).exists():
            key = self.pack.head.id.rpartition("-")[0] or self.pack.head.id
            pools = (Keeping(key, f"{title}专家库", self.territory),)
        return Founding(self.pack, places, pools, self.people)


def faults_of(founding: Founding) -> list[Fault]:
    """Every mistake of the table, by line."""
    stored = {one.code: one for one in Division.objects.all()}
    tree = _tree(founding)
    found = [*_of_places(founding.places, stored, tree), *_of_pools(founding, tree)]
    found += _of_people(founding, stored, tree)
    return sorted(found, key=lambda one: one.line)


def steps_of(founding: Founding) -> list[Step]:
    """What is not there yet, in the order in which it has to come."""
    return [*_pack_steps(founding), *_place_steps(founding), *_pool_steps(founding), *_people_steps(founding)]


def carry_out(founding: Founding, at: datetime) -> list[str]:
    """Make what is not there yet, all or nothing, and publish the chains of new pools; returns what was made."""
    record = [one.make(at) for one in _pack_steps(founding)]
    made = [one.words for one in _pack_steps(founding)] if not record else ["登记政策包"]
    steps = steps_of(founding)
    with written(f"设立 {founding.pack.head.id}", at):
        for step in steps:
            step.make(at)
    for pool in Pool.objects.filter(pack_id=founding.pack.head.id, chains=None).order_by("pk"):
        anchor_chains(pool_id=pool.pk, actor=Actor.system(), at=at)
    return [*made, *(step.words for step in steps)]


def vacant_offices(founding: Founding) -> list[str]:
    """The offices of the pack in which nobody sits yet, in their order, by title."""
    tree = Tree.load()
    seats = Seat.objects.filter(
        is_active=True, role__in=[role.value for role in OFFICES], division__isnull=False
    )
    taken = {
        office or role
        for office, role, place in seats.values_list("office", "role", "division_id")
        if _is_about(founding, str(place), tree)
    }
    return [title for key, title in founding.offices.items() if key not in taken]


def keep_place(place: Place) -> Division:
    """The division of a row, made or given what it lacked."""
    division, _ = Division.objects.get_or_create(
        code=place.code,
        defaults={
            "name": clean_unit_name(place.name),
            "parent_id": place.parent or None,
            "region": place.region,
        },
    )
    if division.level != place.level:
        division.level = place.level
        division.save(update_fields=("level",))
    return division


def keep_pool(row: Keeping, pack_id: str, at: datetime) -> Pool:
    """The pool of a row with its file; a second one in a division has a number behind its reference."""
    name = clean_unit_name(row.name)
    earlier = Case.objects.filter(kind=Case.Kind.POOL, division_id=row.code).count()
    file = Case.objects.create(
        reference=f"K-{row.code}" + (f"-{earlier + 1}" if earlier else ""),
        kind=Case.Kind.POOL,
        title=name,
        division_id=row.code,
        state=FileState.OPEN.value,
        opened_at=at,
    )
    return Pool.objects.create(file=file, key=row.key, name=name, division_id=row.code, pack_id=pack_id)


def keep_person(person: Person, at: datetime) -> Seat:
    """The seat of a row, with a log-in that has no password: its holder sets one by a code to the telephone, or comes
    through the identity service."""
    account = Account.objects.filter(phone=mobile_number(person.phone)).first()
    if account is None:
        named: dict[str, Any] = {"reference": person.reference} if person.reference else {}
        digest = identity_digest(person_number(person.identity)) if person.identity else ""
        account = Account.objects.create_account(
            phone=mobile_number(person.phone),
            name=clean_name(person.name),
            identity_digest=digest,
            created_at=at,
            **named,
        )
    is_old = person.office in OLD_OFFICES
    return Seat.objects.create(
        account=account,
        role=person.office if is_old else Role.OFFICE.value,
        office=None if is_old else person.office,
        division_id=person.code,
    )


def _tree(founding: Founding) -> Tree:
    """Where everything lies once the table is carried out."""
    stored = Tree.load().parents
    return Tree({**stored, **{one.code: one.parent or stored.get(one.code) for one in founding.places}})


def _pack_steps(founding: Founding) -> list[Step]:
    pack = founding.pack
    if PackRecord.objects.filter(digest=pack.digest).exists():
        return []
    words = f"登记政策包 {pack.head.id}（{pack.head.version}）"
    return [Step(words, lambda at: packs.record(pack, at=at))]


def _place_steps(founding: Founding) -> Iterator[Step]:
    stored = dict(Division.objects.values_list("code", "level"))
    tree = _tree(founding)
    for place in sorted(founding.places, key=lambda one: (len(tree.chain(one.code)), one.code)):
        if place.code not in stored or stored[place.code] is None:
            words = f"登记区划 {place.code} {place.name}（{LEVELS[place.level]}）"
            yield Step(words, lambda at, place=place: keep_place(place))  # type: ignore[misc]
    for place in founding.places:
        known = Division.neighbours.through.objects.filter(from_division_id=place.code)
        missing = [
            one for one in place.neighbours if one not in known.values_list("to_division_id", flat=True)
        ]
        if missing:
            words = f"登记 {place.code} {place.name}的相邻地区：{'、'.join(missing)}"
            yield Step(words, lambda at, place=place, missing=missing: _adjoin(place, missing))  # type: ignore[misc]


def _adjoin(place: Place, missing: list[str]) -> None:
    Division.objects.get(pk=place.code).neighbours.add(*Division.objects.filter(pk__in=missing))


def _pool_steps(founding: Founding) -> Iterator[Step]:
    for row in founding.pools:
        if not Pool.objects.filter(key=row.key).exists():
            words = f"建立专家库 {row.key} {row.name}（区划 {row.code}），并公布随机数链"
            yield Step(words, lambda at, row=row: keep_pool(row, founding.pack.head.id, at))  # type: ignore[misc]


def _people_steps(founding: Founding) -> Iterator[Step]:
    for person in founding.people:
        if not _seats_of(person).exists():
            words = f"登记账号 {person.name}：{founding.offices[person.office]}（区划 {person.code}）"
            yield Step(words, lambda at, person=person: keep_person(person, at))  # type: ignore[misc]


def _seats_of(person: Person) -> Any:
    is_old = person.office in OLD_OFFICES
    named = {"role": person.office, "office": None} if is_old else {"role": "office", "office": person.office}
    return Seat.objects.filter(account__phone=mobile_number(person.phone), division_id=person.code, **named)


def _of_places(places: tuple[Place, ...], stored: Mapping[str, Division], tree: Tree) -> Iterator[Fault]:
    levels = {code: one.level for code, one in stored.items()} | {one.code: one.level for one in places}
    seen: set[str] = set()
    for place in places:
        if not CODE.fullmatch(place.code):
            remedy = "填写六位数字，或本单位自编的六位代码"
            yield Fault(place.line, "code", f"区划代码“{place.code}”不是六位", remedy)
        if place.code in seen:
            yield Fault(place.line, "code", f"区划 {place.code} 在表中写了两次", "只保留一行")
        seen.add(place.code)
        if place.level not in LEVELS:
            remedy = f"只能写：{'、'.join(LEVELS)}"
            yield Fault(place.line, "level", f"级别“{place.level}”不在许可范围", remedy)
        yield from _of_title(place)
        yield from _of_surroundings(place, levels.get(place.parent), tree)
        if place.code in stored:
            yield from _changed(place, stored[place.code])


def _of_surroundings(place: Place, upper: str | None, tree: Tree) -> Iterator[Fault]:
    if place.parent and place.parent not in tree.parents:
        message = f"上级区划 {place.parent} 没有登记"
        yield Fault(place.line, "parent", message, "在表中增加这一区划，或改正代码")
    elif place.parent and (_is_no_wider(upper, place.level) or tree.covers(place.code, place.parent)):
        yield Fault(place.line, "parent", f"上级区划 {place.parent} 不比本区划级别高", "核对级别和上级")
    for code in place.neighbours:
        if code not in tree.parents or code == place.code:
            message = f"相邻区划 {code} 没有登记"
            yield Fault(place.line, "neighbours", message, "在表中增加这一区划，或删去")


def _is_no_wider(upper: str | None, level: str) -> bool:
    return upper in LEVELS and level in LEVELS and ORDER.index(str(upper)) >= ORDER.index(level)


def _changed(place: Place, stored: Division) -> Iterator[Fault]:
    """A founding adds; what is registered otherwise is changed by nobody in passing."""
    was = {
        "name": stored.name,
        "parent": stored.parent_id or "",
        "level": stored.level,
        "region": stored.region,
    }
    now = {"name": place.name, "parent": place.parent, "level": place.level, "region": place.region}
    for column, value in was.items():
        if value is not None and _differs(column, value, now[column]):
            yield Fault(place.line, column, f"与已登记的“{value}”不同", "改为已登记的值；确需变更的另行办理")


def _differs(column: str, value: str, given: str) -> bool:
    return folded(value) != folded(given) if column == "name" else value != given


def _of_title(row: Place | Keeping) -> Iterator[Fault]:
    try:
        clean_unit_name(row.name)
    except Unfit as fault:
        yield Fault(row.line, "name", str(fault).replace("单位名称", "名称"), fault.remedy)


def _of_pools(founding: Founding, tree: Tree) -> Iterator[Fault]:
    stored = {pool.key: pool for pool in Pool.objects.all()}
    seen: set[str] = set()
    for row in founding.pools:
        if not KEY.fullmatch(row.key):
            yield Fault(row.line, "key", f"标识“{row.key}”不合要求", "用小写字母、数字和短横，如 qingdao")
        if row.key in seen:
            yield Fault(row.line, "key", f"专家库 {row.key} 在表中写了两次", "只保留一行")
        seen.add(row.key)
        yield from _of_title(row)
        yield from _outside(row.line, row.code, founding, tree)
        known = stored.get(row.key)
        if known and (known.division_id, known.pack_id) != (row.code, founding.pack.head.id):
            message = f"标识 {row.key} 已用于{known.name}（{known.division_id}，{known.pack_id}）"
            yield Fault(row.line, "key", message, "换一个标识")


def _outside(line: int, code: str, founding: Founding, tree: Tree) -> Iterator[Fault]:
    if code not in tree.parents:
        yield Fault(line, "code", f"区划 {code} 没有登记", "在表中增加这一区划，或改正代码")
    elif not tree.covers(founding.territory, code):
        message = f"区划 {code} 不在本规则的适用地区 {founding.territory} 之内"
        yield Fault(line, "code", message, "改正代码，或用该地区的政策包设立")


def _of_people(founding: Founding, stored: Mapping[str, Division], tree: Tree) -> Iterator[Fault]:
    levels = {code: one.level or "" for code, one in stored.items()}
    levels |= {one.code: one.level for one in founding.places}
    names: dict[str, str] = {}
    seen: set[tuple[str, str, str]] = set()
    for person in founding.people:
        if not tree.covers(person.code, founding.territory):
            yield from _outside(person.line, person.code, founding, tree)
        yield from _of_office(person, founding, levels)
        yield from _of_identity(person)
        yield from _of_phone(person, names)
        post = (canonical(person.phone).removeprefix("+86"), person.office, person.code)
        if post in seen:
            yield Fault(person.line, "office", f"{person.name}的这一岗位在表中写了两次", "只保留一行")
        seen.add(post)


def _of_identity(person: Person) -> Iterator[Fault]:
    today = clock.now().astimezone(CHINA).date()
    readers: Mapping[str, Callable[[object], str]] = {
        "name": clean_name,
        "identity": lambda given: person_number(given, today) if given else "",
    }
    for column, reader in readers.items():
        try:
            reader(getattr(person, column))
        except Unfit as fault:
            yield Fault(person.line, column, str(fault), fault.remedy)


def _is_about(founding: Founding, place: str, tree: Tree) -> bool:
    """Whether a place lies in the territory or around it: the offices of a wider layer sit above."""
    return tree.covers(founding.territory, place) or tree.covers(place, founding.territory)


def _of_office(person: Person, founding: Founding, levels: Mapping[str, str]) -> Iterator[Fault]:
    if person.office not in founding.offices:
        known = "、".join(f"{key}（{title}）" for key, title in founding.offices.items())
        yield Fault(person.line, "office", f"政策包没有岗位“{person.office}”", f"只能写：{known}")
        return
    level = founding.law.level_of(person.office)
    if level and levels.get(person.code) in LEVELS and levels[person.code] != level:
        title = founding.offices[person.office]
        message = f"{title}是{LEVELS[level]}一级的岗位，区划 {person.code} 不是这一级"
        yield Fault(person.line, "code", message, "改正区划代码或岗位")


def _of_phone(person: Person, names: dict[str, str]) -> Iterator[Fault]:
    try:
        phone = mobile_number(person.phone)
    except Unfit as fault:
        yield Fault(person.line, "phone", f"{fault}（“{person.phone[:40]}”）", fault.remedy)
        return
    known = Account.objects.filter(phone=phone).values_list("name", flat=True).first()
    holder = names.setdefault(phone, known or person.name)
    if folded(holder) != folded(person.name):
        yield Fault(person.line, "phone", f"手机号码已属于{holder}", "一个号码只登记一人；核对姓名和号码")
