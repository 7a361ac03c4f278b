"""抽取: what a request must hold, how experts are drawn, and how they must fit the works."""

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from lunheng.core.policy.rules.base import Effect, Rule


class DrawMode(Rule):
    """直接随机抽取 or 随机推送后选取; `candidates` is how many are pushed."""

    mode: Literal["direct", "push"]
    minimum_pick: int = Field(ge=1)
    candidates: int | None = None

    @model_validator(mode="after")
    def _pushing_needs_a_number(self) -> "DrawMode":
        if (self.mode == "push") != (self.candidates is not None):
            raise ValueError("推送方式（push）必须写明 candidates，直接抽取（direct）不得写")
        return self

    def loosens(self, floor: Rule) -> str | None:
        """The smallest group that can be requested may not shrink."""
        assert isinstance(floor, DrawMode)
        if self.minimum_pick < floor.minimum_pick:
            return f"最少抽取 {self.minimum_pick} 名少于国家规定的 {floor.minimum_pick} 名"
        return None


class DrawRequest(Rule):
    """抽取申请: the parts without which nobody is drawn."""

    required: tuple[str, ...] = Field(min_length=1)
    vocabularies: ClassVar[dict[str, str]] = {"required": "request_parts"}


class Risk(Rule):
    """风险等级: `levels` by grade of works; `effect` says what a missing confirmation does."""

    effect: Effect
    levels: dict[str, str] = Field(min_length=1)
    vocabularies: ClassVar[dict[str, str]] = {"levels": "grades"}


class Match(Rule):
    """专业匹配: which specialties fit which kind of works."""

    specialties: dict[str, tuple[str, ...]] = Field(min_length=1)
    vocabularies: ClassVar[dict[str, str]] = {"specialties": "work_kinds"}

    def terms(self) -> dict[str, frozenset[str]]:
        """Both sides of the mapping come from closed vocabularies."""
        fitting = frozenset(word for words in self.specialties.values() for word in words)
        return super().terms() | {"specialties": fitting}


class DistinctUnits(Rule):
    """不同单位: `distinct` demands pairwise different units."""

    distinct: bool = True


class MixedSpecialties(Rule):
    """不同专业: at least so many experts differ in specialty; a short pool is recorded, not punished."""

    different_at_least: int = Field(ge=1)
    shortage: Literal["allow_recorded", "refuse"]
    effect: Effect


class Breadth(Rule):
    """不宜不分专业: a warning above so many kinds of works; no number means no warning."""

    maximum_kinds: int | None = Field(default=None, ge=1)


class Overlap(Rule):
    """同一时段: two reviews that begin less than so many hours `apart` overlap."""

    apart: int = Field(ge=1)


class Lottery(Rule):
    """抽取的计算: `hash` of stream and record; `home_first` seats experts of the review's own city, then of the
    territories in `nearest` (by city, in order), before all others."""

    hash: Literal["sha256", "sm3"]
    home_first: bool
    nearest: dict[str, tuple[str, ...]] = {}

    def territories(self, own: str) -> tuple[str, ...]:
        """The order of territories for a review in `own`; empty when all are alike."""
        return (own, *self.nearest.get(own, ())) if self.home_first else ()
