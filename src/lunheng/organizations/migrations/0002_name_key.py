"""Units are found by the folded key of their name."""

from django.db import migrations

import lunheng.organizations.keys


class Migration(migrations.Migration):
    dependencies = (("organizations", "0001_initial"),)
    operations = (
        migrations.AddField(
            "organization",
            "name_key",
            lunheng.organizations.keys.KeyOf(
                default="", editable=False, help_text="by which the name is found", max_length=200, of="name"
            ),
        ),
    )
