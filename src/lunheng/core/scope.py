"""危大工程范围: which works are hazardous, and which are above the prescribed scale, by the annexes of 31号.

The rows are data (`packs/cn/works.toml`, and what a lower layer adds or tightens); this module lays the layers over each
other and applies them, `conditions` holds the closed vocabulary that rows may use. A value that nobody gave is unknown, never zero; a judgement is left to a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pydantic import Field, model_validator

from lunheng.core.clauses import Clause
from lunheng.core.conditions import Condition, Facts, Parameter
from lunheng.core.tables import Day, Flaw, Table, TableError, Written, parsed

__all__ = [
    "Condition",
    "Facts",
    "Grade",
    "Hit",
    "Parameter",
    "ScopeError",
    "Thresholds",
    "Work",
    "grade",
    "load_works",
]


PLAN_REVIEW = "plan_review"
"""The activity that Order 37 is about: the review of a plan for works of the national annexes."""


class ScopeError(TableError):
    """A table of works contradicts itself, or a work is described in words that the table does not know."""


class Work(Table):
    """One row: a kind of works, when it is hazardous (annex 1) and when it is above the scale (annex 2).

    `judgement` names the parameter that carries a person's recorded decision, where the words of the entry
    cannot be applied without judgement. A row that a layer adds may be reviewed as an `activity` of its own.
    """

    id: str = Field(min_length=1)
    kind: str
    name: str = Field(min_length=1)
    judgement: str = ""
    activity: str = PLAN_REVIEW
    hazardous: Condition | None = None
    over_scale: Condition | None = None

    @model_validator(mode="after")
    def _says_when(self) -> "Work":
        if not self.conditions:
            raise ValueError("须写明 hazardous 或 over_scale")
        return self

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

    def activity_of(self, rows: Iterable[str]) -> str:
        """As which activity the plan of works is reviewed that fall under these rows: the review of Order 37 wherever one
        row is of it, or none says otherwise."""
        named = {row.work.id: row.work.activity for row in self.rows}
        found = [named.get(row, PLAN_REVIEW) for row in rows]
        return PLAN_REVIEW if PLAN_REVIEW in found or not found else found[0]

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
    """The thresholds of the national table, and of further layers above it, lowest first.

    A layer adds kinds, parameters and rows, or tightens a row by its id; it never removes or loosens (a province may
    add to the range, 37号令第三条). Raises ScopeError with every flaw found, pydantic's ValidationError for a
    malformed table.
    """
    laying = _Laying()
    for one in (table, *additions):
        laying.add(WorksTable.model_validate(parsed(one)))
    flaws = laying.flaws or [flaw for row in laying.rows.values() for flaw in laying.dangling(row.work)]
    if flaws:
        raise ScopeError(flaws[0].message, tuple(flaws))
    return Thresholds(laying.kinds, laying.parameters, tuple(laying.rows.values()))


class _Laying:
    """Layers of works laid over each other, lowest first, collecting flaws instead of stopping at the first."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.parameters: dict[str, Parameter] = {}
        self.rows: dict[str, Row] = {}
        self.flaws: list[Flaw] = []
        self.lowest = ""

    def add(self, source: WorksTable) -> None:
        self.lowest = self.lowest or source.document
        self.flaws += _renamed(self.kinds, source.kinds)
        self.flaws += _renamed(self.parameters, source.parameters)
        self.kinds |= source.kinds
        self.parameters |= source.parameters
        seen: set[str] = set()
        for work in source.works:
            row = Row(source.document, work)
            if work.id in seen:
                self.flaws.append(Flaw(work.id, f"“{work.id}”写了两次", "只保留一处"))
            elif work.id in self.rows:
                self.flaws += self._loosened(row, self.rows[work.id])
            seen.add(work.id)
            self.rows[work.id] = row

    def _loosened(self, ours: Row, floor: Row) -> Iterable[Flaw]:
        unknown = list(self.dangling(ours.work))
        if unknown:
            yield from unknown
            return
        whose = "国家规定" if floor.document == self.lowest else "上层规定"
        for theirs, mine, name in _pairs(floor.work, ours.work):
            fault = self._fault(theirs, mine, name)
            if fault or ours.work.kind != floor.work.kind:
                cited, clause = ours.clause(mine or ours.work.conditions[0]), floor.clause(theirs)
                message = f"{cited} 放宽了{whose} {clause}：{fault or '改变了工程类别'}"
                yield Flaw(ours.work.id, message, f"只能增加或从严：照写或放宽“{name}”的范围，不得缩小")
        if ours.work.activity != floor.work.activity:
            cited, clause = ours.clause(ours.work.conditions[0]), floor.clause(floor.work.conditions[0])
            message = f"{cited} 放宽了{whose} {clause}：改变了论证的活动种类"
            yield Flaw(ours.work.id, message, "只能增加或从严：删去 activity")
        if ours.work.judgement and not floor.work.judgement:
            cited, clause = ours.clause(ours.work.conditions[0]), floor.clause(floor.work.conditions[0])
            message = f"{cited} 放宽了{whose} {clause}：增加了须由人判定的条件"
            yield Flaw(ours.work.id, message, "只能增加或从严：删去 judgement")

    def _fault(self, floor: Condition, ours: Condition | None, name: str) -> str:
        if ours is None:
            return f"删去了“{name}”的条件"
        if ours.covers(floor):
            return ""
        return f"“{name}”改为“{ours.words(self.parameters)}”，窄于“{floor.words(self.parameters)}”"

    def dangling(self, work: Work) -> Iterable[Flaw]:
        """A row may name only kinds and parameters that exist, and compare only numbers."""
        if work.kind not in self.kinds:
            known = f"只能用：{'、'.join(self.kinds)}" if self.kinds else "先在 kinds 表中登记该类别"
            yield Flaw(work.id, f"{work.id}所属的工程类别“{work.kind}”不存在", known)
        missing = [key for key in work.keys if key not in self.parameters]
        for key in missing:
            remedy = "核对拼写，或先在 parameters 表中登记该参数"
            yield Flaw(work.id, f"{work.id}引用的参数“{key}”不存在", remedy)
        if missing:
            return
        for test in (test for condition in work.conditions for test in condition.tests):
            if any(self.parameters[key].is_number is not test.asks_numbers for key in test.keys):
                message = f"{work.id}的检验与参数“{'、'.join(test.keys)}”的类型不符"
                yield Flaw(work.id, message, "有单位的参数比较数值，没有单位的写 yes 或 is")


def _pairs(floor: Work, ours: Work) -> Iterable[tuple[Condition, Condition | None, str]]:
    if floor.hazardous is not None:
        yield floor.hazardous, ours.hazardous, "危大工程"
    if floor.over_scale is not None:
        yield floor.over_scale, ours.over_scale, "超过一定规模"


def _renamed(known: Mapping[str, object], more: Mapping[str, object]) -> list[Flaw]:
    return [
        Flaw(key, f"“{key}”已有规定，只能增加，不能改动", "换一个标识，或照原样写")
        for key, entry in more.items()
        if key in known and known[key] != entry
    ]


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
