from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.ledger import touching


def watch(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    touching.watch(schema_editor.connection)


class Migration(migrations.Migration):
    # SQLite remakes a table that gets a column, and its triggers go with the old one.
    dependencies = (
        ("clockwork", "0006_watch_engine"),
        ("documents", "0003_audit"),
        ("experts", "0008_qualification"),
        ("panels", "0003_further_grounds"),
    )
    operations = (migrations.RunPython(watch, migrations.RunPython.noop),)
