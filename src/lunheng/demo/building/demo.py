"""The whole demo, from the mark to the last act."""

from datetime import datetime, timedelta

from lunheng.demo.building.world import make_world
from lunheng.demo.models import Mark

AGE = timedelta(days=540)
"""How long ago the pools were set up."""


def fill(now: datetime, *, experts: int = 2000) -> None:
    """Fill an empty, migrated database with the demo as it stands at ``now``."""
    mark = Mark.objects.create(built_at=now)
    make_world(now - AGE, experts=experts)
    mark.finished_at = now
    mark.save(update_fields=("finished_at",))
