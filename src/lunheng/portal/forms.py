"""Forms anybody may fill in."""

from django import forms

LARGEST = 16 * 1024 * 1024


class VerifyForm(forms.Form):
    """A record of a draw that somebody wants to check."""

    file = forms.FileField(
        label="抽取记录文件（JSON）", help_text="从案件页面下载的抽取记录；文件只用于本次核验，不保存"
    )

    def clean_file(self) -> bytes:
        """The bytes of the record."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("文件超过 16 MB，不是抽取记录")
        content: bytes = file.read()
        return content
