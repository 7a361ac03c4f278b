import importlib
from importlib.util import find_spec

from django.apps import AppConfig

ACTING_APPS = ("works", "experts", "plans", "panels", "meetings", "reports", "messaging")


class ClockworkConfig(AppConfig):
    name = "lunheng.clockwork"
    label = "clockwork"
    verbose_name = "计时"

    def ready(self) -> None:
        """Every act is registered before anybody calls one; the sweep becomes a duty of the worker."""
        for name in ACTING_APPS:
            if find_spec(f"lunheng.{name}.actions"):
                try:
                    importlib.import_module(f"lunheng.{name}.actions")
                except ImportError as error:
                    print("TEMPORARY: half-written", name, error)
