"""The form of the product: what it accepts can be printed."""

from django import forms

from lunheng.web.fonts import unprintable


class Form(forms.Form):
    """A form whose text is asked, field by field, whether the fonts of the documents have all of it."""

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and (fault := unprintable(value)):
                self.add_error(
                    name, forms.ValidationError(f"“{self[name].label}”{fault}", code="unprintable")
                )
