"""Forms of the calendar: days of a notice, typed or from a file; a year that is complete."""

from typing import Any

from django import forms

from lunheng.core.notice import BadNotice, read_notice
from lunheng.web.forms import Form

LARGEST = 100_000


class DaysForm(Form):
    """The days of a notice."""

    notice = forms.CharField(
        label="依据的通知",
        max_length=200,
        help_text="名称和文号，例如：国务院办公厅关于2027年部分节假日安排的通知",
    )
    lines = forms.CharField(
        label="放假和调休上班的日期",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="每行一天或一段，例如“2027-02-05 放假”“2027年2月6日至12日 放假”“2027-02-14 上班”；推定为放假而通知不放假的，写“上班”",
    )
    file = forms.FileField(
        label="或上传文件", required=False, help_text=".csv 或 .txt，每行的写法相同",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """The days, read; every line that cannot be read is told with its number."""
        data: dict[str, Any] = super().clean() or {}
        file = data.get("file")
        try:
            text = _text(file) if file else data.get("lines", "")
            days = read_notice(text)
        except BadNotice as fault:
            self.add_error("file" if file else "lines", str(fault))
            return data
        data["days"] = [{"day": day.isoformat(), "is_working_day": is_worked} for day, is_worked in days]
        return data


class YearForm(Form):
    """A year of which nothing is missing."""

    year = forms.IntegerField(label="年份", min_value=1950, max_value=2199)
    notice = forms.CharField(label="依据的通知", max_length=200, help_text="全国和本地区的安排都已录入后办理")


def _text(file: Any) -> str:
    if file.size > LARGEST:
        raise BadNotice("文件过大，放假安排不超过 100 KB")
    content = file.read()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return str(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise BadNotice("文件不是文本，请另存为 UTF-8 编码的 .csv 或 .txt")
