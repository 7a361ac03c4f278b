"""The one form of the demo."""

from django import forms

STEPS = ((1, "1 小时"), (6, "6 小时"), (24, "1 天"), (72, "3 天"))


class ClockForm(forms.Form):
    """By how much the demo's time goes forward."""

    hours = forms.TypedChoiceField(label="前进", choices=STEPS, coerce=int, initial=6)
