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


def class_of(widget: forms.Widget) -> str:
    """Return the style sheet's class for a control of this kind."""
    return next(name for kind, name in CLASSES if isinstance(widget, kind))


def described_by(field: BoundField) -> str:
    """Return the ids of the error and the hint that belong to the field."""
    ids = [f"{field.auto_id}_error"] if field.errors else []
    return " ".join([*ids, f"{field.auto_id}_helptext"] if field.help_text else ids)


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
