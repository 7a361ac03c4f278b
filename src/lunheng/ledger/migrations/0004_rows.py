import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.ledger import triggers


def guard(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    triggers.create(schema_editor.connection)
    if schema_editor.connection.vendor == "postgresql":
        # Written and taken in one transaction: nothing in it is worth a place in the write-ahead log.
        schema_editor.execute("ALTER TABLE ledger_touched SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_log")]

    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("xact", models.BigIntegerField(db_index=True)),
                ("table_name", models.CharField(max_length=63)),
                ("key", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table_name", models.CharField(max_length=63)),
                ("key", models.CharField(max_length=64)),
                ("field", models.CharField(max_length=120)),
                ("reason", models.CharField(max_length=300)),
                ("found_at", models.DateTimeField()),
            ],
            options={"ordering": ("id",)},
        ),
        migrations.CreateModel(
            name="RowState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.PositiveIntegerField(help_text="within the entry, from zero")),
                ("table_name", models.CharField(max_length=63)),
                ("key", models.CharField(max_length=64)),
                ("salt", models.BinaryField(max_length=16, null=True)),
                (
                    "digests",
                    models.TextField(help_text="JSON by column; none when the row was deleted", null=True),
                ),
                (
                    "seal",
                    models.CharField(
                        help_text="hash of the line; the entry's body hashes all seals", max_length=64
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="ledger.entry"
                    ),
                ),
            ],
            options={
                "ordering": ("entry", "place"),
                "indexes": [models.Index(fields=["table_name", "key"], name="rowstates_by_row")],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "place"), name="row_has_one_place_in_its_entry"),
                    models.CheckConstraint(
                        condition=models.Q(salt__isnull=False) | models.Q(digests__isnull=True),
                        name="rowstate_is_whole_or_erased",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
