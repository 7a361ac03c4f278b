"""Forms made of what the pack declares: the sheet of a step, its outcomes, its reason. The engine judges; nothing here
refuses."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from lunheng.core.policy import Law
from lunheng.core.policy.proceedings import Field, Step
from lunheng.core.policy.proceedings.kinds import OUTCOMES, WITH_REASON, WITHOUT_FORM
from lunheng.core.reasons import REASON, STATEMENT
from lunheng.web.forms import Form
from lunheng.web.keys import LONGEST_KEY
from lunheng.web.moments import Day
from lunheng.web.reasons import ReasonField

DATE = forms.DateInput(attrs={"type": "date"})


class SheetForm(Form):
    """The fields of one sheet, drawn by their types."""

    def __init__(self, *args: Any, fields: Sequence[Field], law: Law, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = fields
        self.judged = {field.key for field in fields if field.required}
        for field in fields:
            if field.type != "document":
                self.fields[field.key] = _drawn(field, law)

    @property
    def typed(self) -> dict[str, Any]:
        """What was sent, as it was sent: several values where several may be chosen."""
        data: Any = self.data
        many = {field.key for field in self.sheet if field.type == "choices"}
        return {
            field.key: data.getlist(field.key) if field.key in many else data.get(field.key, "")
            for field in self.sheet
        }

    @property
    def sheet_keys(self) -> set[str]:
        """The names of the sheet's own fields."""
        return {field.key for field in self.sheet}

    @property
    def file_fields(self) -> list[Field]:
        """The fields to which files belong."""
        return [field for field in self.sheet if field.type == "document"]

    def data_of(self, documents: Mapping[str, list[int]]) -> dict[str, Any]:
        """What was filled in, as the act takes it; ``documents`` are the files by field."""
        filled = {
            field.key: self.cleaned_data[field.key] for field in self.sheet if field.key in self.cleaned_data
        }
        plain = {
            key: value.isoformat() if isinstance(value, date) else value for key, value in filled.items()
        }
        return {**plain, **{field.key: documents.get(field.key, []) for field in self.file_fields}}


class StepForm(SheetForm):
    """A step: its sheet, then the outcome, the reason, and the last day of a notice."""

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.step = step
        outcomes = tuple(one for one in step.outcomes if one != "draw")
        if step.kind == "notice":
            self.fields["last_day"] = Day(
                label="公示截止日",
                widget=DATE,
                required=False,
                help_text="当日24时截止；截止前任何人可以提出异议",
            )
            self.judged.add("last_day")
        if len(outcomes) > 1:
            self.fields["outcome"] = forms.ChoiceField(
                label="办理结果",
                choices=[(one, OUTCOMES[one]) for one in outcomes],
                widget=forms.RadioSelect,
            )
        if any(one in WITH_REASON for one in outcomes):
            is_statement = "state" in outcomes
            self.fields["reason"] = ReasonField(
                label="陈述和申辩" if is_statement else "理由（退回的写明须补正的内容）",
                written=STATEMENT if is_statement else REASON,
                rows=8 if is_statement else 3,
                required=False,
                help_text="放弃的不填；提交后不能修改"
                if is_statement
                else "退回、不通过时必填，申请人可以看到",
            )

    @property
    def outcome(self) -> str:
        """What was chosen, or the only thing that can be."""
        only = next(one for one in self.step.outcomes if one != "draw")
        return str(self.cleaned_data.get("outcome") or only)

    def arguments(self, documents: Mapping[str, list[int]]) -> dict[str, Any]:
        """What the act takes."""
        skips = self.outcome in WITHOUT_FORM
        return {
            "outcome": self.outcome,
            "reason": self.cleaned_data.get("reason", ""),
            "data": {} if skips else self.data_of(documents),
            "last_day": self.cleaned_data.get("last_day"),
        }


class SessionForm(Form):
    """A joint review: who sat, and when; the results stand beside the files."""

    held_on = Day(label="评审日期", widget=DATE)
    members = forms.CharField(
        label="评审组成员",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每行一人；与申请人为同一人的，不得参加评审",
    )

    def __init__(self, *args: Any, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].help_text += f"；不少于{step.group}人"

    @property
    def group(self) -> list[str]:
        """The names, one a line."""
        return [line.strip() for line in str(self.cleaned_data["members"]).splitlines() if line.strip()]


class ReasonForm(Form):
    """Take a matter back."""

    reason = ReasonField(label="撤回的理由")


class AnswerForm(Form):
    """Answer an objection."""

    is_upheld = forms.TypedChoiceField(
        label="核实结果",
        choices=[("no", "异议不成立"), ("yes", "异议成立")],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    answer = ReasonField(label="核实情况和理由", rows=4)


def _drawn(field: Field, law: Law) -> forms.Field:
    given: dict[str, Any] = {"label": field.label, "help_text": field.hint, "required": False}
    if field.type == "prose":
        return forms.CharField(**given, max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    if field.type == "number":
        return forms.CharField(**given, max_length=9, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    if field.type == "date":
        return Day(**given, widget=DATE)
    if field.type in ("yes_no", "declaration"):
        return forms.BooleanField(**given)
    if field.type == "choices":
        choices = list(law.labels(field.vocabulary).items())
        return forms.MultipleChoiceField(**given, choices=choices, widget=forms.CheckboxSelectMultiple)
    return forms.CharField(**given, max_length=LONGEST_KEY if field.type in ("identity", "unit") else 200)
