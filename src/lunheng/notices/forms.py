"""The form of an objection."""

from django import forms


class ObjectionForm(forms.Form):
    """Who objects, how to reach him, and why."""

    name = forms.CharField(label="姓名", max_length=64)
    phone = forms.CharField(
        label="联系电话", max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    text = forms.CharField(
        label="异议的事实和理由",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="5至2000字",
    )
