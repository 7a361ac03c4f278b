from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.ledger import touching


def watch(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    touching.watch(schema_editor.connection)


class Migration(migrations.Migration):
    # Every app whose tables are covered: the triggers need the tables as they are at last.
    dependencies = (
        ("accounts", "0001_initial"),
        ("cases", "0001_initial"),
        ("demo", "0001_initial"),
        ("documents", "0001_initial"),
        ("experts", "0001_initial"),
        ("jobs", "0001_initial"),
        ("jurisdictions", "0001_initial"),
        ("ledger", "0004_rows"),
        ("meetings", "0001_initial"),
        ("messaging", "0001_initial"),
        ("organizations", "0001_initial"),
        ("panels", "0001_initial"),
        ("plans", "0001_initial"),
        ("pools", "0001_initial"),
        ("reports", "0001_initial"),
        ("works", "0001_initial"),
    )
    operations = (migrations.RunPython(watch, migrations.RunPython.noop),)
