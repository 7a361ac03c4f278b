"""Administrative divisions, and the policy packs kept by digest with their bytes."""

from django.db import models


class Division(models.Model):
    """One 行政区划 with its GB/T 2260 code, or a unit of an authority's own (兵团, a development zone) with the code
    that the authority gave it. Where it lies is said by its parent alone."""

    class Level(models.TextChoices):
        NATION = "nation", "国家"
        REGION = "region", "省、自治区、直辖市"
        PREFECTURE = "prefecture", "地级市、自治州、地区"
        COUNTY = "county", "区、县、县级市"

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=64)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    neighbours = models.ManyToManyField("self", symmetrical=True)
    region = models.CharField(max_length=16, blank=True, help_text="regional layer of the calendar")
    level = models.CharField(
        max_length=12,
        choices=Level.choices,
        null=True,
        blank=True,
        help_text="null where the division was recorded before levels were",
    )

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class PackRecord(models.Model):
    """A resolved policy pack exactly as it was when it was loaded. Never changed."""

    digest = models.CharField(max_length=64, primary_key=True)
    pack_id = models.CharField(max_length=64)
    version = models.CharField(max_length=32)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=16)
    effective_from = models.DateField(null=True)
    effective_to = models.DateField(null=True)
    content = models.BinaryField()
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ("pack_id", "effective_from", "loaded_at")

    def __str__(self) -> str:
        return f"{self.pack_id} {self.version}"


class RegionalYear(models.Model):
    """A year of which an authority has said that nothing is missing for its region: no day of it is in doubt any more."""

    region = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    notice = models.CharField(max_length=200, help_text="on what it rests")
    declared_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("region", "year"), name="one_word_on_a_year_in_a_region"),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.year}"


class RegionalHoliday(models.Model):
    """A day off or a make-up working day that a bureau entered for its region."""

    region = models.CharField(max_length=16)
    day = models.DateField()
    is_working_day = models.BooleanField()
    notice = models.CharField(max_length=200, help_text="the regional notice that grants it")
    entered_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("region", "day"), name="one_word_on_a_day_in_a_region"),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.day}"
