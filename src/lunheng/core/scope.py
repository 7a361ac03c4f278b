"""危大工程范围: which works are hazardous, and which are above the prescribed scale, by the annexes of 31号.

The rows are data (`packs/cn/works.toml`); this module holds the closed vocabulary that rows may use and the
function that applies them. A value that nobody gave is unknown, never zero; a judgement is left to a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar, TypeVar

from pydantic import BeforeValidator, Field, model_validator

from lunheng.core.clauses import Clause
from lunheng.core.tables import Day, Table, Written, parsed

_Entry = TypeVar("_Entry")

Facts = Mapping[str, Decimal | bool]
"""The parameters of one work by key: numbers in the unit of the parameter, yes or no otherwise."""


class ScopeError(ValueError):
    """A table of works contradicts itself, or a work is described in words that the table does not know."""


def _exact(value: object) -> Decimal:
    if not isinstance(value, str):
        raise ValueError("数值须写成字符串，以免失真")
    return Decimal(value)


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


class _Comparison(Table):
    asks_numbers: ClassVar[bool] = True

    parameter: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The parameters the test asks for."""
        return (self.parameter,)


class AtLeast(_Comparison):
    """及以上: the value reaches the threshold, which itself belongs to the range."""

    at_least: _Number

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return facts[self.parameter] >= self.at_least

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words, with the value."""
        asked = parameters[self.parameter]
        return f"{asked.label}{facts[self.parameter]}{asked.unit}，达到{self.at_least}{asked.unit}及以上"


class Below(_Comparison):
    """不足: the value stays under the threshold."""

    below: _Number

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return facts[self.parameter] < self.below

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words, with the value."""
        asked = parameters[self.parameter]
        return f"{asked.label}{facts[self.parameter]}{asked.unit}，不足{self.below}{asked.unit}"


class Exceeds(_Comparison):
    """大于: the value is greater than that of another parameter."""

    exceeds: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The parameters the test asks for."""
        return (self.parameter, self.exceeds)

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return facts[self.parameter] > facts[self.exceeds]

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words, with both values."""
        one, other = (f"{parameters[key].label}{facts[key]}{parameters[key].unit}" for key in self.keys)
        return f"{one}，大于{other}"


class Yes(Table):
    """均为是: each of these was answered with yes."""

    asks_numbers: ClassVar[bool] = False

    yes: list[str] = Field(min_length=1)

    @property
    def keys(self) -> tuple[str, ...]:
        """The parameters the test asks for."""
        return tuple(self.yes)

    def is_met(self, facts: Facts) -> bool:
        """Is it so, every parameter being known?"""
        return all(facts[key] for key in self.yes)

    def text(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The finding in words."""
        return "、".join(parameters[key].label for key in self.yes)


Test = AtLeast | Below | Exceeds | Yes
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
        needed = [_answer(test, facts) for test in self.all]
        if self.any:
            options = [_answer(test, facts) for test in self.any]
            needed.append(True if True in options else _first_doubt(options, False))
        return False if False in needed else _first_doubt(needed, True)

    def finding(self, parameters: Mapping[str, Parameter], facts: Facts) -> str:
        """The tests that are met, in words."""
        met = [test.text(parameters, facts) for test in self.tests if _answer(test, facts)]
        return "；".join(met) or "该类工程一律属于"


class Work(Table):
    """One row: a kind of works, when it is hazardous (annex 1) and when it is above the scale (annex 2).

    `judgement` names the parameter that carries a person's recorded decision, where the words of the entry
    cannot be applied without judgement.
    """

    id: str = Field(min_length=1)
    kind: str
    name: str = Field(min_length=1)
    judgement: str = ""
    hazardous: Condition | None = None
    over_scale: Condition | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions that the row has."""
        return tuple(condition for condition in (self.hazardous, self.over_scale) if condition is not None)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every parameter that the row asks for, in order, each once."""
        keys = [key for condition in self.conditions for test in condition.tests for key in test.keys]
        return tuple(dict.fromkeys([*keys, *filter(None, [self.judgement])]))


class WorksTable(Table):
    """One source with its kinds of works, parameters and rows."""

    document: str
    title: str
    effective_from: Day | None = None
    kinds: dict[str, str] = {}
    parameters: dict[str, Parameter] = {}
    works: list[Work]


@dataclass(frozen=True, slots=True)
class Row:
    """A row together with the document that it comes from."""

    document: str
    work: Work

    def clause(self, condition: Condition) -> Clause:
        """Where the condition stands."""
        return Clause(self.document, condition.clause, self.work.name)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All rows in force: the national ones and what a province added."""

    kinds: Mapping[str, str]
    parameters: Mapping[str, Parameter]
    rows: tuple[Row, ...]

    def rows_of(self, kind: str) -> tuple[Row, ...]:
        """The rows of one kind of works. Raises ScopeError for an unknown kind."""
        if kind not in self.kinds:
            raise ScopeError(f"没有“{kind}”这一工程类别")
        return tuple(row for row in self.rows if row.work.kind == kind)

    def parameters_of(self, kind: str) -> dict[str, Parameter]:
        """What has to be asked for works of this kind, in the order of the rows."""
        keys = [key for row in self.rows_of(kind) for key in row.work.keys]
        return {key: self.parameters[key] for key in keys}

    def judgements_of(self, kind: str) -> tuple[str, ...]:
        """The parameters that carry a person's recorded decision; no applicant is asked for them."""
        return tuple(row.work.judgement for row in self.rows_of(kind) if row.work.judgement)


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry under which the works fall, or may fall: its clause, its row, and why in words."""

    clause: Clause
    row: str
    text: str
    is_over_scale: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of one work.

    `needs_person` says that somebody with the power must decide the `questions` and record the reasons;
    `missing` lists the parameters that were not given and could still change the grade.
    """

    is_hazardous: bool
    is_over_scale: bool
    hits: tuple[Hit, ...]
    needs_person: bool = False
    questions: tuple[Hit, ...] = ()
    missing: tuple[str, ...] = ()


def load_works(table: Written, *additions: Written) -> Thresholds:
    """The thresholds of a table, and of further tables that add kinds, parameters or rows.

    An addition never changes what is there (a province may add to the range, 37号令第三条). Raises ScopeError
    for a repeated or dangling key, pydantic's ValidationError for a malformed table.
    """
    kinds: dict[str, str] = {}
    parameters: dict[str, Parameter] = {}
    rows: dict[str, Row] = {}
    for source in (WorksTable.model_validate(parsed(one)) for one in (table, *additions)):
        _add(kinds, source.kinds)
        _add(parameters, source.parameters)
        for work in source.works:
            _add(rows, {work.id: Row(source.document, work)})
    thresholds = Thresholds(kinds, parameters, tuple(rows.values()))
    for row in thresholds.rows:
        _check(row.work, thresholds)
    return thresholds


def grade(kind: str, parameters: Facts, thresholds: Thresholds) -> Grade:
    """Grade works of one kind by their parameters; an entry of annex 2 makes them hazardous as well.

    Raises ScopeError for a kind or parameter that the table does not know, and for a value of the wrong type.
    """
    facts = _checked(parameters, thresholds.parameters_of(kind))
    rows = thresholds.rows_of(kind)
    hits = tuple(hit for row in rows for hit in _hits(row, facts, thresholds))
    questions = tuple(hit for row in rows for hit in _questions(row, facts))
    is_over_scale = any(hit.is_over_scale for hit in hits)
    missing = () if is_over_scale else _missing(rows, facts, is_hazardous=bool(hits))
    return Grade(bool(hits), is_over_scale, hits, bool(questions), questions, missing)


def _hits(row: Row, facts: Facts, thresholds: Thresholds) -> Iterable[Hit]:
    work = row.work
    if work.hazardous is not None and _is_hazardous(work, facts):
        text = work.hazardous.finding(thresholds.parameters, facts)
        yield Hit(row.clause(work.hazardous), work.id, f"{work.name}：{text}")
    if work.over_scale is not None and work.over_scale.holds(facts):
        text = work.over_scale.finding(thresholds.parameters, facts)
        yield Hit(row.clause(work.over_scale), work.id, f"{work.name}：{text}", is_over_scale=True)


def _is_hazardous(work: Work, facts: Facts) -> bool:
    assert work.hazardous is not None
    answer = work.hazardous.holds(facts)
    if work.judgement and answer is not False:
        return bool(facts.get(work.judgement))
    return bool(answer)


def _questions(row: Row, facts: Facts) -> Iterable[Hit]:
    work = row.work
    if not work.judgement or work.hazardous is None or work.judgement in facts:
        return
    if work.hazardous.holds(facts) is not False:
        yield Hit(row.clause(work.hazardous), work.id, f"{work.name}：须由有权人员判定并记录理由")


def _missing(rows: Iterable[Row], facts: Facts, *, is_hazardous: bool) -> tuple[str, ...]:
    open_conditions = [
        condition
        for row in rows
        if row.work.judgement not in facts
        for condition in row.work.conditions
        if condition.holds(facts) is None and not (is_hazardous and condition is row.work.hazardous)
    ]
    keys = (key for condition in open_conditions for test in condition.tests for key in test.keys)
    return tuple(dict.fromkeys(key for key in keys if key not in facts))


def _checked(parameters: Facts, known: Mapping[str, Parameter]) -> Facts:
    for key, value in parameters.items():
        if key not in known:
            raise ScopeError(f"该类工程没有“{key}”这一参数")
        if known[key].is_number:
            _check_number(known[key], value)
        elif not isinstance(value, bool):
            raise ScopeError(f"“{known[key].label}”应填是或否")
    return parameters


def _check_number(parameter: Parameter, value: object) -> None:
    if not isinstance(value, Decimal) or not value.is_finite():
        raise ScopeError(f"“{parameter.label}”应填数值（{parameter.unit}）")
    if value < 0 and not parameter.may_be_negative:
        raise ScopeError(f"“{parameter.label}”不能为负数")


def _check(work: Work, thresholds: Thresholds) -> None:
    """A row may name only kinds and parameters that exist, and compare only numbers. Raises ScopeError."""
    if work.kind not in thresholds.kinds:
        raise ScopeError(f"{work.id}所属的工程类别“{work.kind}”不存在")
    for key in work.keys:
        if key not in thresholds.parameters:
            raise ScopeError(f"{work.id}引用的参数“{key}”不存在")
    for test in (test for condition in work.conditions for test in condition.tests):
        if any(thresholds.parameters[key].is_number is not test.asks_numbers for key in test.keys):
            raise ScopeError(f"{work.id}的检验与参数“{'、'.join(test.keys)}”的类型不符")


def _add(known: dict[str, _Entry], more: Mapping[str, _Entry]) -> None:
    for key, entry in more.items():
        if key in known:
            raise ScopeError(f"“{key}”已有规定，只能增加，不能改动")
        known[key] = entry


def _answer(test: Test, facts: Facts) -> bool | None:
    return test.is_met(facts) if all(key in facts for key in test.keys) else None


def _first_doubt(answers: Iterable[bool | None], otherwise: bool) -> bool | None:
    return None if None in list(answers) else otherwise
