"""Make the stored site of a release: ``python -m tests.upgrade.keeping``, run with that release's source on the path.

The demo's two storied cities on small pools, with reviews in most of the states. It fills the database of
``LUNHENG_DATABASE``, a SQLite file; ``xz -9e`` of it is stored under ``tests/vectors/databases``, and beside it what the
release itself answers (``tests.upgrade.answers``).
"""

import sys
from unittest import mock

from tests.harness import environment
from tests.upgrade.answers import NOW

EXPERTS = 700
TOLD = (
    "approving", "asked", "preparing", "meeting", "reporting", "uploading_late", "revising", "rechecking", "reapproving",
    "passed", "superseded",
)  # fmt: skip


def main() -> int:
    """Migrate and fill."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from lunheng.demo.building import demo, divisions, stories, world

    call_command("migrate", verbosity=0)
    cities = [city for city in divisions.cities() if city.key in world.STORIED]
    told = tuple(tell for tell in stories._OF_BOTH if tell.__name__ in TOLD)
    with (
        mock.patch.object(world, "cities", return_value=cities),
        mock.patch.object(stories, "_OF_BOTH", told),
    ):
        demo.fill(NOW, experts=EXPERTS)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")
        cursor.execute("VACUUM")
    return 0


if __name__ == "__main__":
    assert environment.scratch
    sys.exit(main())
