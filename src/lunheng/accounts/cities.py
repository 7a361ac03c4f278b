"""The cities one can log in to: each has a pack in force, which says by which way people come in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils import timezone

from lunheng.core.policy import Law
from lunheng.core.policy.rules.security import Login
from lunheng.jurisdictions import law, territory
from lunheng.jurisdictions.models import PackRecord


@dataclass(frozen=True)
class City:
    """One city by the name of its pack without the year, e.g. ``qingdao``."""

    key: str
    digest: str

    @cached_property
    def law(self) -> Law:
        """The rules in force."""
        return law.of(self.digest)

    @property
    def name(self) -> str:
        """青岛市."""
        return self.law.pack.head.territory_title

    @property
    def title(self) -> str:
        """The title of the city's rules."""
        return self.law.title

    @property
    def mode(self) -> str:
        """The way in: ``oidc`` or ``phone_password``; none where no layer of the pack names one."""
        rule = self.law.rule("security.login")
        return rule.mode if isinstance(rule, Login) else ""

    @property
    def has_identity_service(self) -> bool:
        """Whether people come through an identity service."""
        return self.mode == "oidc"

    def covers(self, division: str) -> bool:
        """Whether a division lies in the city."""
        return territory.covers(self.law.region, division)


def all_cities(at: datetime) -> list[City]:
    """Every city with a pack in force at the moment, by key."""
    return sorted(_newest(at), key=lambda one: one.key)


def city_by_key(key: str, at: datetime) -> City | None:
    """The city of this name, if its pack is in force."""
    return next((one for one in all_cities(at) if one.key == key), None)


def city_covering(cities: Iterable[City], division: str, tree: territory.Tree | None = None) -> City | None:
    """The city in which a division lies: of several the narrowest, of a county's own pack and its region's the county's.

    ``tree`` where many are asked for; without it a question is asked of the database only when no city has the code.
    """
    by_place = {city.law.region: city for city in cities}
    if not division or not by_place:
        return None
    if division in by_place:
        return by_place[division]
    places = tree.chain(division) if tree else territory.chain(division)
    return next((by_place[code] for code in places if code in by_place), None)


def _newest(at: datetime) -> Iterator[City]:
    newest: dict[str, PackRecord] = {}
    for record in sorted(law.all_begun(timezone.localdate(at)), key=lambda one: str(one.effective_from)):
        newest[record.pack_id.rpartition("-")[0] or record.pack_id] = record
    return (City(key, record.digest) for key, record in newest.items())
