"""The duties: compare once a night, keep what it found for whoever looks, and enter once an hour what only grows."""

from datetime import datetime

import structlog
from django.db import transaction
from django_tasks import task

from lunheng.clockwork.reconcile.comparison import differences
from lunheng.clockwork.reconcile.difference import Difference
from lunheng.clockwork.reconcile.snapshot import snapshot
from lunheng.jobs import clock
from lunheng.ledger import erasing, registers
from lunheng.ledger.models import Finding, Touched

log = structlog.get_logger(__name__)
LIMIT = 1_000
"""Findings that are kept; who has more has lost the database, not some cells."""


def call_reconcile(at: datetime) -> int:
    """The nightly duty: put the comparison into the queue, where it may take its time."""
    reconcile.enqueue()
    return 0


def call_keep(at: datetime) -> int:
    """The hourly duty: enter who looked, what was refused, and the log's own checkpoints."""
    registers.keep(at)
    return 0


@task()
def reconcile() -> None:
    """Compare, tell each difference, and keep them for the screens; where there is none, erasing goes on."""
    if not compare(clock.now()):
        erasing.catch_up()


def compare(at: datetime) -> list[Difference]:
    """Compare now, as of one moment; the list that screens and ``ledger status`` show is written anew."""
    with snapshot():
        found = list(differences())
    for difference in found:
        log.error("table and ledger differ", difference=str(difference))
    with transaction.atomic():
        Finding.objects.all().delete()
        Finding.objects.bulk_create(
            Finding(
                table_name=one.table, key=one.row[:64], field=one.field, reason=one.reason[:300], found_at=at
            )
            for one in found[:LIMIT]
        )
        # Notes of writes outside acts stay while they are all that tells of the write.
        if not found:
            Touched.objects.all().delete()
    return found


def findings() -> list[Finding]:
    """What the last comparison found."""
    return list(Finding.objects.all())
