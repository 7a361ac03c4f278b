from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.ledger import touching


def watch(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    touching.watch(schema_editor.connection)


class Migration(migrations.Migration):
    # SQLite remakes a table whose column changes, and its triggers go with the old one.
    dependencies = (("clockwork", "0008_watch_years"), ("experts", "0009_ground"))
    operations = (migrations.RunPython(watch, migrations.RunPython.noop),)
