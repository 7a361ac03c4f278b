from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "lunheng.ledger"
    label = "ledger"
    verbose_name = "存证"
