"""Forms of opinions, the report, its upload and the closing. What an opinion must hold is for the act to
say, so that the refusal names its clause; the forms only carry it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from lunheng.panels.models import Member
from lunheng.plans.models import PlanVersion, Review
from lunheng.reports.models import RevisionAnswer
from lunheng.web.forms import Form
from lunheng.web.reasons import ReasonField

FEW_ROWS = {"rows": 2}


class ItemForm(Form):
    """One opinion: four fields, and must or should."""

    judged = ("place", "problem", "advice", "is_required")
    place = forms.CharField(
        label="方案中的位置", max_length=120, required=False, help_text="章节、页码或图号"
    )
    problem = forms.CharField(label="存在的问题", required=False, widget=forms.Textarea(attrs=FEW_ROWS))
    basis = forms.CharField(label="依据", max_length=200, required=False, help_text="标准、规范的名称和条款")
    advice = forms.CharField(label="修改建议", required=False, widget=forms.Textarea(attrs=FEW_ROWS))
    is_required = forms.TypedChoiceField(
        label="分级",
        choices=(("1", "必须改"), ("0", "建议")),
        coerce=lambda value: value == "1",
        initial="1",
        empty_value="1",
        required=False,
        widget=forms.RadioSelect,
    )
    sources = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in the four fields."""
        words = (str(self.cleaned_data.get(name, "")) for name in ("place", "problem", "basis", "advice"))
        return not any(word.strip() for word in words)

    def line(self) -> dict[str, Any]:
        """The opinion as the acts take it."""
        names = ("place", "problem", "basis", "advice", "is_required")
        sources = [one for one in str(self.cleaned_data.get("sources", "")).split("、") if one]
        given = {name: self.cleaned_data[name] for name in names}
        return {**given, "is_required": bool(given["is_required"]), "sources": sources}


class ItemSet(forms.BaseFormSet[ItemForm]):
    """Several opinions."""

    def lines(self) -> list[dict[str, Any]]:
        """Those in which something was written and that are not left out."""
        kept = [form for form in self.forms if not form.is_empty and not form.cleaned_data.get("DELETE")]
        return [form.line() for form in kept]


def item_set(
    data: Mapping[str, Any] | None,
    *,
    initial: Iterable[Mapping[str, Any]] = (),
    spare: int = 2,
    leave_out: bool = False,
) -> ItemSet:
    """A set of opinion forms with some spare rows; ``leave_out`` lets a prepared one be dropped."""
    kind = forms.formset_factory(ItemForm, formset=ItemSet, extra=spare, max_num=200, can_delete=leave_out)
    given = kind(data, initial=list(initial), prefix="items")
    assert isinstance(given, ItemSet)
    return given


class ConclusionForm(Form):
    """One of three conclusions."""

    judged: tuple[str, ...] = ("conclusion",)
    conclusion = forms.ChoiceField(
        label="结论", choices=Review.Conclusion.choices, required=False, widget=forms.RadioSelect
    )


class ReportForm(ConclusionForm):
    """The conclusion, the three questions of 31号（四） and a summary."""

    judged = ("conclusion", "complete", "calculation", "site")
    complete = forms.CharField(
        label="专项施工方案内容是否完整、可行", required=False, widget=forms.Textarea(attrs=FEW_ROWS)
    )
    calculation = forms.CharField(
        label="专项施工方案计算书和验算依据、施工图是否符合有关标准规范",
        required=False,
        widget=forms.Textarea(attrs=FEW_ROWS),
    )
    site = forms.CharField(
        label="专项施工方案是否满足现场实际情况，并能够确保施工安全",
        required=False,
        widget=forms.Textarea(attrs=FEW_ROWS),
    )
    summary = forms.CharField(label="综合意见", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    reason = ReasonField(label="更正理由", rows=2, required=False)

    def three_questions(self) -> dict[str, str]:
        """The answers to the three questions."""
        return {name: self.cleaned_data[name] for name in ("complete", "calculation", "site")}


class SignedReportForm(Form):
    """Whose signatures the scan bears."""

    judged = ("signed",)
    signed = forms.TypedMultipleChoiceField(
        label="扫描件上有手写签名的专家", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    outsiders = forms.CharField(
        label="名单以外的签名人",
        required=False,
        widget=forms.Textarea(attrs=FEW_ROWS),
        help_text="每行一个姓名；没有则留空",
    )

    def __init__(self, *args: Any, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["signed"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(str(one.pk), f"{one.expert.name}（{one.expert.unit.name}）") for one in members]

    def names(self) -> list[str]:
        """The outsiders, one a line."""
        return [name.strip() for name in self.cleaned_data["outsiders"].splitlines() if name.strip()]


class AnswerForm(Form):
    """The answer to one item of the report."""

    judged = ("place", "reason")
    answer = forms.ChoiceField(label="答复", choices=RevisionAnswer.Answer.choices, widget=forms.RadioSelect)
    place = forms.CharField(
        label="修改位置", max_length=120, required=False, help_text="新版本的章节和页码；已修改的必填"
    )
    reason = ReasonField(label="不采纳的理由", rows=2, required=False, help_text="未采纳的必填")


class VersionForm(Form):
    """Which version is sent on."""

    version_id = forms.TypedChoiceField(label="修改后的方案版本", coerce=int)

    def __init__(self, *args: Any, versions: Iterable[PlanVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["version_id"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [(str(one.pk), f"第{one.number}版 {one.note}") for one in versions]


class RecheckForm(Form):
    """The leader's opinion on the revised version."""

    is_positive = forms.TypedChoiceField(
        label="复核意见",
        choices=(("1", "同意，已按论证报告修改"), ("0", "不同意，退回修改")),
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )


class ReasonForm(Form):
    """Why, in the person's own words."""

    judged = ("reason",)
    reason = ReasonField(required=False)
