"""What every rule has: a clause, where it comes from, and what we chose where the text is silent."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from lunheng.core.deadlines import Direction, Duration, Unit

Anchor = Literal[
    "meeting",
    "meeting_end",
    "conclusion",
    "request",
    "delivery",
    "first_attempt",
    "notice",
    "appointment",
    "term_end",
    "removal",
    "commitment",
]


class Model(BaseModel):
    """Strict and frozen: an unknown field or a value of the wrong kind is an error, never a guess."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", populate_by_name=True)


class Citation(Model):
    """One more place that the rule stands on; `source` is a key of sources.toml, empty for the main one."""

    clause: str = Field(min_length=1)
    source: str = ""
    title: str = ""


class Assumption(Model):
    """解释: what we chose where the text leaves room, and which setting changes it."""

    reading: str = Field(min_length=1)
    trap: str = Field(min_length=1)
    setting: str = Field(min_length=1)
    effect: str = Field(min_length=1)


class Rule(Model):
    """One table of a pack. `also` names further clauses that a refusal under this rule must cite as well."""

    clause: str = Field(min_length=1)
    source: str = ""
    title: str = ""
    note: str = ""
    also: tuple[Citation, ...] = ()
    assumption: Assumption | None = None

    vocabularies: ClassVar[dict[str, str]] = {}
    """Field name → the vocabulary its values (or keys) must come from."""

    def loosens(self, floor: "Rule") -> str | None:
        """Say in Chinese how this rule is weaker than the national `floor`, or None when it is not."""
        return None

    def terms(self) -> dict[str, frozenset[str]]:
        """The words used, by vocabulary, so that the loader can refuse a word nobody knows."""
        words: dict[str, frozenset[str]] = {}
        for field, vocabulary in self.vocabularies.items():
            used = _words(getattr(self, field))
            words[vocabulary] = words.get(vocabulary, frozenset()) | used
        return words


def _words(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value})
    assert isinstance(value, tuple | dict)
    return frozenset(str(word) for word in value)


class Timed(Rule):
    """A rule with a time limit: no bare number, so unit, anchor and direction are required."""

    value: int = Field(gt=0)
    unit: Unit
    anchor: Anchor
    direction: Direction
    inclusive: bool = False
    roll: bool = False
    clear: bool = False

    @property
    def duration(self) -> Duration:
        """The time limit as the calendar counts it."""
        return Duration(
            self.value, self.unit, self.anchor, self.direction, self.inclusive, self.roll, self.clear
        )

    def loosens(self, floor: Rule) -> str | None:
        """A lead may not become shorter, a time limit not longer; other units cannot be compared."""
        assert isinstance(floor, Timed)
        if (self.unit, self.direction) != (floor.unit, floor.direction):
            return "期限的单位或方向与国家规定不同，无法比较"
        shorter = self.value < floor.value
        if self.value != floor.value and shorter == (floor.direction == "before"):
            return f"期限 {self.value} 宽于国家规定的 {floor.value}"
        return None


def drops(field: str, ours: tuple[str, ...], floor: tuple[str, ...]) -> str | None:
    """Say which members of a national list a city left out, or None."""
    missing = [word for word in floor if word not in ours]
    return f"{field} 少了国家规定的 {'、'.join(missing)}" if missing else None


Effect = Literal["refuse", "warn", "record"]
Parity = Literal["any", "odd"]
Counted = Literal["main", "all"]
