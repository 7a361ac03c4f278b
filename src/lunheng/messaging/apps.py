from datetime import timedelta

from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "lunheng.messaging"
    label = "messaging"
    verbose_name = "通知"

    def ready(self) -> None:
        """Sending becomes a duty of the worker; codes of password resets leave by the outbox."""
        from lunheng.accounts import codes
        from lunheng.jobs import worker
        from lunheng.messaging.sending import OutboxCodes, send_due

        worker.register("messaging.send", every=timedelta(seconds=1), perform=send_due)
        codes.install(OutboxCodes())
