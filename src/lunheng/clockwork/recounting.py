"""Time limits that wait for a calendar: counted again as soon as it says something else, each by an act of its own."""

from datetime import datetime

import structlog

from lunheng.cases.acts import REGISTRY, AlreadyDone
from lunheng.cases.queries import provisional_deadlines
from lunheng.core.actor import Actor
from lunheng.pools.queries import counted_again, is_news

log = structlog.get_logger(__name__)
ACT = "pools.recount_deadline"


def recount(at: datetime) -> int:
    """Count again what may have changed; returns how many limits were entered anew."""
    done = 0
    for deadline in provisional_deadlines():
        try:
            limit = counted_again(deadline, deadline.case)
            if limit is None or not is_news(deadline, limit, at):
                continue
            actor = Actor.system(because=str(deadline.opened_by or ""))
            REGISTRY[ACT].perform(deadline_id=deadline.pk, actor=actor, at=at)
            done += 1
        except AlreadyDone:
            continue
        except Exception:  # one row must not stop the others
            log.exception("recount failed", deadline=deadline.pk)
    return done
