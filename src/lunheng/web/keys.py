"""Fields of keys and names as people give them, read by the one reader of each (``core.identity``)."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from lunheng.core.identity import (
    MOBILE_EXAMPLE,
    Unfit,
    canonical,
    clean_name,
    contact_number,
    mobile_number,
)

LONGEST_KEY = 40
"""Room for a key that was typed with spaces, or with a country code."""


class _Read(forms.CharField):
    """Text that one reader brings into its one spelling."""

    reader: Callable[[object], str]
    most = LONGEST_KEY

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"max_length": self.most, **given})

    def clean(self, value: Any) -> Any:
        """The one spelling; raises ``ValidationError`` with what is wrong and what to do."""
        text = super().clean(value)
        if not text:
            return text
        try:
            return type(self).reader(text)
        except Unfit as fault:
            raise ValidationError(fault.in_one_line, code="unfit") from fault


class PersonName(_Read):
    """The name of a person."""

    reader = staticmethod(clean_name)
    most = 128


class Mobile(_Read):
    """A mobile number, as E.164."""

    reader = staticmethod(mobile_number)

    def __init__(self, **given: Any) -> None:
        attributes = {"inputmode": "tel", "placeholder": MOBILE_EXAMPLE, **given.pop("attributes", {})}
        super().__init__(**{"widget": forms.TextInput(attrs=attributes), **given})


class Contact(_Read):
    """A number at which somebody is reached."""

    reader = staticmethod(contact_number)

    def __init__(self, **given: Any) -> None:
        super().__init__(**{"widget": forms.TextInput(attrs={"inputmode": "tel"}), **given})


class IdentityNumber(_Read):
    """The number of a person's document in one spelling; whether it is one, the act says by its clause."""

    reader = staticmethod(canonical)


class CreditCode(_Read):
    """The code of a unit in one spelling; whether there is such a unit, the act says by its clause."""

    reader = staticmethod(canonical)
