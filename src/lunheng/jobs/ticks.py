"""One winner per tick among any number of workers, on both databases."""

from datetime import datetime, timedelta

from lunheng.jobs.models import Tick


def claim(name: str, *, every: timedelta, at: datetime) -> bool:
    """Whether this worker is the one to do the duty ``name`` due at ``at``."""
    Tick.objects.get_or_create(name=name, defaults={"due_at": at})
    return Tick.objects.filter(name=name, due_at__lte=at).update(due_at=at + every) == 1
