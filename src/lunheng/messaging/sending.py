"""The sending job: claims what is due, hands it to the carrier, and tries again what the carrier did not take.

At least once: a worker that dies between the carrier's answer and our row sends again, under the same key.
"""

import uuid
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from lunheng.cases.acts import AlreadyDone
from lunheng.core.actor import Actor
from lunheng.messaging.actions import report_delivery
from lunheng.messaging.carriers import Carrier, CarrierFault, carrier
from lunheng.messaging.models import Message
from lunheng.messaging.texts import ACCOUNT_CODE, write_text

log = structlog.get_logger(__name__)

ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=30)
LEASE = timedelta(minutes=5)
"""A message that was claimed so long ago lost its worker."""
BATCH = 50
State = Message.State


def send_due(at: datetime) -> int:
    """Send what is due at ``at``; returns how many messages were taken up."""
    release_lost(at)
    backend = carrier()
    taken = 0
    while taken < BATCH:
        message = claim(at)
        if message is None:
            break
        send(message, backend, at)
        taken += 1
    return taken


def claim(at: datetime) -> Message | None:
    """Take the next due message for this worker alone: locked rows are skipped, and the change of state decides."""
    with transaction.atomic():
        due = Message.objects.filter(state=State.WAITING, send_after__lte=at).order_by("send_after", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        message = due.first()
        if message is None:
            return None
        won = Message.objects.filter(pk=message.pk, state=State.WAITING).update(
            state=State.SENDING,
            attempts=F("attempts") + 1,
            claimed_at=at,
            first_sent_at=Coalesce("first_sent_at", at),
        )
        message.refresh_from_db()
        return message if won else None


def release_lost(at: datetime) -> int:
    """Give back what a worker claimed and never answered for."""
    lost = Message.objects.filter(state=State.SENDING, claimed_at__lt=at - LEASE)
    return lost.update(state=State.WAITING, send_after=at)


def send(message: Message, backend: Carrier, at: datetime) -> None:
    """Hand one claimed message to the carrier, outside any transaction."""
    try:
        answer = backend.send(message)
    except CarrierFault as fault:
        put_off(message, fault, at)
        return
    except Exception as error:  # one message must not stop the others
        log.exception("message failed", message=message.pk)
        put_off(message, CarrierFault(f"{type(error).__name__}: {error}", is_permanent=False), at)
        return
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.SENT, sent_at=at, carrier_reference=answer.reference[:64], fault=""
    )
    if answer.delivered is not None:
        report(
            message, is_delivered=answer.delivered, fault="" if answer.delivered else "号码无法接收", at=at
        )


def put_off(message: Message, fault: CarrierFault, at: datetime) -> None:
    """Wait twice as long each time; a permanent fault, or the last attempt, ends as failed."""
    if fault.is_permanent or message.attempts >= ATTEMPTS:
        report(message, is_delivered=False, fault=fault.fault, at=at)
        return
    wait = min(FIRST_WAIT * 2 ** (message.attempts - 1), LONGEST_WAIT)
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(
        state=State.WAITING, send_after=at + wait, fault=fault.fault[:200]
    )


def report(message: Message, *, is_delivered: bool, fault: str, at: datetime) -> bool:
    """Enter the outcome: an act in the message's case, or the row alone where there is no case. False when an
    outcome was known already."""
    state = State.DELIVERED if is_delivered else State.FAILED
    try:
        if message.case_id is None:
            _settle_alone(message, state, fault, at)
        else:
            report_delivery(message_id=message.pk, state=state, fault=fault, actor=Actor.system(), at=at)
    except AlreadyDone:
        return False
    return True


def _settle_alone(message: Message, state: str, fault: str, at: datetime) -> None:
    with transaction.atomic():
        Message.objects.select_for_update().get(pk=message.pk).settle(state, fault=fault, at=at)


class OutboxCodes:
    """Carries the codes of password resets as short messages of their own: no act, no case."""

    def send_code(self, *, phone: str, code: str, is_known: bool, at: datetime) -> None:
        """Put the code into the outbox; for a number that nobody has, a row of the same cost that never leaves."""
        Message.objects.create(
            key=f"code:{uuid.uuid4().hex}",
            channel=Message.Channel.SMS,
            phone=phone if is_known else "",
            template=ACCOUNT_CODE.key,
            context={},
            text=write_text(ACCOUNT_CODE.key, {"code": code if is_known else "------"}),
            state=Message.State.WAITING if is_known else Message.State.STOPPED,
            send_after=at,
            created_at=at,
        )
