"""Forms anybody may fill in."""

from django import forms

LARGEST = 16 * 1024 * 1024


class VerifyForm(forms.Form):
    """A record of a draw that somebody wants to check."""

    file = forms.FileField(
        label="要核验的文件",
        help_text="抽取记录、存证回执（.tlog-proof）、检查点、案件归档文件；回执可与内容或所列文件一起选",
    )

    def clean_file(self) -> bytes:
        """The bytes of the record."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("文件超过 16 MB，不是抽取记录")
        content: bytes = file.read()
        return content
