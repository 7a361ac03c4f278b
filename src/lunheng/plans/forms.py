"""Forms of reviews, versions, approvals, requests and entrustments."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms

from lunheng.core.verdict import Verdict
from lunheng.organizations.models import Organization
from lunheng.plans.models import Approval
from lunheng.web.clauses import shown
from lunheng.web.forms import Form
from lunheng.web.keys import CreditCode
from lunheng.web.moments import Day, Moment
from lunheng.web.reasons import ReasonField

MOST_EXTRAS = 2
MINUTES = "%Y-%m-%dT%H:%M"


def choose(field: forms.Field, choices: Iterable[tuple[str, str]]) -> None:
    """Give a choice field its choices."""
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


class ReviewForm(Form):
    """The review of a plan begins; everything else is known from project and works."""

    title = forms.CharField(label="专项施工方案名称", max_length=160)
    is_by_subcontractor = forms.BooleanField(label="方案由专业分包单位编制", required=False)
    author_code = forms.ChoiceField(
        label="编制方案的分包单位", required=False, help_text="分包编制的方案须由双方技术负责人审核签字"
    )

    def __init__(self, *args: Any, subcontractors: Iterable[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(
            self.fields["author_code"], [("", "不适用"), *((one.code, one.name) for one in subcontractors)]
        )


class LegacyForm(Form):
    """A review that was engaged before the platform began."""

    title = forms.CharField(label="专项施工方案名称", max_length=160)
    requested_on = Day(
        label="约定专家的日期", widget=forms.DateInput(attrs={"type": "date"}), help_text="以约定证明为准"
    )
    meeting_on = Day(label="论证会日期", widget=forms.DateInput(attrs={"type": "date"}))


class VersionForm(Form):
    """The pages of the nine parts, and the statement on the site."""

    has_site_statement = forms.BooleanField(
        label="本单位声明：方案符合施工现场实际情况", required=False, help_text="声明随方案显示给专家"
    )
    note = ReasonField(label="版本说明", rows=1, required=False)
    is_secret = forms.BooleanField(
        label="这些文件含有需要保密的内容",
        required=False,
        help_text="只对签署保密承诺的专家组成员、本案各方和监督机构开放，每次查阅都有记录；也可以提交后在方案页逐个标明",
    )

    def __init__(self, *args: Any, parts: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part_labels = parts
        self.judged = tuple(f"part_{key}" for key in parts)
        for key, label in parts.items():
            self.fields[f"part_{key}"] = forms.IntegerField(
                label=f"{label}：起始页", min_value=1, max_value=9999, required=False
            )
        self.order_fields([f"part_{key}" for key in parts])

    def parts(self) -> dict[str, int]:
        """The pages that were given."""
        pages = {key: self.cleaned_data.get(f"part_{key}") for key in self.part_labels}
        return {key: page for key, page in pages.items() if page}


class ApprovalForm(Form):
    """Granted with the signed page, or returned with a reason."""

    kind = forms.ChoiceField(label="审批", choices=Approval.Kind.choices)
    is_granted = forms.TypedChoiceField(
        label="审查意见",
        coerce=lambda answer: answer == "yes",
        choices=[("yes", "同意，已签字盖章"), ("no", "退回修改")],
        widget=forms.RadioSelect,
    )
    reason = ReasonField(label="退回理由", required=False)

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self.fields["kind"], [(kind, Approval.Kind(kind).label) for kind in kinds])


class RequestForm(Form):
    """How many experts of which specialty, the risk, the meeting."""

    pool_key = forms.ChoiceField(label="专家库类别", required=False)
    touches_other_specialties = forms.BooleanField(label="方案内容涉及其他专业", required=False)
    is_risk_confirmed = forms.BooleanField(required=False)
    meeting_mode = forms.ChoiceField(label="会议形式", widget=forms.RadioSelect)
    meeting_at = Moment(
        label="论证会时间",
        input_formats=[MINUTES, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES),
    )
    meeting_place = forms.CharField(
        label="会议地点", max_length=200, required=False, help_text="现场会议须写明；远程会议填写会议号"
    )
    reason = ReasonField(label="再次申请的原因", rows=2, required=False)

    def __init__(
        self,
        *args: Any,
        pools: Iterable[tuple[str, str]],
        fitting: Mapping[str, str],
        specialties: Mapping[str, str],
        modes: Iterable[tuple[str, str]],
        risk_level: str,
        fits: Callable[[str], Verdict],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fitting, self.fits, self.specialties = fitting, fits, specialties
        self.judged = (*(f"main_{key}" for key in fitting), "meeting_place")
        choose(self.fields["pool_key"], pools)
        choose(self.fields["meeting_mode"], modes)
        self.fields["is_risk_confirmed"].label = f"已核对：所选专业和人数与工程风险等级（{risk_level}）相对应"
        for key, label in fitting.items():
            self.fields[f"main_{key}"] = self._count(f"{label}（人）")
        for number in range(1, MOST_EXTRAS + 1):
            extra = forms.ChoiceField(label=f"增选专业{number}", required=False)
            choose(extra, [("", "不增选"), *specialties.items()])
            self.fields[f"extra_{number}"] = extra
            self.fields[f"extra_{number}_count"] = self._count(f"增选专业{number}（人）")

    def _count(self, label: str) -> forms.IntegerField:
        return forms.IntegerField(label=label, min_value=0, max_value=99, required=False)

    def clean(self) -> dict[str, Any]:
        """A number for a specialty that does not fit the works is refused here, with the clause, and kept visible."""
        for key in self.specialties:
            if self.data.get(f"main_{key}", "").strip() in ("", "0"):
                continue
            verdict = self.fits(key)
            if not verdict.is_allowed:
                found = verdict.reasons[0]
                where = f"main_{next(iter(self.fitting), '')}"
                message = f"{found.message}；{found.remedy}（{shown(found.clause).words}）"
                self.add_error(where if where in self.fields else None, message)
        return self.cleaned_data

    def main_fields(self) -> list[forms.BoundField]:
        """The fields of the fitting specialties."""
        return [self[f"main_{key}"] for key in self.fitting]

    def extra_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The pairs of extra specialty and number."""
        numbers = range(1, MOST_EXTRAS + 1)
        return [(self[f"extra_{number}"], self[f"extra_{number}_count"]) for number in numbers]

    def needs(self) -> list[dict[str, Any]]:
        """What is asked for; an extra without number is passed on, so that the rule says what is missing."""
        given = self.cleaned_data
        main = [
            {"specialty": key, "count": given[f"main_{key}"], "is_extra": False}
            for key in self.fitting
            if given.get(f"main_{key}")
        ]
        extras = [
            {
                "specialty": given.get(f"extra_{number}", ""),
                "count": given.get(f"extra_{number}_count"),
                "is_extra": True,
            }
            for number in range(1, MOST_EXTRAS + 1)
            if given.get(f"extra_{number}") or given.get(f"extra_{number}_count")
        ]
        return main + extras

    def wanted(self) -> dict[str, int]:
        """Seats by specialty, as far as they can be read."""
        found: dict[str, int] = {}
        if not self.is_bound:
            return found
        for need in self.needs():
            if need["specialty"] and need["count"]:
                found[need["specialty"]] = found.get(need["specialty"], 0) + need["count"]
        return found

    def meeting(self) -> datetime:
        """The moment of the meeting."""
        moment: datetime = self.cleaned_data["meeting_at"]
        return moment


class ReasonForm(Form):
    """Why something is taken back."""

    reason = ReasonField()


class AgencyForm(Form):
    """The agency to be entrusted."""

    agency_code = CreditCode(label="论证机构统一社会信用代码")
