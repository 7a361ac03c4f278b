"""Forms of projects and works."""

from typing import Any

from django import forms

from lunheng.core.actor import Role
from lunheng.core.scope import Parameter, Thresholds
from lunheng.jurisdictions import territory
from lunheng.jurisdictions.models import Division
from lunheng.web.forms import Form
from lunheng.web.keys import CreditCode
from lunheng.works.models import Project

PARTY_ROLES = (
    Role.SUPERVISOR,
    Role.OWNER,
    Role.SUBCONTRACTOR,
    Role.DESIGNER,
    Role.INVESTIGATOR,
    Role.MONITOR,
    Role.TESTER,
    Role.CONTRACTOR,
)
CITY_SUFFIX = "00"


class ProjectForm(Form):
    """What the platform must know of a project."""

    name = forms.CharField(label="工程名称", max_length=120)
    kind = forms.ChoiceField(label="工程类别", choices=Project.Kind.choices, widget=forms.RadioSelect)
    division_id = forms.ChoiceField(label="所在城市", help_text="决定适用哪一个城市的规则")
    district_id = forms.ChoiceField(
        label="所在区县",
        required=False,
        help_text="只列所选城市的区县；改选城市后重新列出",
        error_messages={"invalid_choice": "区县不在所选的市内，请重新选择"},
    )
    is_city_run = forms.BooleanField(label="市直管项目", required=False, help_text="决定由谁监督论证")
    address = forms.CharField(label="工程地址", max_length=200)
    permit_number = forms.CharField(label="施工许可证编号", max_length=64, required=False)

    def __init__(self, *args: Any, city: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = dict(Division.objects.order_by("code").values_list("code", "name"))
        cities = [one for one in places if one.endswith(CITY_SUFFIX) and one[2:4] != CITY_SUFFIX]
        asked = str(self.data.get("division_id") or city)
        inside = Division.objects.filter(code__in=territory.below(asked)).exclude(code=asked)
        districts = list(inside.order_by("code").values_list("code", "name")) if asked in cities else []
        self.initial.setdefault("division_id", asked)
        self._choices("division_id", [(one, places[one]) for one in cities])
        self._choices("district_id", districts)

    def _choices(self, name: str, places: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "请选择"), *places]


class PartyForm(Form):
    """A unit that takes part in the project."""

    organization_code = CreditCode(label="统一社会信用代码")
    role = forms.ChoiceField(label="角色", choices=[(role.value, role.label) for role in PARTY_ROLES])


class WorkForm(Form):
    """One work with the parameters that the annexes ask for works of its kind."""

    name = forms.CharField(label="危大工程名称", max_length=120, help_text="例如：1号竖井深基坑")

    def __init__(self, *args: Any, table: Thresholds, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = table.parameters_of(kind)
        self.judged = tuple(self.asked)
        judged = {row.work.judgement for row in table.rows_of(kind)} - {""}
        for key, parameter in self.asked.items():
            self.fields[key] = self._judged(parameter) if key in judged else self._field(parameter)
        if judged:
            self.fields["judgement"] = forms.CharField(
                label="判定理由",
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text="条件复杂的浅基坑须由施工单位技术负责人判定并写明理由",
            )

    def _field(self, parameter: Parameter) -> forms.Field:
        if not parameter.is_number:
            return forms.BooleanField(label=parameter.label, required=False)
        return forms.DecimalField(
            label=f"{parameter.label}（{parameter.unit}）",
            required=False,
            min_value=None if parameter.may_be_negative else 0,
            max_digits=15,
            decimal_places=6,
            help_text="没有此项的填 0；不填视为未知",
        )

    def _judged(self, parameter: Parameter) -> forms.Field:
        return forms.TypedChoiceField(
            label=parameter.label,
            required=False,
            coerce=lambda answer: answer == "yes",
            empty_value=None,
            choices=[("", "未判定"), ("yes", "是"), ("no", "否")],
        )

    def parameters(self) -> dict[str, str | bool]:
        """What was answered; a number that was left empty stays unknown."""
        answers = {key: self.cleaned_data.get(key) for key in self.asked}
        return {
            key: value if isinstance(value, bool) else str(value)
            for key, value in answers.items()
            if value is not None
        }
