"""The type of a reason (``core.reasons``) as a field of a form and as a column of a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from lunheng.core.reasons import REASON, Written

if TYPE_CHECKING:
    Column = models.CharField[str, str]
else:
    Column = models.CharField


class ReasonField(forms.CharField):
    """Why, in the person's own words; ``leaves`` keeps room for what the page puts before them."""

    def __init__(
        self, *, label: str = "理由", rows: int = 3, leaves: int = 0, written: Written = REASON, **more: Any
    ) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(label=label, max_length=written.longest - leaves, widget=widget, **more)


class ReasonColumn(Column):
    """Where a reason is kept."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{**more, "max_length": REASON.longest})

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        """A plain column of this length to the migrations, as it always was."""
        name, _, args, more = super().deconstruct()
        return name, "django.db.models.CharField", args, more
