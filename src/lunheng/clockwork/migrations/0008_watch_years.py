from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.ledger import touching


def watch(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    touching.watch(schema_editor.connection)


class Migration(migrations.Migration):
    # A new table is watched like all others; tables that got a column are watched anew.
    dependencies = (
        ("clockwork", "0007_watch_qualified"),
        ("cases", "0005_count_provisional"),
        ("documents", "0002_shown_sha256"),
        ("jurisdictions", "0003_years"),
    )
    operations = (migrations.RunPython(watch, migrations.RunPython.noop),)
