"""Telephone numbers that came in by the interface get the one spelling by which people log in."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from lunheng.core.identity import Unfit, mobile_number


def respell(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    accounts = apps.get_model("accounts", "Account").objects
    taken = set(accounts.exclude(phone=None).values_list("phone", flat=True))
    for account in accounts.exclude(phone=None).order_by("pk").iterator(chunk_size=500):
        try:
            phone = mobile_number(account.phone)
        except Unfit:
            continue
        if phone not in taken:
            taken.add(phone)
            account.phone = phone
            account.save(update_fields=("phone",))


class Migration(migrations.Migration):
    dependencies = (("accounts", "0002_office"),)
    operations = (migrations.RunPython(respell, migrations.RunPython.noop),)
