"""A report may be compiled by the organizing body, where the rule has it so: then no member compiled it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("panels", "0001_initial"),
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="compiled_by",
            field=models.ForeignKey(
                help_text="no member: the organizer",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="panels.member",
            ),
        ),
    ]
