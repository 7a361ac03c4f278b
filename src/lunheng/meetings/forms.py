"""Forms of the meeting."""

from typing import Any

from django import forms

from lunheng.meetings.models import EXPERTS, Meeting
from lunheng.web.forms import Form
from lunheng.web.keys import PersonName
from lunheng.web.moments import Moment
from lunheng.web.reasons import ReasonField

MINUTES = "%Y-%m-%dT%H:%M"


class RescheduleForm(Form):
    """Form, place and time of the meeting, and why they change."""

    mode = forms.ChoiceField(label="会议形式", choices=Meeting.Mode.choices, widget=forms.RadioSelect)
    place = forms.CharField(
        label="会议地点", max_length=200, required=False, help_text="现场会议须填写；视频会议可填会议号"
    )
    planned_at = Moment(
        label="会议时间", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES)
    )
    reason = ReasonField(label="调整原因", rows=2, help_text="通知专家和参建各方时写明")


class SignInForm(Form):
    """One person of a party at the desk."""

    role = forms.ChoiceField(label="身份")
    person = PersonName(label="姓名")
    organization_name = forms.ChoiceField(label="单位")
    is_present = forms.TypedChoiceField(
        label="到会情况",
        choices=(("1", "到会"), ("0", "缺席")),
        coerce=lambda value: value == "1",
        initial="1",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, roles: dict[str, str], organizations: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("role", [(key, label) for key, label in roles.items() if key != EXPERTS]),
            ("organization_name", [(one, one) for one in organizations]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


class ReasonForm(Form):
    """Why, in the person's own words."""

    reason = ReasonField(label="原因")


class VisitAnswerForm(Form):
    """When the visit takes place, or why not."""

    answer = ReasonField(label="答复", rows=2, required=False, help_text="不安排踏勘的，写明理由")
    visit_at = Moment(
        label="踏勘时间",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES),
    )
