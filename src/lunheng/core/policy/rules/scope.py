"""范围与职责: whom the rule covers, from when, and who may do what."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from lunheng.core.policy.rules.base import Rule


class Coverage(Rule):
    """适用范围: kinds of project, territory (GB/T 2260, trailing zeros: the whole), first and last day."""

    project_kinds: tuple[str, ...] = Field(min_length=1)
    territory: str = Field(pattern=r"^\d{6}$")
    from_on: date
    from_clause: str = Field(min_length=1)
    to_on: date | None = None
    vocabularies: ClassVar[dict[str, str]] = {"project_kinds": "project_kinds"}

    @property
    def prefix(self) -> str:
        """The leading digits that every division inside the territory shares."""
        pairs = [self.territory[:2], self.territory[2:4], self.territory[4:]]
        while pairs and pairs[-1] == "00":
            pairs.pop()
        return "".join(pairs)

    @property
    def period(self) -> str:
        """The days in force, in words."""
        return f"自{self.from_on}起" + (f"至{self.to_on}" if self.to_on else "")

    def is_in_force(self, on: date) -> bool:
        """Whether the day lies between the first and the last day, both included."""
        return self.from_on <= on and (self.to_on is None or on <= self.to_on)

    def is_inside(self, division: str) -> bool:
        """Whether a division lies in the territory."""
        return division.startswith(self.prefix)


class Transition(Rule):
    """新旧衔接: a review engaged before the first day enters only with proof, when so demanded."""

    from_on: date
    legacy_needs_proof: bool


class PlatformOnly(Rule):
    """应通过平台完成: activities for which experts may be engaged outside, with a reason."""

    offline_allowed_for: tuple[str, ...]
    vocabularies: ClassVar[dict[str, str]] = {"offline_allowed_for": "activities"}


class Supervision(Rule):
    """监督分工: who supervises city-run projects and the others; `overall` may see all of the city."""

    city_run: str
    other: str
    overall: tuple[str, ...] = ()
    vocabularies: ClassVar[dict[str, str]] = {"city_run": "roles", "other": "roles", "overall": "roles"}


class PoolKeepers(Rule):
    """专家库管理: who changes the pool, who publishes."""

    managers: tuple[str, ...] = Field(min_length=1)
    publishers: tuple[str, ...] = Field(min_length=1)
    vocabularies: ClassVar[dict[str, str]] = {"managers": "roles", "publishers": "roles"}


class Organiser(Rule):
    """组织单位: who may start a review, whether an agency may, and until when that can be changed."""

    initiators: tuple[str, ...] = Field(min_length=1)
    agency_allowed: bool
    switch_until: Literal["first_confirmed", "never"]
    vocabularies: ClassVar[dict[str, str]] = {"initiators": "roles"}

    def loosens(self, floor: Rule) -> str | None:
        """No one may start a review whom the national rule does not name."""
        assert isinstance(floor, Organiser)
        added = [role for role in self.initiators if role not in floor.initiators]
        return f"组织论证的主体多出国家规定以外的 {'、'.join(added)}" if added else None
