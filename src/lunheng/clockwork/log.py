"""The duties of the log: number what was entered, have it signed, have it cosigned. No act ever waits for them."""

from datetime import datetime

import structlog
from django.conf import settings
from django_tasks import task

from lunheng.core.ledger.quorum import Party
from lunheng.jobs import clock
from lunheng.ledger import log as tree
from lunheng.ledger import publisher, trees
from lunheng.ledger.models import Checkpoint

log = structlog.get_logger(__name__)


def publish(at: datetime) -> int:
    """Have the log signed when it has grown; a signer that is away is asked again at the next tick."""
    if not settings.LEDGER_SIGNER:
        return 0
    try:
        return sum(publisher.publish(at, publisher.ask_signer, one) is not None for one in trees.in_use())
    except OSError as error:
        log.warning("signer away", error=str(error))
        return 0


def call_witnesses(at: datetime) -> int:
    """Put the asking of witnesses into the queue: they may be slow, and a duty must not be."""
    newest = [tree.published(one) for one in trees.in_use()] if settings.LEDGER_SIGNER else []
    for checkpoint in newest:
        if checkpoint is not None and _missing(checkpoint):
            ask_witnesses.enqueue(checkpoint_id=checkpoint.pk)
    return 0


@task()
def ask_witnesses(*, checkpoint_id: int) -> None:
    """Ask each witness that has not cosigned yet, outside any transaction; one that is away stops no other."""
    checkpoint = Checkpoint.objects.get(pk=checkpoint_id)
    for party in _missing(checkpoint):
        try:
            publisher.cosign(clock.now(), checkpoint, party, publisher.asking(party))
        except (OSError, ValueError, publisher.NotSigned) as error:
            log.warning("witness has not cosigned", witness=party.key.name, error=str(error))


def _missing(checkpoint: Checkpoint) -> list[Party]:
    done = {one.witness for one in checkpoint.cosignatures.all()}
    witnesses = publisher.policy().witnesses.values()
    return [party for party in witnesses if party.address and party.key.name not in done]
