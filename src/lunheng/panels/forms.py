"""What people fill in about a panel."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from lunheng.panels.models import Member
from lunheng.web.forms import Form
from lunheng.web.reasons import ReasonField

DECLINING = (
    ("时间冲突", "时间冲突"),
    ("出差在外", "出差在外"),
    ("身体原因", "身体原因"),
    ("与本人专业不相适应", "与本人专业、类别、资格不相适应"),
    ("其他", "其他（在下方写明）"),
)
UNSUITED = "与本人专业不相适应"
RECUSING = (
    ("本人或近亲属在参建单位任职", "本人或近亲属在参建单位任职"),
    ("与参建单位有经济往来", "与参建单位有经济往来"),
    ("参与过本方案的编制或审查", "参与过本方案的编制或审查"),
    ("曾为其他组织单位论证本方案", "曾为其他组织单位论证本方案"),
    ("其他", "其他（在下方写明）"),
)
LOSING = (
    ("生病", "生病"),
    ("突发公务", "突发公务"),
    ("家庭变故", "家庭变故"),
    ("其他", "其他（在下方写明）"),
)
LONGEST_CHIP = 1 + max(len(chip) for chip, _ in (*DECLINING, *RECUSING, *LOSING))
"""The chip and the colon after it."""


class ReasonForm(Form):
    """A reason as one of a few chips, and in one's own words."""

    chip = forms.ChoiceField(label="事由", widget=forms.RadioSelect, choices=())
    words = ReasonField(label="补充说明", required=False, leaves=LONGEST_CHIP)

    def __init__(self, *args: object, choices: Iterable[tuple[str, str]] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["chip"].choices = list(choices)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """Another reason needs words."""
        cleaned = dict(super().clean() or {})
        if cleaned.get("chip") == "其他" and not str(cleaned.get("words", "")).strip():
            self.add_error("words", "请写明事由")
        return cleaned

    @property
    def reason(self) -> str:
        """The reason as it is recorded."""
        chip, words = self.cleaned_data["chip"], self.cleaned_data["words"].strip()
        if chip == "其他":
            return str(words)
        return f"{chip}：{words}" if words else str(chip)


class TextForm(Form):
    """A reason in one's own words."""

    text = ReasonField(label="事由", rows=4)


class SisterForm(Form):
    """The decision on an expert of a sister company."""

    may_sit = forms.TypedChoiceField(
        label="判定",
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
        choices=(("no", "应当回避"), ("yes", "可以参加")),
    )
    reason = ReasonField(rows=4)


class ContactForm(Form):
    """What an expert said when reached."""

    judged = ("reason",)
    outcome = forms.ChoiceField(
        label="联系结果", widget=forms.RadioSelect, choices=(("consent", "同意参加"), ("refusal", "拒绝参加"))
    )
    reason = ReasonField(label="拒绝的理由", rows=2, required=False, help_text="登记拒绝时必填")


class PickForm(Form):
    """The experts chosen of those pushed."""

    members = forms.MultipleChoiceField(
        label="选取的专家", widget=forms.CheckboxSelectMultiple, required=False
    )
    is_risk_confirmed = forms.BooleanField(label="所选专家与工程风险等级相对应", required=False)

    def __init__(self, *args: object, people: Iterable[Member] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["members"].choices = [(str(one.pk), str(one)) for one in people]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[int]:
        """The keys of the chosen members."""
        return [int(key) for key in self.cleaned_data["members"]]


class ListForm(PickForm):
    """The final list and its leader."""

    judged = ("reason",)
    leader = forms.ChoiceField(label="组长", widget=forms.RadioSelect, required=False)
    reason = ReasonField(
        label="全部为同一专业的理由",
        rows=2,
        required=False,
        help_text="规则允许说明理由后确认的才需填写",
    )

    def __init__(self, *args: object, people: Iterable[Member] = (), **kwargs: object) -> None:
        people = list(people)
        super().__init__(*args, people=people, **kwargs)
        del self.fields["is_risk_confirmed"]
        self.fields["members"].label = "最终名单"
        self.fields["leader"].choices = [(str(one.pk), one.expert.name) for one in people]  # type: ignore[attr-defined]

    @property
    def leader_id(self) -> int | None:
        """The key of the leader, when one was named."""
        return int(self.cleaned_data["leader"]) if self.cleaned_data["leader"] else None


class BallotForm(Form):
    """One vote."""

    choice = forms.ChoiceField(label="推选的组长", widget=forms.RadioSelect)

    def __init__(self, *args: object, people: Iterable[Member] = (), **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["choice"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{one.expert.name}（{one.expert.unit.name}）") for one in people
        ]
