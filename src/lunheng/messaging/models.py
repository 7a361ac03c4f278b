"""The outbox: what was to be said to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from lunheng.cases import running
from lunheng.cases.acts import AlreadyDone
from lunheng.core.policy.rules.confirmations import SendWindow
from lunheng.messaging.texts import MessageKind, fields_of, link_words, write_text

if TYPE_CHECKING:
    from lunheng.accounts.models import Account
    from lunheng.cases.models import Case


class Message(models.Model):
    """One message to one person. Written inside the act that causes it, sent by a job after the commit."""

    class Channel(models.TextChoices):
        SMS = "sms", "短信"
        LETTER = "letter", "站内信"

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已提交运营商"
        DELIVERED = "delivered", "已送达"
        FAILED = "failed", "发送失败"
        STOPPED = "stopped", "已停止"

    key = models.CharField(max_length=120, unique=True, help_text="idempotency key: one cause, one message")
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.SMS)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="messages")
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, related_name="messages"
    )
    phone = models.CharField(max_length=20, blank=True)
    template = models.CharField(max_length=48)
    context = models.JSONField(
        default=dict, help_text="the fields of the template, for carriers that fill it themselves"
    )
    text = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    subject = models.CharField(
        max_length=48, blank=True, help_text="what the message is about, e.g. member:17"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    send_after = models.DateTimeField()
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, help_text="when a worker last took it up")
    first_sent_at = models.DateTimeField(null=True, help_text="the first attempt")
    sent_at = models.DateTimeField(null=True, help_text="the carrier took it")
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    carrier_reference = models.CharField(max_length=64, blank=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("send_after",), condition=models.Q(state="waiting"), name="messages_to_send"
            ),
            models.Index(fields=("subject",), name="messages_by_subject"),
            models.Index(fields=("carrier_reference",), name="messages_by_carrier_reference"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="delivered") | models.Q(delivered_at__isnull=False),
                name="delivered_message_has_its_time",
            ),
        )

    FINAL = (State.DELIVERED, State.FAILED, State.STOPPED)

    def __str__(self) -> str:
        return f"{self.template} → {self.phone or self.account_id}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more can become of it."""
        return self.state in self.FINAL

    @property
    def words(self) -> str:
        """The text without the address, for pages that have a link of their own."""
        return self.text.removesuffix(link_words(_address(self.link)))

    @classmethod
    def draft(
        cls,
        kind: MessageKind,
        *,
        key: str,
        at: datetime,
        case: Case | None = None,
        account: Account | None = None,
        phone: str = "",
        subject: str = "",
        **words: object,
    ) -> Message:
        """A message of a kind that is not in the outbox yet (see ``post``); ``words`` fill its text and its address.

        A short message leaves at once, or in the hours of the case's pack where it may wait; it goes to ``phone``, or
        the account's number, and becomes an in-site letter where there is none. A letter is delivered as soon as it is
        written.
        """
        number = "" if kind.is_letter else phone or (account.phone if account else "") or ""
        given = {**_known(case, account), **words}
        link = kind.address(given)
        return cls(
            key=key,
            channel=cls.Channel.SMS if number else cls.Channel.LETTER,
            case=case,
            account=account,
            phone=number,
            template=kind.key,
            text=write_text(kind.key, given, _address(link)),
            context={name: str(given[name]) for name in sorted(fields_of(kind.key))},
            link=link,
            subject=subject,
            state=cls.State.WAITING if number else cls.State.DELIVERED,
            send_after=_leaves_at(kind, case, at) if number else at,
            delivered_at=None if number else at,
            created_at=at,
        )

    @property
    def is_held_back(self) -> bool:
        """Whether it leaves later than it was written, because of the hours that the pack gives to messages."""
        return self.channel == self.Channel.SMS and self.attempts == 0 and self.send_after > self.created_at

    @classmethod
    def post(cls, draft: Message) -> Message:
        """Write a message into the outbox, inside the act that causes it; the same key gives the same message."""
        return cls.post_all([draft])[0]

    @classmethod
    def post_all(cls, drafts: Iterable[Message]) -> list[Message]:
        """Write many at once (two statements). The lock of their case sees that no key is written twice meanwhile."""
        running.current()
        by_key = {draft.key: draft for draft in drafts}
        known = {message.key: message for message in cls.objects.filter(key__in=by_key)} if by_key else {}
        Message.objects.bulk_create(draft for key, draft in by_key.items() if key not in known)
        return [known.get(key, draft) for key, draft in by_key.items()]

    @classmethod
    def stop(cls, *, case: Case, subject: str) -> int:
        """Stop what has not left yet: who declined is not written to again. Inside an act."""
        running.current()
        return cls.objects.filter(case=case, subject=subject, state=cls.State.WAITING).update(
            state=cls.State.STOPPED
        )

    def settle(self, state: str, *, fault: str, at: datetime) -> None:
        """Write the outcome into this row, which the caller has locked. The first outcome stands.

        Raises:
            AlreadyDone: there is one already.
            ValueError: neither delivered nor failed.
        """
        if self.is_final:
            raise AlreadyDone
        if state == self.State.DELIVERED:
            self.delivered_at = at
        elif state == self.State.FAILED:
            self.failed_at = at
        else:
            raise ValueError(f"{state}: a report says delivered or failed")
        self.state, self.fault = state, fault[:200]
        self.save(update_fields=("state", "fault", "delivered_at", "failed_at"))


def _known(case: Case | None, account: Account | None) -> dict[str, object]:
    known: dict[str, object] = (
        {"case": case.pk, "reference": case.reference, "title": case.title} if case else {}
    )
    return {**known, "name": account.name} if account else known


def _leaves_at(kind: MessageKind, case: Case | None, at: datetime) -> datetime:
    """At once, or when the hours of the case's pack next begin."""
    window = case.law.rule("confirmation.send_window") if kind.waits and case and case.pack_id else None
    return window.next_opening(at) if isinstance(window, SendWindow) else at


def _address(link: str) -> str:
    return f"{getattr(settings, 'SITE_ADDRESS', '')}{link}" if link else ""


class SimulatedPhone(models.Model):
    """How the simulator treats a number, where it is not to deliver at once."""

    class Manner(models.TextChoices):
        DELIVER = "deliver", "立即送达"
        FAIL = "fail", "永久失败"
        SILENCE = "silence", "不回执"

    phone = models.CharField(max_length=20, unique=True)
    manner = models.CharField(max_length=8, choices=Manner.choices)

    def __str__(self) -> str:
        return f"{self.phone} {self.manner}"
