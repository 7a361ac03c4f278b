"""A procedure as data: its steps in order, its forms, who opens it. No expressions; a condition is the key of a rule."""

from functools import cached_property
from typing import Literal

from pydantic import Field as Constrained

from lunheng.core.deadlines import Duration, Unit
from lunheng.core.policy.proceedings.kinds import BACK, FORWARD, KINDS, OUT, STAY
from lunheng.core.policy.rules.base import Assumption, Citation, Model

END = "end"
"""Where an outcome leads that ends the matter."""
IDENTIFIER = r"^[a-z][a-z0-9_]*$"
FieldType = Literal[
    "text",
    "prose",
    "number",
    "date",
    "yes_no",
    "declaration",
    "choices",
    "document",
    "identity",
    "unit",
    "place",
]
ENGINE_FACTS = frozenset({"step", "done"})
"""Facts that the engine knows by itself: the step that is about to be taken, and those behind it."""


class Need(Model):
    """A condition: a rule of the pack must allow the facts, which are fields of the forms, before an outcome."""

    rule: str = Constrained(min_length=1)
    facts: tuple[str, ...] = ()
    on: tuple[str, ...] = ()


class Limit(Model):
    """A time limit counted from the day the step's turn came, or `since` a date of the forms; `late` says what follows when
    it has run out."""

    value: int = Constrained(gt=0)
    unit: Unit
    roll: bool = False
    late: Literal["tell", "next", "lapse"] = "tell"
    since: str = ""

    @property
    def duration(self) -> Duration:
        """The limit as the calendar counts it."""
        return Duration(self.value, self.unit, "step", "after", roll=self.roll)


class Period(Model):
    """How long something holds, or how far back is looked: by the calendar alone."""

    value: int = Constrained(gt=0)
    unit: Literal["days", "months", "years"]


class When(Model):
    """What of the data opens a matter: so many records of these kinds in one member's file, the first and the last not
    further apart than the window. It opens and decides nothing."""

    events: tuple[str, ...] = Constrained(min_length=1)
    count: int = Constrained(gt=0)
    within: Period | None = None


class Field(Model):
    """One field of a form. `public` fields are shown in a public notice; `vocabulary` names the words to choose from."""

    key: str = Constrained(pattern=IDENTIFIER)
    label: str = Constrained(min_length=1)
    type: FieldType
    vocabulary: str = ""
    hint: str = ""
    required: bool = True
    public: bool = False
    after: str = ""
    """A date that must come after another date of the same form; `today` is the day on which it is handed in."""


class FormSheet(Model):
    """A form: its title and fields in order."""

    title: str = Constrained(min_length=1)
    fields: tuple[Field, ...] = Constrained(min_length=1)


class Step(Citation):
    """One step. What its kind does not use stays empty."""

    id: str = Constrained(pattern=IDENTIFIER)
    kind: str
    office: str = ""
    form: str = ""
    may: tuple[str, ...] = ()
    on: dict[str, str] = {}
    no_skip: bool = True
    may_return_to: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    limit: Limit | None = None
    until: str = ""
    """A collecting step ends with this day, a field of the opening form."""
    length: Limit | None = None
    """The least length of a public notice; none where the text has none."""
    objections: Literal["block", "record"] = "block"
    picks: Literal["", "applied", "any"] = ""
    """The decision names a list: of those who applied, or of anybody concerned."""
    effect: str = ""
    of: Literal["all", "picked", "others"] = "all"
    arguments: dict[str, str] = {}
    """Effect's field → field of the opening form, where they are called differently."""
    period: Period | None = None
    """How long a suspension or a bar holds."""
    for_life: bool = False
    event: str = ""
    """What is recorded, in words."""
    score: int = 0
    """Points that are given, or taken where it is negative."""
    document: Literal["", "letter", "certificate", "list"] = ""
    pick: str = ""
    """A sample is drawn of the files of this field, of `records`, or of `candidates`."""
    share: int = Constrained(default=0, ge=0, le=100)
    """The percentage that is drawn, rounded up; one at least."""
    look_back: Period | None = None
    pass_mark: int = 0
    group: int = 0
    """How many sit in a joint review at least."""
    assumption: Assumption | None = None

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What may be chosen here."""
        kind = KINDS[self.kind]
        known = self.may or (() if kind.by_itself else tuple(kind.outcomes))
        return known if self.no_skip else (*known, "skip")

    @property
    def is_collecting(self) -> bool:
        """Whether many may take it, each for himself, until its day."""
        return self.kind == "apply" and self.office == "member" and bool(self.until)


class Procedure(Citation):
    """One procedure of a pack; `title` says what people call it."""

    subject: Literal["pool"] = "pool"
    opened_by: Literal["application", "office", "data"]
    office: str = ""
    """Whoever opens it, where no application does; where the data do, whoever answers for it."""
    when: When | None = None
    form: str = ""
    """What is filled in at the opening, where no application is."""
    concerns: Literal["applicant", "members", "member", "review"] = "applicant"
    """Whom it is about: who applies, everybody in the pool, one of them, or one review."""
    order: str = ""
    """The rule that judges the order of the steps, where the pack has one."""
    note: str = ""
    assumption: Assumption | None = None
    forms: dict[str, FormSheet] = {}
    steps: tuple[Step, ...] = Constrained(min_length=1)

    @cached_property
    def by_id(self) -> dict[str, Step]:
        """The steps by their id."""
        return {step.id: step for step in self.steps}

    @property
    def first(self) -> Step:
        """Where it begins."""
        return self.steps[0]

    def before(self, step: str) -> tuple[Step, ...]:
        """The steps in front of one. Raises KeyError for a step that it does not have."""
        return self.steps[: self.steps.index(self.by_id[step])]

    def after(self, step: str, outcome: str) -> str:
        """Where an outcome leads: the id of a step, or `END`. Raises KeyError for an unknown step or outcome."""
        here = self.by_id[step]
        if outcome in here.on:
            return here.on[outcome]
        way = FORWARD if outcome == "skip" else KINDS[here.kind].outcomes[outcome]
        if way == OUT:
            return END
        if way == STAY:
            return step
        return self.returns_to(step) if way == BACK else self.following(step)

    def returns_to(self, step: str) -> str:
        """Where a return leads: what the step names, or the last application before it."""
        here = self.by_id[step]
        if here.may_return_to:
            return here.may_return_to[0]
        return next(one.id for one in reversed(self.before(step)) if one.kind == "apply")

    def is_completed_by(self, step: str, outcome: str) -> bool:
        """Whether an outcome that ends the matter ends it well."""
        here = self.by_id[step]
        return outcome == "skip" or KINDS[here.kind].outcomes.get(outcome, FORWARD) == FORWARD

    def fields_of(self, form: str) -> tuple[Field, ...]:
        """The fields of a form; none for no form."""
        return self.forms[form].fields if form else ()

    def forms_until(self, step: str) -> tuple[str, ...]:
        """The forms that have been filled in when a step is taken, its own included."""
        steps = (*self.before(step), self.by_id[step])
        return tuple(dict.fromkeys(name for name in (self.form, *(one.form for one in steps)) if name))

    def following(self, step: str) -> str:
        """The id of the step behind one, or `END`. Raises KeyError for a step that it does not have."""
        behind = self.steps[self.steps.index(self.by_id[step]) + 1 :]
        return behind[0].id if behind else END
