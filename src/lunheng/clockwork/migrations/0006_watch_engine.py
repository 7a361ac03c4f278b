from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.ledger import touching


def watch(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    touching.watch(schema_editor.connection)


class Migration(migrations.Migration):
    # New tables are watched like all others, and one that was remade is watched again.
    dependencies = (
        ("clockwork", "0005_watch_named"),
        ("documents", "0002_shown_sha256"),
        ("pools", "0004_engine"),
        ("procedures", "0002_engine"),
    )
    operations = (migrations.RunPython(watch, migrations.RunPython.noop),)
