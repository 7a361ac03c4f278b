from django.apps import AppConfig


class ClockworkConfig(AppConfig):
    name = "lunheng.clockwork"
    label = "clockwork"
    verbose_name = "计时"
