"""What is on file of an expert's title and years; of members who were there before, their admission judged it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("experts", "0007_fill_name_key"),)
    operations = (
        migrations.AddField(
            "expert",
            "has_senior_title",
            models.BooleanField(
                null=True,
                help_text="as the evidence on file has it; none: judged when the expert was admitted",
            ),
        ),
        migrations.AddField(
            "expert",
            "practicing_since",
            models.DateField(null=True, help_text="from when the years in the specialty count"),
        ),
        migrations.AddField(
            "expert",
            "has_rich_experience",
            models.BooleanField(default=False, help_text="the proof was accepted"),
        ),
    )
