"""What every rule has: a clause, where it comes from, and what we chose where the text is silent."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Literal

from pydantic import Field

from lunheng.core.deadlines import Direction, Duration, Unit
from lunheng.core.policy.rules.citation import Assumption, Citation, Model
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict

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


class Silence(StrEnum):
    """What follows where no layer of a pack speaks on a key."""

    FLOOR = "floor"
    """One of the layers must speak: a city without the rule is refused by the check."""
    REFUSE = "refuse"
    """Powers, secrecy, signatures: nobody may until a layer names who may."""
    PERSON = "person"
    """Somebody with the power to do so decides, with a reason."""
    FREE = "free"
    """No duty arises."""

    @property
    def label(self) -> str:
        """The short Chinese name."""
        return {"floor": "须有", "refuse": "不得办理", "person": "由人决定", "free": "无此义务"}[self.value]


class Rule(Model):
    """One table of a pack. `also` names further clauses that a refusal under this rule must cite as well.

    A kind of rule is one class: the key of its table, what it is called, what its silence means, the Chinese words of
    its fields and of their values, the fields, how it judges, and when it is weaker than a floor. A class without a
    key is the common part of several. `readings` are further interpretations, each of one of the rule's settings: a
    refusal that rests on the setting says so.
    """

    key: ClassVar[str]
    """The table of the pack, topic.name."""
    heading: ClassVar[str]
    """What the rule is about, in Chinese."""
    silence: ClassVar[Silence]
    """What follows where no layer speaks."""
    words: ClassVar[Mapping[str, str]] = {}
    """Field → its Chinese name."""
    values: ClassVar[Mapping[str, str]] = {}
    """Value that is in no vocabulary of the packs → Chinese."""

    clause: str = Field(min_length=1)
    source: str = ""
    title: str = ""
    note: str = ""
    also: tuple[Citation, ...] = ()
    assumption: Assumption | None = None
    readings: tuple[Assumption, ...] = ()

    vocabularies: ClassVar[dict[str, str]] = {}
    """Field name → the vocabulary its values (or keys) must come from."""

    @classmethod
    def told(cls, what: Literal["words", "values"]) -> dict[str, str]:
        """The Chinese words of all fields, or of all values, those of the common parts included."""
        return {
            name: word for part in reversed(cls.__mro__) for name, word in vars(part).get(what, {}).items()
        }

    def judge(self, ground: Ground, /, *args: Any, **facts: Any) -> Verdict:
        """The verdict on the facts; each kind of rule names the facts that it takes, with their types."""
        raise NotImplementedError(type(self).__name__)

    @property
    def chosen(self) -> tuple[Assumption, ...]:
        """Every interpretation that the pack chose for this rule."""
        return (*((self.assumption,) if self.assumption else ()), *self.readings)

    def reading_of(self, setting: str) -> str:
        """What the pack chose for a setting (`plan.readiness.site_statement`); empty where the text itself says it."""
        return next((one.reading for one in self.chosen if setting in one.setting.split("、")), "")

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

EFFECTS = {"refuse": "拒绝", "warn": "提示", "record": "记录"}
"""Words of the values of `Effect`."""

__all__ = [
    "EFFECTS",
    "Anchor",
    "Assumption",
    "Citation",
    "Counted",
    "Effect",
    "Model",
    "Parity",
    "Rule",
    "Silence",
    "Timed",
    "drops",
]
