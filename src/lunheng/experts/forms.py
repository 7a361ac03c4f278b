"""Forms of the expert register and of an expert's file."""

from collections.abc import Mapping
from typing import Any

from django import forms

from lunheng.accounts.forms import PhoneForm
from lunheng.pools.models import Membership
from lunheng.web.forms import Form
from lunheng.web.keys import CreditCode, IdentityNumber, PersonName
from lunheng.web.moments import Day
from lunheng.web.reasons import ReasonField


class AdmissionForm(PhoneForm):
    """An expert who enters the pool."""

    name = PersonName(label="姓名")
    identity_number = IdentityNumber(
        label="身份证号码",
        help_text="港澳台居民居住证、外国人永久居留身份证号码也可以；只保存加密摘要，不保存号码",
    )
    organization_code = CreditCode(label="工作单位统一社会信用代码")
    title = forms.CharField(label="职称", max_length=32)
    has_senior_title = forms.BooleanField(label="具有高级专业技术职称", required=False)
    years = forms.IntegerField(label="从事本专业年限（年）", min_value=0, max_value=80)
    has_rich_experience = forms.BooleanField(label="具有丰富的专业经验并经认可", required=False)
    registration = forms.CharField(label="注册执业资格", max_length=64, required=False)
    specialties = forms.MultipleChoiceField(label="专业", widget=forms.CheckboxSelectMultiple)
    ends_on = Day(label="聘期截止日", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, specialties: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["specialties"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(specialties.items())
        self.order_fields(["name", "phone"])


class StateForm(Form):
    """Suspend, restore or remove, with the reason."""

    state = forms.ChoiceField(label="状态", choices=Membership.State.choices, widget=forms.RadioSelect)
    reason = ReasonField()


class UnitForm(Form):
    """Another employer."""

    organization_code = CreditCode(label="现工作单位统一社会信用代码")


class TermForm(Form):
    """Another end of the term."""

    ends_on = Day(
        label="聘期截止日",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="截止日当天不再计入聘期",
    )


class QualificationForm(Form):
    """What the evidence shows of title, years and grade."""

    has_senior_title = forms.BooleanField(label="具有高级专业技术职称", required=False)
    years = forms.IntegerField(label="从事本专业年限（年）", min_value=0, max_value=80)
    has_rich_experience = forms.BooleanField(label="具有丰富的专业经验并经认可", required=False)
    grade = forms.CharField(
        label="专家等级",
        max_length=16,
        required=False,
        help_text="规则按风险等级要求专家等级的，填写规则中的等级",
    )


class InterestForm(Form):
    """A unit that the expert must keep away from."""

    organization_code = CreditCode(label="有利害关系的单位的统一社会信用代码")
    ground = ReasonField(label="关系", rows=2, help_text="例如：直系亲属在该单位任职")
