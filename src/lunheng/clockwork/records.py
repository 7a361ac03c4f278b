"""What the records of members open by themselves: looked at every minute, begun by an act, decided by nobody here."""

from datetime import datetime

from lunheng.cases.acts import REGISTRY, AlreadyDone
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.pools.models import Pool
from lunheng.pools.queries import counted_records, files_to_watch, law_of


def watch(at: datetime) -> int:
    """Begin every matter that the records ask for now; returns how many."""
    begun = 0
    for pool in Pool.objects.order_by("pk"):
        law = law_of(pool, at.astimezone(CHINA).date())
        for key, rule in law.pack.procedures.items() if law else ():
            if rule.when is None:
                continue
            for file in files_to_watch(pool, rule):
                if counted_records(file, key, rule):
                    begun += _begin(pool, key, file.pk, at)
    return begun


def _begin(pool: Pool, procedure: str, file_id: int, at: datetime) -> int:
    try:
        REGISTRY["pools.open_by_records"].perform(
            pool_id=pool.pk, procedure=procedure, file_id=file_id, actor=Actor.system(), at=at
        )
    except AlreadyDone:
        return 0
    return 1
