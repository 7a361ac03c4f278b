"""Telephone numbers that came in by the interface get the one spelling to which messages go."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.core.identity import Unfit, mobile_number


def respell(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    experts = apps.get_model("experts", "Expert").objects
    for expert in experts.order_by("pk").iterator(chunk_size=500):
        try:
            phone = mobile_number(expert.phone)
        except Unfit:
            continue
        if phone != expert.phone:
            expert.phone = phone
            expert.save(update_fields=("phone",))


class Migration(migrations.Migration):
    dependencies = (("experts", "0004_one_standing"),)
    operations = (migrations.RunPython(respell, migrations.RunPython.noop),)
