from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.ledger import touching


def watch(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    touching.watch(schema_editor.connection)


class Migration(migrations.Migration):
    # SQLite remakes a table whose column changes, and its triggers go with the old one.
    dependencies = (
        ("clockwork", "0003_watch_proceedings"),
        ("accounts", "0002_office"),
        ("cases", "0003_readers"),
        ("experts", "0004_one_standing"),
        ("jurisdictions", "0002_level"),
        ("pools", "0003_bar"),
        ("reports", "0002_a_report_of_the_organizer"),
        ("works", "0002_office"),
    )
    operations = (migrations.RunPython(watch, migrations.RunPython.noop),)
