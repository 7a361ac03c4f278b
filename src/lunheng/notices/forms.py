"""The form of an objection."""

from django import forms

from lunheng.web.forms import Form
from lunheng.web.keys import Contact, PersonName


class ObjectionForm(Form):
    """Who objects, how to reach him, and why."""

    name = PersonName(label="姓名")
    phone = Contact(label="联系电话", help_text="手机号码，或带区号的固定电话")
    text = forms.CharField(
        label="异议的事实和理由",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="5至2000字",
    )
