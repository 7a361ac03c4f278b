"""Units: where experts work (a few large, many small), and who builds, designs and supervises."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from lunheng.core.actor import Role
from lunheng.demo.building import names
from lunheng.demo.building.chance import Chance
from lunheng.demo.building.divisions import City
from lunheng.demo.building.identities import credit_code
from lunheng.organizations.models import Control, Organization

LARGEST = 30
SIZES = range(1, LARGEST + 1)
WEIGHTS = [int(1_000_000 * size**-1.6) for size in SIZES]
"""Sizes of units are heavy-tailed: the chance of a size falls with its power 1.6."""

PARTIES = {
    "contractor": (Role.CONTRACTOR, "海晏建设集团有限公司"),
    "second_contractor": (Role.CONTRACTOR, "鲸川市政工程有限公司"),
    "subcontractor": (Role.SUBCONTRACTOR, "磐石基础工程有限公司"),
    "supervisor": (Role.SUPERVISOR, "明衡工程监理有限公司"),
    "owner": (Role.OWNER, "通达城市建设投资有限公司"),
    "designer": (Role.DESIGNER, "远帆市政设计研究院有限公司"),
    "investigator": (Role.INVESTIGATOR, "厚土岩土勘察有限公司"),
    "monitor": (Role.MONITOR, "毫厘工程监测有限公司"),
    "agency": (Role.AGENCY, "公允工程技术论证有限公司"),
    "second_agency": (Role.AGENCY, "持平工程咨询有限公司"),
}


@dataclass
class Units:
    """The units of one city: ``parties`` by the name of their part, ``employers`` with the number of their experts."""

    city: City
    parties: dict[str, Organization] = field(default_factory=dict)
    employers: list[tuple[Organization, int]] = field(default_factory=list)


def make_units(city: City, experts: int, at: datetime) -> Units:
    """Make every unit of a city and the relations between them."""
    numbers = count(1)
    units = Units(city)
    for part, (_, name) in PARTIES.items():
        code = credit_code(city.code, next(numbers))
        units.parties[part] = Organization(
            code=code, name=f"虚构{city.short}{name}", kind=part, division_id=city.code
        )
    units.employers = _employers(city, experts, numbers)
    Organization.objects.bulk_create(
        [*units.parties.values(), *(unit for unit, _ in units.employers)], batch_size=500
    )
    _relate(units, numbers, at)
    return units


def _employers(city: City, experts: int, numbers: "count[int]") -> list[tuple[Organization, int]]:
    chance, taken = Chance("units", city.code), set[str]()
    left, found = experts, []
    while left:
        size = min(chance.weighted(SIZES, WEIGHTS), left)
        name = names.unit(chance, city.short, taken)
        code = credit_code(city.code, next(numbers))
        found.append((Organization(code=code, name=name, kind="employer", division_id=city.code), size))
        left -= size
    return found


def _relate(units: Units, numbers: "count[int]", at: datetime) -> None:
    """A group above the contractor and some employers; a bureau above an institute; one recorded interest."""
    city, by_size = units.city, sorted(units.employers, key=lambda one: -one[1])
    big = [unit for unit, _ in by_size]
    group = _extra(city, next(numbers), "建工控股集团有限公司", "group")
    office = _extra(city, next(numbers), "住房和城乡建设局", "authority")
    institute = _extra(city, next(numbers), "建设工程质量安全研究所", "institute")
    contractor, owner = units.parties["contractor"], units.parties["owner"]
    ownership, administration = Control.Kind.OWNERSHIP, Control.Kind.ADMINISTRATION
    lines = [
        (group, contractor, ownership, "企业信用信息：持股100%"),
        (group, big[3], ownership, "企业信用信息：持股100%"),
        (contractor, big[6], ownership, "企业信用信息：持股60%"),
        (big[6], big[9], ownership, "企业信用信息：持股51%"),
        (office, institute, administration, "事业单位登记：举办单位"),
        (office, big[2], administration, "事业单位登记：主管部门"),
        (owner, big[5], Control.Kind.INTEREST, "年度框架协议合作单位"),
    ]
    Control.objects.bulk_create(
        Control(superior=upper, subordinate=lower, kind=kind, source=source, recorded_at=at)
        for upper, lower, kind, source in lines
    )


def _extra(city: City, number: int, name: str, kind: str) -> Organization:
    return Organization.objects.create(
        code=credit_code(city.code, number), name=f"虚构{city.short}{name}", kind=kind, division_id=city.code
    )
