"""The ground of an interest is as long as every other reason."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.ledger import touching


def unwatch(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    touching.unwatch(schema_editor.connection, "experts_interest")


class Migration(migrations.Migration):
    dependencies = (("experts", "0008_qualification"), ("ledger", "0004_rows"))
    operations = (
        # PostgreSQL changes no column that a trigger names; clockwork's next migration puts the triggers back.
        migrations.RunPython(unwatch, migrations.RunPython.noop),
        migrations.AlterField("interest", "ground", models.CharField(max_length=300)),
    )
