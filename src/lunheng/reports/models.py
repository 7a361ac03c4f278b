"""论证意见与论证报告: opinion forms, votes, severe defects, the report, its signatures, uploads and
closing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import models
from django.db.models import Q

from lunheng.core.deadlines import is_over
from lunheng.documents.models import Document
from lunheng.plans.models import Review
from lunheng.web.reasons import ReasonColumn


class OpinionForm(models.Model):
    """One member's opinion on one version: before the meeting, at the meeting (the vote), or on the
    revision."""

    class Stage(models.TextChoices):
        PREREVIEW = "prereview", "预审意见"
        FINAL = "final", "论证意见"
        RECHECK = "recheck", "修改后复核意见"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="opinion_forms")
    member = models.ForeignKey("panels.Member", on_delete=models.PROTECT, related_name="opinion_forms")
    version = models.ForeignKey("plans.PlanVersion", on_delete=models.PROTECT, related_name="opinion_forms")
    stage = models.CharField(max_length=12, choices=Stage.choices)
    meeting = models.ForeignKey(
        "meetings.Meeting", on_delete=models.PROTECT, null=True, related_name="opinion_forms"
    )
    conclusion = models.CharField(max_length=24, choices=Review.Conclusion.choices, blank=True)
    is_positive = models.BooleanField(null=True, help_text="of a recheck")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    is_late = models.BooleanField(default=False)
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("member", "version", "stage", "meeting"),
                name="one_form_of_a_stage",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"{self.member} {self.get_stage_display()}"

    def keep(self, items: Iterable[Mapping[str, object]]) -> None:
        """Keep the items of the form in their order."""
        OpinionItem.objects.bulk_create(
            OpinionItem(
                form=self,
                **{name: str(line.get(name, "")).strip() for name in ("place", "problem", "basis", "advice")},
                is_required=bool(line.get("is_required", True)),
            )
            for line in items
        )


class OpinionItem(models.Model):
    """One opinion: place in the plan, problem, basis, advice; must or should."""

    form = models.ForeignKey(OpinionForm, on_delete=models.PROTECT, related_name="items")
    place = models.CharField(max_length=120)
    problem = models.TextField()
    basis = models.CharField(max_length=200, blank=True)
    advice = models.TextField()
    is_required = models.BooleanField(default=True, help_text="必须改 or 建议")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.place}: {self.problem[:20]}"


class Dissent(models.Model):
    """不同意见存档: the votes of a panel that found no agreed opinion, kept as they were cast."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="dissents")
    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.PROTECT, related_name="dissents")
    form = models.OneToOneField(OpinionForm, on_delete=models.PROTECT, related_name="dissent")
    is_differing = models.BooleanField(help_text="differs from what most members voted")
    archived_at = models.DateTimeField()

    class Meta:
        ordering = ("form",)

    def __str__(self) -> str:
        return f"{self.form} {self.form.get_conclusion_display()}"


class DefectAnswer(models.Model):
    """The panel's answer to one severe defect of 63号."""

    class Answer(models.TextChoices):
        YES = "yes", "存在"
        NO = "no", "不存在"
        NOT_APPLICABLE = "not_applicable", "不适用"

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="defect_answers")
    item = models.CharField(max_length=12)
    answer = models.CharField(max_length=16, choices=Answer.choices)
    place = models.CharField(max_length=120, blank=True)
    answered_by = models.ForeignKey("panels.Member", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    clear_reason = ReasonColumn(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "item"), name="one_answer_to_a_defect"),)

    def __str__(self) -> str:
        return f"{self.item} {self.answer}"


class Report(models.Model):
    """论证报告: one per review, numbered, compiled by the leader from every member's opinion."""

    class State(models.TextChoices):
        COMPILED = "compiled", "待签名"
        SIGNED = "signed", "已签名"
        VOID = "void", "无效"

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="report")
    number = models.CharField(max_length=40, unique=True)
    meeting = models.ForeignKey("meetings.Meeting", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("plans.PlanVersion", on_delete=models.PROTECT, related_name="+")
    conclusion = models.CharField(max_length=24, choices=Review.Conclusion.choices)
    summary = models.TextField(blank=True)
    three_questions = models.JSONField(default=dict)
    items = models.JSONField(default=list, help_text="numbered items with their sources")
    compiled_by = models.ForeignKey(
        "panels.Member",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="no member: the organizer",
    )
    compiled_at = models.DateTimeField()
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    signed_document = models.ForeignKey(
        "documents.Document", on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.COMPILED)
    void_reason = ReasonColumn(blank=True)
    dissents = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.number

    def count_as_uploaded(
        self, document: Document, asked: Iterable[tuple[str, datetime | None]], *, by: str, at: datetime
    ) -> None:
        """The signed report is itself an item of the upload; ``asked`` are such items with their time
        limits."""
        Upload.objects.bulk_create(
            Upload(
                case=self.case,
                item=item,
                document=document,
                uploaded_by=by,
                uploaded_at=at,
                is_late=is_over(due_at, at),
            )
            for item, due_at in asked
        )


class Signature(models.Model):
    """One member's signature under the report."""

    class Method(models.TextChoices):
        HAND = "hand", "手写签名"
        ELECTRONIC = "electronic", "电子签名"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="signatures")
    member = models.ForeignKey("panels.Member", on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=64)
    method = models.CharField(max_length=12, choices=Method.choices)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("report", "member"),
                condition=Q(member__isnull=False),
                name="one_signature_of_a_member",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.report}"


class Upload(models.Model):
    """One item of the result that the rule wants on the platform, with the time it came."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="uploads")
    item = models.CharField(max_length=24, help_text="report, sign_in, photos, conclusion, scan")
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_by = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    is_late = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.case} {self.item}"


class Breach(models.Model):
    """A duty that was not done in time, recorded by the platform at the next second."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="breaches")
    duty = models.CharField(max_length=48)
    clause = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "duty"), name="one_breach_of_a_duty"),)

    def __str__(self) -> str:
        return f"{self.case} {self.duty}"


class Revision(models.Model):
    """A revised version that the contractor sent on: to the leader's recheck, then to the chief
    supervisor."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="revisions")
    version = models.OneToOneField("plans.PlanVersion", on_delete=models.PROTECT, related_name="revision")
    sent_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.version} sent on"


class RevisionAnswer(models.Model):
    """The contractor's answer to one item of the report against a new version."""

    class Answer(models.TextChoices):
        CHANGED = "changed", "已修改"
        NOT_ADOPTED = "not_adopted", "未采纳"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="answers")
    item = models.PositiveSmallIntegerField(help_text="number of the item in the report")
    version = models.ForeignKey("plans.PlanVersion", on_delete=models.PROTECT, null=True, related_name="+")
    answer = models.CharField(max_length=12, choices=Answer.choices)
    place = models.CharField(max_length=120, blank=True)
    reason = ReasonColumn(blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ("report", "item", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(answer="changed", place__gt="") | Q(answer="not_adopted", reason__gt=""),
                name="answer_says_where_or_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.report} item {self.item}"
