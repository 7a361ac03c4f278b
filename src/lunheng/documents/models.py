"""Files by digest, never overwritten."""

from django.db import models


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
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.OTHER)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="documents")
    is_secret = models.BooleanField(default=False, help_text="opens only after the confidentiality commitment")
    is_generated = models.BooleanField(default=False)
    uploaded_by = models.CharField(max_length=64)
    uploaded_organization = models.CharField(max_length=18, blank=True)
    uploaded_at = models.DateTimeField()
    bound_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=models.Q(size__gt=0), name="document_is_not_empty"),
            models.CheckConstraint(
                condition=models.Q(bound_at__isnull=True) | models.Q(case__isnull=False), name="bound_document_has_a_case"
            ),
        )

    def __str__(self) -> str:
        return self.name
