"""How one form field is drawn: its control with the right class, and what describes it."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)
CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.RadioSelect, ""),
    (forms.CheckboxInput, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)

LIMITS = {
    "max_length": "{name}最多{most}字，现在{now}字，请精简",
    "min_length": "{name}至少{most}字，现在{now}字，请补全",
    "max_value": "{name}不能大于{most}",
    "min_value": "{name}不能小于{most}",
}
WRONG = {"invalid_choice": "{name}没有这一选项，请重新选择", "invalid_list": "{name}没有这一选项，请重新选择"}


def class_of(widget: forms.Widget) -> str:
    """Return the style sheet's class for a control of this kind."""
    return next(name for kind, name in CLASSES if isinstance(widget, kind))


def described_by(field: BoundField) -> str:
    """Return the ids of the error and the hint that belong to the field."""
    ids = [f"{field.auto_id}_error"] if field.errors else []
    return " ".join([*ids, f"{field.auto_id}_helptext"] if field.help_text else ids)


def errors_of(field: BoundField) -> list[str]:
    """What is wrong with the field, each in a sentence that says what to do; what Django says of itself is said better."""
    found = [one for error in field.errors.as_data() for one in error.error_list]
    return [_in_words(field, error) or str(error.messages[0]) for error in found]


def named_errors_of(field: BoundField) -> list[str]:
    """The same for the top of the form, where the field is not beside them."""
    name = f"“{field.label}”"
    return [words if name in words else f"{field.label}：{words}" for words in errors_of(field)]


def _in_words(field: BoundField, error: forms.ValidationError) -> str:
    """Our sentence for one of Django's own messages; empty for what a form of ours says."""
    code, name, params = str(error.code), f"“{field.label}”", error.params or {}
    if code in LIMITS and "limit_value" in params:
        return LIMITS[code].format(name=name, most=params["limit_value"], now=params.get("show_value", ""))
    if error.message not in _djangos_own(field.field, code):
        return ""
    if code == "required":
        return f"请{_verb(field.field)}{name}"
    return WRONG.get(code, "").format(name=name) or f"{name}{_wrong(field.field)}"


def _djangos_own(field: forms.Field, code: str) -> set[Any]:
    kinds = (kind for kind in type(field).__mro__ if kind.__module__.startswith("django."))
    return {kind.__dict__.get("default_error_messages", {}).get(code) for kind in kinds} - {None}


def _verb(field: forms.Field) -> str:
    if isinstance(field, forms.FileField):
        return "上传"
    if isinstance(field.widget, forms.CheckboxInput):
        return "勾选"
    return "选择" if isinstance(field, forms.ChoiceField) else "填写"


def _wrong(field: forms.Field) -> str:
    if isinstance(field, forms.DateTimeField):
        return "不是有效的时间，请按 2026-12-01 09:00 的写法填写"
    if isinstance(field, forms.DateField):
        return "不是有效的日期，请按 2026-12-01 的写法填写"
    return "须填写整数" if isinstance(field, forms.IntegerField) else "的格式不对，请核对后重新填写"


def is_optional(field: BoundField) -> bool:
    """Whether the field is marked 选填: not required, and not ``judged`` by a rule after the form was sent."""
    return not field.field.required and field.name not in getattr(field.form, "judged", ())


def draw_control(field: BoundField) -> SafeString:
    """Draw the control; a group of choices is described by its fieldset, any other control by itself."""
    widget = field.field.widget
    names = f"{widget.attrs.get('class', '')} {class_of(widget)}".split()
    attributes: dict[str, Any] = {"class": " ".join(names)} if names else {}
    if not isinstance(widget, GROUPS):
        attributes["aria-describedby"] = described_by(field) or None
    return field.as_widget(attrs={name: value for name, value in attributes.items() if value})


def target_of(field: BoundField) -> str:
    """Return the id to jump to from the error summary."""
    return field.auto_id if isinstance(field.field.widget, GROUPS) else field.id_for_label
