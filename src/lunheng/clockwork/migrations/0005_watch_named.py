from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.ledger import touching


def watch(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    touching.watch(schema_editor.connection)


class Migration(migrations.Migration):
    # SQLite remakes a table that gets a column, and its triggers go with the old one.
    dependencies = (
        ("clockwork", "0004_watch_remade"),
        ("accounts", "0003_usual_phones"),
        ("experts", "0007_fill_name_key"),
        ("organizations", "0003_fill_name_key"),
    )
    operations = (migrations.RunPython(watch, migrations.RunPython.noop),)
