"""An authority says of a year that nothing is missing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("jurisdictions", "0002_level"),)
    operations = (
        migrations.CreateModel(
            name="RegionalYear",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.CharField(max_length=16)),
                ("year", models.PositiveSmallIntegerField()),
                ("notice", models.CharField(help_text="on what it rests", max_length=200)),
                ("declared_at", models.DateTimeField()),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(fields=("region", "year"), name="one_word_on_a_year_in_a_region"),
                ),
            },
        ),
    )
