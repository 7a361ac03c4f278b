"""Units by unified social credit code, and who controls or directs whom."""

from django.db import models

from lunheng.organizations.keys import KeyOf


class Organization(models.Model):
    """A legal person."""

    code = models.CharField(max_length=18, unique=True, help_text="统一社会信用代码")
    name = models.CharField(max_length=120)
    name_key = KeyOf(of="name", help_text="by which the name is found")
    kind = models.CharField(max_length=24, blank=True)
    division = models.ForeignKey("jurisdictions.Division", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Control(models.Model):
    """One unit stands above another: by ownership (控股), by administration (主管、隶属), or by interest."""

    class Kind(models.TextChoices):
        OWNERSHIP = "ownership", "控股"
        ADMINISTRATION = "administration", "主管（隶属）"
        INTEREST = "interest", "利害关系"

    superior = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="controls_below")
    subordinate = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="controls_above")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    source = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("superior", "subordinate", "kind"), name="one_relation_of_a_kind"
            ),
            models.CheckConstraint(
                condition=~models.Q(superior=models.F("subordinate")), name="nobody_controls_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.superior} → {self.subordinate}"
