from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "lunheng.reports"
    label = "reports"
    verbose_name = "论证报告"

    def ready(self) -> None:
        """Enter the acts of this app in the register, so that the sweep finds those that answer deadlines."""
        import_module("lunheng.reports.actions")
