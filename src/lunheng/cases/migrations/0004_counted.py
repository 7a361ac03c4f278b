"""A deadline knows from what it was counted, and whether its people were told that a provisional one has come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0003_readers"),)
    operations = (
        migrations.AddField(
            "deadline",
            "counted",
            models.JSONField(
                help_text="from what it was counted, so that it can be counted again", null=True
            ),
        ),
        migrations.AddField(
            "deadline",
            "reminded_at",
            models.DateTimeField(help_text="told that a provisional limit has come", null=True),
        ),
    )
