"""The membership is the one place of a member's standing: the words that everybody uses, and the bar."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def say_removed(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("pools", "Membership").objects.filter(state="ended").update(state="removed")


class Migration(migrations.Migration):
    dependencies = (("pools", "0001_initial"),)
    operations = (
        migrations.AlterField(
            "membership",
            "state",
            models.CharField(
                choices=[("active", "在库"), ("suspended", "暂停"), ("removed", "已移出")],
                default="active",
                max_length=12,
            ),
        ),
        migrations.RunPython(say_removed, migrations.RunPython.noop),
    )
