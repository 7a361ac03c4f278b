"""The sweep: what fell due is answered by the act of its name, once, whoever sweeps.

1. One indexed query finds what is due and open.
2. Each row is answered by its own act, in the act's own transaction, which locks the case and looks again.
3. A failure of one row is noted on the row and tried again later; it never stops the others.
4. Lateness is judged by ``due_at``: an act performed late is still an act of that moment.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from lunheng.cases.acts import AlreadyDone, injected
from lunheng.cases.answering import answer_to
from lunheng.cases.models import Deadline
from lunheng.cases.queries import fallen_due
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused

log = structlog.get_logger(__name__)

PAUSE = 0.02
"""Seconds between two acts: without it the writers of SQLite starve the readers."""
LONGEST_BACK_OFF = timedelta(hours=1)
ALARM_AFTER = 5


def sweep(at: datetime, *, limit: int = 100, pause: Callable[[float], None] = time.sleep) -> int:
    """Answer what is due at ``at``; returns how many deadlines were answered."""
    answered = 0
    for index, deadline in enumerate(list(fallen_due(at, limit=limit))):
        if index:
            pause(PAUSE)
        answered += answer(deadline, at)
    return answered


def answer(deadline: Deadline, at: datetime) -> bool:
    """Perform the act that answers one deadline; False when it has to wait or somebody else was quicker."""
    actor = Actor.system(because=str(deadline.opened_by or ""))
    try:
        spec = answer_to(deadline.name)
        spec.perform(deadline_id=deadline.pk, **injected(spec), actor=actor, at=deadline.due_at)
    except AlreadyDone:
        return False
    except Refused as refusal:
        put_off(deadline, at, str(refusal.verdict.reasons[0]))
        return False
    except Exception as error:  # one row must not stop the others
        log.exception("deadline failed", deadline=deadline.pk, name=deadline.name)
        put_off(deadline, at, f"{type(error).__name__}: {error}")
        return False
    return True


def put_off(deadline: Deadline, at: datetime, fault: str) -> None:
    """Note the failure on the row and try again later, twice as late each time."""
    wait = min(timedelta(seconds=2 ** min(deadline.attempts + 1, 12)), LONGEST_BACK_OFF)
    Deadline.objects.filter(pk=deadline.pk).update(
        attempts=deadline.attempts + 1, retry_at=at + wait, fault=fault[:2000]
    )


def alarms() -> int:
    """Deadlines that failed again and again and need a person."""
    return Deadline.objects.filter(
        met_at__isnull=True, performed_at__isnull=True, attempts__gte=ALARM_AFTER
    ).count()


def drain(at: datetime) -> int:
    """Sweep until nothing is due (tests, and the demo after it moved its clock)."""
    total = 0
    while answered := sweep(at, pause=lambda _: None):
        total += answered
    return total
