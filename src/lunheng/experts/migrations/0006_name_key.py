"""Experts are found by the folded key of their name."""

from django.db import migrations

import lunheng.organizations.keys


class Migration(migrations.Migration):
    dependencies = (("experts", "0005_usual_phones"),)
    operations = (
        migrations.AddField(
            "expert",
            "name_key",
            lunheng.organizations.keys.KeyOf(
                default="", editable=False, help_text="by which the name is found", max_length=200, of="name"
            ),
        ),
    )
