"""Projects, their parties, and their hazardous works."""

from django.db import models

from lunheng.core.actor import Role


class Project(models.Model):
    """工程."""

    class Kind(models.TextChoices):
        HOUSING = "housing", "房屋建筑工程"
        MUNICIPAL = "municipal", "市政公用工程"
        RAIL = "rail", "轨道交通工程"

    file = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="project")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    division = models.ForeignKey("jurisdictions.Division", on_delete=models.PROTECT, related_name="+")
    district = models.ForeignKey(
        "jurisdictions.Division", on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_city_run = models.BooleanField(default=False)
    address = models.CharField(max_length=200)
    permit_number = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)

    @property
    def place_id(self) -> str:
        """Where the project lies, as narrowly as is known."""
        return self.district_id or self.division_id

    def __str__(self) -> str:
        return self.name


class ProjectParty(models.Model):
    """参建单位."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="parties")
    organization = models.ForeignKey("organizations.Organization", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, choices=[(role.value, role.label) for role in Role])
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("project", "organization", "role"),
                condition=models.Q(left_at__isnull=True),
                name="one_party_once_in_a_project",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization} ({self.get_role_display()})"


class HazardousWork(models.Model):
    """危险性较大的分部分项工程, graded with the clause."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="works")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=24, help_text="key of a kind of works of the national pack")
    parameters = models.JSONField(default=dict)
    is_hazardous = models.BooleanField()
    is_over_scale = models.BooleanField()
    hits = models.JSONField(default=list, help_text="[{row, clause, text}]")
    risk_level = models.CharField(max_length=16)
    judgement = models.TextField(
        blank=True, help_text="a person's recorded decision where the rule needs one"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_over_scale=False) | models.Q(is_hazardous=True),
                name="over_scale_is_hazardous",
            ),
        )

    def __str__(self) -> str:
        return self.name
