from datetime import timedelta

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lunheng.accounts"
    label = "accounts"
    verbose_name = "账户"

    def ready(self) -> None:
        """Clearing what is over becomes a duty of the worker."""
        from lunheng.accounts.sessions import clear
        from lunheng.jobs import worker

        worker.register("accounts.clear", every=timedelta(hours=1), perform=clear)
