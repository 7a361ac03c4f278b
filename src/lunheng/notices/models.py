"""公示公告: what an office tells everybody, for how long, and what anybody objects to it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from lunheng.cases import running

if TYPE_CHECKING:
    from lunheng.cases.models import Case


class Notice(models.Model):
    """One public notice (objections may be filed until it ends) or announcement (what was decided)."""

    class Kind(models.TextChoices):
        NOTICE = "notice", "公示"
        ANNOUNCEMENT = "announcement", "公布"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    title = models.CharField(max_length=200)
    lines = models.JSONField(default=list, help_text="what is told: pairs of label and words")
    issuer = models.CharField(max_length=120)
    clause = models.CharField(max_length=300)
    posted_at = models.DateTimeField()
    ends_at = models.DateTimeField(
        null=True, help_text="the first moment at which nobody may object any more"
    )
    ended_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-posted_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(kind="notice") | models.Q(ends_at__isnull=False),
                name="public_notice_has_an_end",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.F("posted_at")),
                name="notice_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=("case",),
                condition=models.Q(kind="notice", ended_at__isnull=True, withdrawn_at__isnull=True),
                name="one_running_notice_of_a_case",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @classmethod
    def post(
        cls,
        case: Case,
        kind: str,
        *,
        title: str,
        lines: list[list[str]],
        issuer: str,
        clause: str,
        at: datetime,
        ends_at: datetime | None = None,
    ) -> Notice:
        """Tell everybody, inside the act that decides it."""
        running.current()
        return cls.objects.create(
            case=case,
            kind=kind,
            title=title[:200],
            lines=lines,
            issuer=issuer,
            clause=clause,
            posted_at=at,
            ends_at=ends_at,
        )

    def is_running(self, at: datetime) -> bool:
        """Whether anybody may still object."""
        is_up = self.ended_at is None and self.withdrawn_at is None
        return is_up and self.ends_at is not None and at < self.ends_at

    def end(self, at: datetime) -> None:
        """The period has run out. Inside an act."""
        self.ended_at = at
        self.save(update_fields=("ended_at",))

    def withdraw(self, at: datetime) -> None:
        """The matter goes no further: nobody reads the notice any more. Inside an act."""
        self.withdrawn_at = at
        self.save(update_fields=("withdrawn_at",))


class Objection(models.Model):
    """异议: who objects to a notice and why; read by the office alone."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="objections")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=64)
    phone = models.CharField(max_length=20)
    text = models.TextField()
    filed_at = models.DateTimeField()
    is_upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("notice", "number"), name="objections_are_numbered_in_a_notice"),
            models.CheckConstraint(
                condition=models.Q(is_upheld__isnull=True, answered_at__isnull=True)
                | models.Q(is_upheld__isnull=False, answered_at__isnull=False) & ~models.Q(answer=""),
                name="answered_objection_has_answer_and_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice} 异议{self.number}"

    def settle(self, *, is_upheld: bool, answer: str, at: datetime) -> None:
        """Answer with the reason. Inside an act."""
        self.is_upheld, self.answer, self.answered_at = is_upheld, answer, at
        self.save(update_fields=("is_upheld", "answer", "answered_at"))
