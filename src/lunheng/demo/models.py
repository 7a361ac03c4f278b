"""The mark of a database that holds nothing but the demo."""

from django.db import models


class Mark(models.Model):
    """One row: this database was made by ``lunheng demo`` and may be made anew."""

    built_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, help_text="none while the demo is being built")

    def __str__(self) -> str:
        return f"demo of {self.built_at:%Y-%m-%d %H:%M}"
