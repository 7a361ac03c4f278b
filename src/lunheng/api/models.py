"""What was performed for a request that may come again."""

from django.db import models


class Submission(models.Model):
    """A request that named a key of its own: performed once, answered alike however often it comes."""

    key = models.CharField(
        max_length=64, unique=True, help_text="digest of who, what act and the key they gave"
    )
    content = models.CharField(max_length=64, help_text="digest of what was sent")
    entry = models.UUIDField(null=True)
    made = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key

    @property
    def answer(self) -> dict[str, object]:
        """What the interface answered."""
        return {"entry": str(self.entry) if self.entry else None, "id": self.made}
