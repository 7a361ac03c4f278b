"""Files by digest, never overwritten."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from lunheng.accounts.models import Account
from lunheng.cases.permissions import access_clause
from lunheng.core.actor import Actor, Role
from lunheng.core.errors import Refused
from lunheng.core.verdict import refused
from lunheng.documents import store
from lunheng.jobs import clock

if TYPE_CHECKING:
    from lunheng.cases.models import Case


class Document(models.Model):
    """One stored file. Its bytes are found by digest; a new version is a new row."""

    class Kind(models.TextChoices):
        PLAN = "plan", "专项施工方案"
        CALCULATION = "calculation", "计算书"
        DRAWING = "drawing", "施工图纸"
        APPROVAL = "approval", "审批页（签字盖章）"
        OPINION_FORM = "opinion_form", "专家审查意见表"
        SIGN_IN = "sign_in", "会议签到表"
        PHOTO = "photo", "会议照片"
        REPORT = "report", "论证报告"
        SIGNED_REPORT = "signed_report", "手写签名的论证报告扫描件"
        TRANSCRIPT = "transcript", "抽取记录"
        PROOF = "proof", "证明材料"
        OTHER = "other", "其他"

    sha256 = models.CharField(max_length=64)
    shown_sha256 = models.CharField(
        max_length=64, blank=True, default="", help_text="what is shown in pages instead of the original"
    )
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.OTHER)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="documents")
    is_secret = models.BooleanField(
        default=False, help_text="opens only after the confidentiality commitment"
    )
    is_generated = models.BooleanField(default=False)
    pages = models.PositiveIntegerField(
        null=True, help_text="as the parser counted them; none for office documents"
    )
    uploaded_by = models.CharField(max_length=64)
    uploaded_organization = models.CharField(max_length=18, blank=True)
    uploaded_at = models.DateTimeField()
    bound_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=models.Q(size__gt=0), name="document_is_not_empty"),
            models.CheckConstraint(
                condition=models.Q(bound_at__isnull=True) | models.Q(case__isnull=False),
                name="bound_document_has_a_case",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def generate(
        cls,
        *,
        name: str,
        content: bytes,
        kind: str,
        at: datetime,
        pages: int | None = None,
        is_secret: bool = False,
    ) -> Document:
        """Keep a file that the platform itself made (before the act that names it), not yet bound to a case."""
        return cls.objects.create(
            sha256=store.put(content),
            name=name,
            media_type="application/pdf" if name.endswith(".pdf") else "application/octet-stream",
            size=len(content),
            kind=kind,
            pages=pages,
            is_secret=is_secret,
            is_generated=True,
            uploaded_by=Actor.system().reference,
            uploaded_at=at,
        )

    def read(self) -> bytes:
        """The bytes, checked against their digest."""
        return store.read(self.sha256)

    def bind(
        self,
        case: Case,
        kind: str,
        *,
        actor: Actor | None = None,
        at: datetime | None = None,
        is_secret: bool = False,
    ) -> None:
        """Make this file part of the case, inside an act that holds the case's lock.

        Raises:
            Refused: the file belongs to another case, or somebody else uploaded it.
        """
        if self.case_id is not None and self.case_id != case.pk:
            raise Refused(
                refused(access_clause(case), "该文件已用于另一个案件", "请为本案重新上传文件", self.name)
            )
        is_ours = self._is_of(actor) if actor else self._is_of_case(case)
        if not (is_ours or self._is_made_for(case, actor)):
            raise Refused(
                refused(
                    access_clause(case), "该文件由其他单位上传，不能使用", "请上传本单位的文件", self.name
                )
            )
        self.case = case
        self.kind = kind
        self.is_secret = self.is_secret or is_secret
        self.bound_at = self.bound_at or at or clock.now()
        self.save(update_fields=("case", "kind", "is_secret", "bound_at"))

    def keep_secret(self) -> None:
        """Open it from now on only to those who may know what it holds, inside an act that holds the case's lock."""
        self.is_secret = True
        self.save(update_fields=("is_secret",))

    def is_uploaded_by(self, actor: Actor) -> bool:
        """Whether this actor, or the organization for which it acts, uploaded the file."""
        is_own = bool(self.uploaded_organization) and self.uploaded_organization == actor.organization
        return is_own or self.uploaded_by == actor.reference

    def _is_made_for(self, case: Case, actor: Actor | None) -> bool:
        """Whether the platform made it and nobody takes what waits for its time, such as opinions before the meeting."""
        return self.is_generated and (actor is None or self.case_id == case.pk)

    def _is_of(self, actor: Actor) -> bool:
        return actor.role == Role.SYSTEM or self.is_uploaded_by(actor)

    def _is_of_case(self, case: Case) -> bool:
        """Whether a party of the case, or an expert who takes part, uploaded it: for acts that name no actor."""
        if self.uploaded_organization:
            return case.parties.filter(
                left_at__isnull=True, organization__code=self.uploaded_organization
            ).exists()
        experts = case.participants.filter(left_at__isnull=True).values("expert")
        return Account.objects.filter(reference=self.uploaded_by, seats__expert__in=experts).exists()


class DamagedFile(models.Model):
    """A digest under which the store holds nothing or other bytes; closed when the right bytes lie there again."""

    class Fault(models.TextChoices):
        MISSING = "missing", "文件缺失"
        CHANGED = "changed", "内容与摘要不符"

    sha256 = models.CharField(max_length=64, unique=True)
    fault = models.CharField(max_length=8, choices=Fault.choices)
    found_at = models.DateTimeField()
    mended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.sha256}：{self.get_fault_display()}"


class Audit(models.Model):
    """How far the daily look at every stored file has come: one row, so that any worker goes on where another ended."""

    ONLY = 1

    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    last_document = models.PositiveBigIntegerField(default=0, help_text="key of the last row looked at")
    looked_at = models.PositiveBigIntegerField(default=0, help_text="files in this round")

    def __str__(self) -> str:
        return f"{self.looked_at} since {self.begun_at}"
