"""Rows that were there before get their key, however their name was typed."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.core.identity import folded


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    experts = apps.get_model("experts", "Expert").objects
    for expert in experts.order_by("pk").iterator(chunk_size=500):
        expert.name_key = folded(expert.name)
        expert.save(update_fields=("name_key",))


class Migration(migrations.Migration):
    dependencies = (("experts", "0006_name_key"),)
    operations = (migrations.RunPython(fill, migrations.RunPython.noop),)
