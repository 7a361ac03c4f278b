"""The outbox: what was to be said to whom, and what became of it."""

from django.db import models


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
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, null=True, related_name="messages")
    phone = models.CharField(max_length=20, blank=True)
    template = models.CharField(max_length=48)
    text = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=48, blank=True, help_text="what the message is about, e.g. member:17")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    send_after = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    carrier_reference = models.CharField(max_length=64, blank=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("send_after",), condition=models.Q(state="waiting"), name="messages_to_send"),
            models.Index(fields=("subject",), name="messages_by_subject"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="delivered") | models.Q(delivered_at__isnull=False),
                name="delivered_message_has_its_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.template} → {self.phone or self.account_id}"
