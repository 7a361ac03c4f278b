"""The second place of state and term is gone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("experts", "0003_carry_standing"),)
    operations = (
        migrations.AlterField(
            "expert",
            "membership",
            models.OneToOneField(
                help_text="the standing in the pool: state, term, bar",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="expert",
                to="pools.membership",
            ),
        ),
        migrations.RemoveIndex("expert", "experts_of_a_pool"),
        migrations.RemoveField("expert", "state"),
        migrations.RemoveField("expert", "appointed_on"),
        migrations.RemoveField("expert", "ends_on"),
    )
