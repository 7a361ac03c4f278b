"""Every expert points at the membership that tells how he stands in the pool."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("experts", "0001_initial"), ("pools", "0003_bar"))
    operations = (
        migrations.AddField(
            "expert",
            "membership",
            models.OneToOneField(
                help_text="the standing in the pool: state, term, bar",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="expert",
                to="pools.membership",
            ),
        ),
    )
