"""The bar from a pool, and who serves found by index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("pools", "0002_standing"),)
    operations = (
        migrations.AddField(
            "membership",
            "barred_from",
            models.DateField(help_text="first day of a bar from the pool", null=True),
        ),
        migrations.AddField(
            "membership",
            "barred_until",
            models.DateField(help_text="last day of the bar; none when it is for life", null=True),
        ),
        migrations.AddIndex("membership", models.Index(fields=["pool", "state"], name="members_of_a_pool")),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(
                condition=models.Q(("barred_until__isnull", True))
                | models.Q(("barred_until__gte", models.F("barred_from"))),
                name="bar_has_its_first_day_before_its_last",
            ),
        ),
    )
