"""专项施工方案: versions, approvals, the review of a version, entrustment."""

import uuid

from django.db import models
from django.db.models import Q

from lunheng.web.reasons import ReasonColumn


def new_lineage() -> str:
    """A name for a plan and all that descends from it."""
    return uuid.uuid4().hex


class Plan(models.Model):
    """A plan and its line of versions."""

    work = models.ForeignKey("works.HazardousWork", on_delete=models.PROTECT, related_name="plans")
    lineage = models.CharField(max_length=32, default=new_lineage)
    title = models.CharField(max_length=160)
    author = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    is_by_subcontractor = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.title


class Review(models.Model):
    """The review of a plan: one case, from the first version submitted to its closing."""

    class Conclusion(models.TextChoices):
        APPROVED = "approved", "通过"
        APPROVED_IF_REVISED = "approved_if_revised", "修改后通过"
        NOT_APPROVED = "not_approved", "不通过"

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="review")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    contractor = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    is_legacy = models.BooleanField(
        default=False, help_text="启用前: requested outside before the platform began"
    )
    conclusion = models.CharField(max_length=24, choices=Conclusion.choices, blank=True)
    concluded_at = models.DateTimeField(null=True)
    revision_closed_at = models.DateTimeField(null=True)
    works_started_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return str(self.case)


class PlanVersion(models.Model):
    """One version of a plan within a review. Never overwritten."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(help_text="numbered within the plan's line")
    documents = models.ManyToManyField("documents.Document", related_name="plan_versions")
    parts = models.JSONField(default=dict, help_text="the nine parts: key → page")
    has_site_statement = models.BooleanField(default=False)
    site_statement_by = models.CharField(max_length=64, blank=True)
    submitted_by = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    note = ReasonColumn(blank=True)

    class Meta:
        ordering = ("review", "number")
        constraints = (
            models.UniqueConstraint(fields=("review", "number"), name="versions_are_numbered_in_a_review"),
        )

    def __str__(self) -> str:
        return f"{self.review} v{self.number}"


class Approval(models.Model):
    """A signed and sealed approval of one version, or its refusal."""

    class Kind(models.TextChoices):
        TECHNICAL_DIRECTOR = "technical_director", "施工单位技术负责人审核"
        SUBCONTRACTOR_TECHNICAL_DIRECTOR = "subcontractor_technical_director", "分包单位技术负责人审核"
        CHIEF_SUPERVISOR = "chief_supervisor", "总监理工程师审查"

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=40, choices=Kind.choices)
    is_granted = models.BooleanField()
    reason = ReasonColumn(blank=True)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    signed_by = models.CharField(max_length=64)
    signer_name = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("version", "kind"),
                condition=Q(is_granted=True),
                name="one_granted_approval_of_a_kind",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.version}"


class Entrustment(models.Model):
    """委托: the contractor entrusts a review agency with organizing the review."""

    class State(models.TextChoices):
        OFFERED = "offered", "待接受"
        ACCEPTED = "accepted", "已接受"
        ENDED = "ended", "已解除"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="entrustments")
    agency = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.OFFERED)
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("review",), condition=~Q(state="ended"), name="one_living_entrustment"
            ),
        )

    def __str__(self) -> str:
        return f"{self.review} → {self.agency}"


class PlanDelivery(models.Model):
    """When the plan went to, or was opened by, one member."""

    member = models.ForeignKey("panels.Member", on_delete=models.PROTECT, related_name="deliveries")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="deliveries")
    delivered_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("member", "version"), name="one_delivery_of_a_version"),
        )

    def __str__(self) -> str:
        return f"{self.version} → {self.member}"
