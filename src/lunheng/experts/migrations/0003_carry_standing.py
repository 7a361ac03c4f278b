"""State and term of every expert are carried over: draws read the expert's row until now, so it decides."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def carry(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    memberships = apps.get_model("pools", "Membership").objects
    for expert in (
        apps.get_model("experts", "Expert").objects.filter(membership=None).iterator(chunk_size=500)
    ):
        facts = {"state": expert.state, "appointed_on": expert.appointed_on, "ends_on": expert.ends_on}
        found, is_new = memberships.get_or_create(
            pool_id=expert.pool_id, file_id=expert.file_id, defaults=facts
        )
        if not is_new and any(getattr(found, name) != value for name, value in facts.items()):
            memberships.filter(pk=found.pk).update(**facts)
        expert.membership = found
        expert.save(update_fields=("membership",))


class Migration(migrations.Migration):
    dependencies = (("experts", "0002_membership"),)
    operations = (migrations.RunPython(carry, migrations.RunPython.noop),)
