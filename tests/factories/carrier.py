"""The carrier of the tests: takes what waits, and reports what became of it."""

from datetime import datetime

from lunheng.cases.acts import REGISTRY
from lunheng.core.actor import Actor
from lunheng.messaging.models import Message


def waiting(at: datetime) -> list[Message]:
    """Short messages whose hour has come."""
    return list(Message.objects.filter(channel="sms", state="waiting", send_after__lte=at).order_by("id"))


def report(message: Message, at: datetime, state: str = "delivered", fault: str = "") -> None:
    """The carrier's report on one message."""
    Message.objects.filter(pk=message.pk, state="waiting").update(state="sent", sent_at=at)
    REGISTRY["messaging.report_delivery"].perform(
        message_id=message.pk, state=state, fault=fault, actor=Actor.system(), at=at
    )


def deliver_all(at: datetime) -> None:
    """Everything that waits arrives at this moment."""
    for message in waiting(at):
        report(message, at)
