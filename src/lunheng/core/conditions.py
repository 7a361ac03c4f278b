"""条件: the closed vocabulary of tests that a row of an annex may use, and when one condition covers another.

A value that nobody gave is unknown, never zero.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from lunheng.core.tables import Table

Facts = Mapping[str, Decimal | bool]
"""The parameters of one work by key: numbers in the unit of the parameter, yes or no otherwise."""


def _exact(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError("数值须写成字符串，以免失真")
    try:
        return Decimal(value)
    except InvalidOperation:
        raise ValueError(f"“{value}”不是数值") from None


_Number = Annotated[Decimal, BeforeValidator(_exact)]


class Parameter(Table):
    """What the form asks for: a number when it has a unit, yes or no otherwise."""

    label: str = Field(min_length=1)
    unit: str = ""
    may_be_negative: bool = False

    @property
    def is_number(self) -> bool:
        """Is the answer a number?"""
        return bool(self.unit)


@dataclass(frozen=True, slots=True)
class Demand:
    """The least that a test demands of one parameter: a value, or a bound from one side."""

    parameter: str
    value: Decimal | bool | str
    side: str = ""
    is_open: bool = False

    def is_implied_by(self, other: "Demand") -> bool:
        """Whether whoever meets `other` meets this demand as well."""
        if (self.parameter, self.side) != (other.parameter, other.side):
            return False
        if not self.side or self.value == other.value:
            return self.value == other.value and (other.is_open or not self.is_open)
        assert isinstance(self.value, Decimal) and isinstance(other.value, Decimal)
        return (self.value < other.value) == (self.side == "from")


class _Comparison(Table):
    asks_numbers: ClassVar[bool] = True

    parameter: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The parameters the test asks for."""
        return (self.parameter,)

    def _value(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        asked = parameters[self.parameter]
        return f"{asked.label}{facts[self.parameter]}{asked.unit}"


class AtLeast(_Comparison):
    """及以上: the value reaches the threshold, which itself belongs to the range."""

    at_least: _Number

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What it demands."""
        return (Demand(self.parameter, self.at_least, "from"),)

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return facts[self.parameter] >= self.at_least

    def words(self, parameters: Mapping[str, Parameter]) -> str:
        """The test in words."""
        asked = parameters[self.parameter]
        return f"{asked.label}{self.at_least}{asked.unit}及以上"

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words, with the value."""
        unit = parameters[self.parameter].unit
        return f"{self._value(parameters, facts)}，达到{self.at_least}{unit}及以上"


class Above(_Comparison):
    """大于: the value is greater than the threshold, which itself does not belong to the range."""

    above: _Number

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What it demands."""
        return (Demand(self.parameter, self.above, "from", is_open=True),)

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return facts[self.parameter] > self.above

    def words(self, parameters: Mapping[str, Parameter]) -> str:
        """The test in words."""
        asked = parameters[self.parameter]
        return f"{asked.label}大于{self.above}{asked.unit}"

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words, with the value."""
        return f"{self._value(parameters, facts)}，大于{self.above}{parameters[self.parameter].unit}"


class AtMost(_Comparison):
    """及以下: the value does not exceed the threshold, which itself belongs to the range."""

    at_most: _Number

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What it demands."""
        return (Demand(self.parameter, self.at_most, "to"),)

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return facts[self.parameter] <= self.at_most

    def words(self, parameters: Mapping[str, Parameter]) -> str:
        """The test in words."""
        asked = parameters[self.parameter]
        return f"{asked.label}{self.at_most}{asked.unit}及以下"

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words, with the value."""
        unit = parameters[self.parameter].unit
        return f"{self._value(parameters, facts)}，在{self.at_most}{unit}及以下"


class Below(_Comparison):
    """不足: the value stays under the threshold."""

    below: _Number

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What it demands."""
        return (Demand(self.parameter, self.below, "to", is_open=True),)

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return facts[self.parameter] < self.below

    def words(self, parameters: Mapping[str, Parameter]) -> str:
        """The test in words."""
        asked = parameters[self.parameter]
        return f"{asked.label}不足{self.below}{asked.unit}"

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words, with the value."""
        return f"{self._value(parameters, facts)}，不足{self.below}{parameters[self.parameter].unit}"


class Exceeds(_Comparison):
    """大于另一参数: the value is greater than that of another parameter."""

    exceeds: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The parameters the test asks for."""
        return (self.parameter, self.exceeds)

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What it demands."""
        return (Demand(self.parameter, self.exceeds),)

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return facts[self.parameter] > facts[self.exceeds]

    def words(self, parameters: Mapping[str, Parameter]) -> str:
        """The test in words."""
        return "大于".join(parameters[key].label for key in self.keys)

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words, with both values."""
        one, other = (f"{parameters[key].label}{facts[key]}{parameters[key].unit}" for key in self.keys)
        return f"{one}，大于{other}"


class Is(_Comparison):
    """为是（否）: the parameter was answered with this."""

    asks_numbers: ClassVar[bool] = False

    answer: bool = Field(alias="is")

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What it demands."""
        return (Demand(self.parameter, self.answer),)

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return bool(facts[self.parameter]) is self.answer

    def words(self, parameters: Mapping[str, Parameter]) -> str:
        """The test in words."""
        label = parameters[self.parameter].label
        return label if self.answer else f"{label}：否"

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words."""
        return self.words(parameters)


class Yes(Table):
    """均为是: each of these was answered with yes."""

    asks_numbers: ClassVar[bool] = False

    yes: list[str] = Field(min_length=1)

    @property
    def keys(self) -> tuple[str, ...]:
        """The parameters the test asks for."""
        return tuple(self.yes)

    @property
    def demands(self) -> tuple[Demand, ...]:
        """What it demands."""
        return tuple(Demand(key, True) for key in self.yes)

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return all(facts[key] for key in self.yes)

    def words(self, parameters: Mapping[str, Parameter]) -> str:
        """The test in words."""
        return "、".join(parameters[key].label for key in self.yes)

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words."""
        return self.words(parameters)


KINDS_OF_TEST = ("at_least", "above", "at_most", "below", "exceeds", "is", "yes")


def _kind_of_test(written: object) -> str | None:
    keys = written if isinstance(written, Mapping) else getattr(written, "model_fields_set", ())
    return next((kind for kind in KINDS_OF_TEST if kind in keys or (kind == "is" and "answer" in keys)), None)


Test = Annotated[
    Annotated[AtLeast, Tag("at_least")]
    | Annotated[Above, Tag("above")]
    | Annotated[AtMost, Tag("at_most")]
    | Annotated[Below, Tag("below")]
    | Annotated[Exceeds, Tag("exceeds")]
    | Annotated[Is, Tag("is")]
    | Annotated[Yes, Tag("yes")],
    Discriminator(_kind_of_test),
]
"""The closed vocabulary of tests: a new kind of test is a release, not data."""


class Condition(Table):
    """When works fall under one entry: `always`, or all of `all` and, where there is `any`, one of it."""

    clause: str = Field(min_length=1)
    always: bool = False
    all: list[Test] = []
    any: list[Test] = []

    @model_validator(mode="after")
    def _says_something(self) -> "Condition":
        if self.always == bool(self.tests):
            raise ValueError("条件须写明 always，或写明至少一项检验，二者只能取一")
        return self

    @property
    def tests(self) -> tuple[Test, ...]:
        """Every test of the condition."""
        return (*self.all, *self.any)

    def holds(self, facts: Facts) -> bool | None:
        """True, False, or None while what was given does not decide it."""
        needed = [answer(test, facts) for test in self.all]
        if self.any:
            options = [answer(test, facts) for test in self.any]
            needed.append(True if True in options else _first_doubt(options, False))
        return False if False in needed else _first_doubt(needed, True)

    def covers(self, other: "Condition") -> bool:
        """Whether everything that falls under `other` falls under this one as well.

        Read off the tests, not proven: what cannot be seen from them counts as not covered.
        """
        if self.always:
            return True
        every = _demands(other.all)
        ways = [[*every, *option.demands] for option in other.any] or [every]
        return all(self._is_met_by(demands) for demands in ways)

    def _is_met_by(self, given: list[Demand]) -> bool:
        options = [option.demands for option in self.any] or [()]
        return _follow(_demands(self.all), given) and any(_follow(option, given) for option in options)

    def words(self, parameters: Mapping[str, Parameter]) -> str:
        """The condition in words."""
        every = [test.words(parameters) for test in self.all]
        if self.any:
            every.append("或".join(test.words(parameters) for test in self.any))
        return "，且".join(every) or "该类工程一律属于"

    def finding(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The tests that are met, in words."""
        met = [test.text(parameters, facts) for test in self.tests if answer(test, facts)]
        return "；".join(met) or "该类工程一律属于"


def answer(test: Test, facts: Facts) -> bool | None:
    """Whether a test is met, or None while a parameter that it asks for is unknown."""
    return test.is_met(facts) if all(key in facts for key in test.keys) else None


def _demands(tests: Iterable[Test]) -> list[Demand]:
    return [demand for test in tests for demand in test.demands]


def _follow(demands: Iterable[Demand], given: list[Demand]) -> bool:
    return all(any(demand.is_implied_by(one) for one in given) for demand in demands)


def _first_doubt(answers: Iterable[bool | None], otherwise: bool) -> bool | None:
    return None if None in list(answers) else otherwise
