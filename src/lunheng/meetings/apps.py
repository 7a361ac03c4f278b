from importlib import import_module

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "lunheng.meetings"
    label = "meetings"
    verbose_name = "论证会"

    def ready(self) -> None:
        """Enter the acts of this app in the register, so that the sweep finds those that answer deadlines."""
        import_module("lunheng.meetings.actions")
