"""Side work over DEP 14 (``django_tasks``): in one transaction, tried again with growing pauses, given back when its
worker died. A job may run twice and must do no harm then."""

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from lunheng.jobs import clock

ATTEMPTS = 5
LEASE = timedelta(minutes=15)
"""A job that has run so long lost its worker."""


def job(
    *, attempts: int = ATTEMPTS, pause: timedelta = timedelta(seconds=2)
) -> Callable[[Callable[..., Any]], Any]:
    """Make a module-level function a job: ``f.enqueue(...)`` inside or outside a transaction.

    A failure enqueues the next attempt after ``pause`` times two, four, eight …; every attempt keeps its own row.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        @functools.wraps(function)
        def attempt(*args: Any, attempt_number: int = 1, **kwargs: Any) -> Any:
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except Exception:
                if attempt_number < attempts:
                    later = made.using(run_after=clock.now() + pause * 2**attempt_number)
                    later.enqueue(*args, **{**kwargs, "attempt_number": attempt_number + 1})
                raise

        made: Any = task()(attempt)
        return made

    return decorate


def reap(at: datetime) -> int:
    """Give back the jobs whose worker died in the middle."""
    lost = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=at - LEASE)
    return lost.update(status="READY", started_at=None)
