"""The triggers again on the tables that the carried standing made anew (SQLite drops them with the old table)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.ledger import touching


def watch(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    touching.watch(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = (("clockwork", "0001_watch"), ("experts", "0004_one_standing"), ("pools", "0003_bar"))
    operations = (migrations.RunPython(watch, migrations.RunPython.noop),)
