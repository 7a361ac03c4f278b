"""Experts of the pools: who they are, what they know, whom they must avoid."""

from datetime import date

from django.db import models

from lunheng.organizations.keys import KeyOf
from lunheng.web.reasons import ReasonColumn


class Expert(models.Model):
    """专家: who it is. How the expert stands in the pool is told by the membership alone."""

    file = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="expert")
    reference = models.CharField(max_length=32, unique=True)
    pool = models.ForeignKey("pools.Pool", on_delete=models.PROTECT, related_name="experts")
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, related_name="experts"
    )
    name = models.CharField(max_length=64)
    name_key = KeyOf(of="name", help_text="by which the name is found")
    gender = models.CharField(max_length=4, blank=True)
    phone = models.CharField(max_length=20)
    identity_digest = models.CharField(max_length=64, help_text="keyed digest of the identity number")
    unit = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="experts")
    title = models.CharField(max_length=32)
    registration = models.CharField(max_length=64, blank=True)
    grade = models.CharField(max_length=16, blank=True)
    has_senior_title = models.BooleanField(
        null=True, help_text="as the evidence on file has it; none: judged when the expert was admitted"
    )
    practicing_since = models.DateField(null=True, help_text="from when the years in the specialty count")
    has_rich_experience = models.BooleanField(default=False, help_text="the proof was accepted")
    membership = models.OneToOneField(
        "pools.Membership",
        on_delete=models.PROTECT,
        related_name="expert",
        help_text="the standing in the pool: state, term, bar",
    )

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("pool", "identity_digest"), name="one_person_once_in_a_pool"),
        )

    def __str__(self) -> str:
        return self.name

    def qualification(self, on: date) -> dict[str, object] | None:
        """What is on file of title and full years in the specialty, as the rule asks for it; None where nothing is."""
        if self.has_senior_title is None or self.practicing_since is None:
            return None
        since = self.practicing_since
        years = on.year - since.year - ((on.month, on.day) < (since.month, since.day))
        return {
            "has_senior_title": self.has_senior_title,
            "years": max(years, 0),
            "has_rich_experience": self.has_rich_experience,
        }


class ExpertSpecialty(models.Model):
    """One specialty of one expert."""

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="specialties")
    specialty = models.CharField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("expert", "specialty"), name="one_specialty_once"),)

    def __str__(self) -> str:
        return self.specialty


class Interest(models.Model):
    """A recorded relation of interest between an expert and a unit."""

    expert = models.ForeignKey(Expert, on_delete=models.PROTECT, related_name="interests")
    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    ground = ReasonColumn()
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.ground
