"""Forms of logging in."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from lunheng.accounts.codes import DIGITS
from lunheng.accounts.models import Seat
from lunheng.web.forms import Form
from lunheng.web.keys import Mobile, PersonName


class PhoneForm(Form):
    """The number to which a code goes."""

    phone = Mobile(label="手机号码", attributes={"autocomplete": "username"})


class ApplicantForm(PhoneForm):
    """Who applies, and the number to which the code goes."""

    name = PersonName(label="姓名", widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "phone")


class LoginForm(PhoneForm):
    """Mobile number and password."""

    password = forms.CharField(
        label="密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ResetForm(PhoneForm):
    """The code that came to the number, and the new password twice."""

    code = forms.RegexField(
        rf"^\d{{{DIGITS}}}$",
        label="验证码",
        help_text="短信中的 6 位数字，10 分钟内有效",
        error_messages={"invalid": "请输入短信中的 6 位数字"},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": DIGITS}
        ),
    )
    password = forms.CharField(
        label="新密码",
        strip=False,
        max_length=256,
        help_text="至少 10 个字符，不能全是数字，也不能是常见密码",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输入一次新密码",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", "两次输入的密码不一致")
        return data


class SeatForm(Form):
    """One of the seats that may be chosen."""

    seat = forms.ModelChoiceField(label="身份", queryset=Seat.objects.none())

    def __init__(self, *args: Any, seats: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].queryset = seats  # type: ignore[attr-defined]
