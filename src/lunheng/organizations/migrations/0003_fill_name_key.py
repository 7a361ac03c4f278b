"""Rows that were there before get their key, however their name was typed."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.core.identity import folded


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for unit in (
        apps.get_model("organizations", "Organization").objects.order_by("pk").iterator(chunk_size=500)
    ):
        unit.name_key = folded(unit.name)
        unit.save(update_fields=("name_key",))


class Migration(migrations.Migration):
    dependencies = (("organizations", "0002_name_key"),)
    operations = (migrations.RunPython(fill, migrations.RunPython.noop),)
