"""Reads of messages."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from lunheng.accounts.models import Account
from lunheng.ledger.models import RowState
from lunheng.messaging.carriers import DeliveryReport
from lunheng.messaging.models import Message
from lunheng.messaging.texts import ACCOUNT_CODE


def letters_of(account: Account) -> QuerySet[Message]:
    """Everything that was said to the account, newest first; a code to log in is no letter."""
    found = Message.objects.filter(account=account).exclude(template=ACCOUNT_CODE.key)
    return found.select_related("case").order_by("-id")


def entries_of(messages: Iterable[Message]) -> dict[int, UUID]:
    """The entry of the act that wrote each message, by message: the notice's receipt (one query)."""
    keys = [str(message.pk) for message in messages]
    table = Message._meta.db_table
    made = RowState.objects.filter(table_name=table, key__in=keys).order_by("-entry_id")
    return {int(key): entry for key, entry in made.values_list("key", "entry_id")}


def unread_count(account: Account) -> int:
    """Letters that the account has not opened."""
    return letters_of(account).filter(read_at__isnull=True).exclude(state=Message.State.STOPPED).count()


def reported_message(report: DeliveryReport) -> Message | None:
    """The message of which a carrier speaks."""
    by_key = Q(key=report.key) if report.key else Q(pk__isnull=True)
    return Message.objects.filter(Q(carrier_reference=report.reference) | by_key).order_by("id").first()


def simulated_messages() -> QuerySet[Message]:
    """What the simulator holds, newest first."""
    return (
        Message.objects.filter(channel=Message.Channel.SMS).select_related("case", "account").order_by("-id")
    )
