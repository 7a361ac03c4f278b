from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "lunheng.demo"
    label = "demo"
    verbose_name = "演示数据"

    def ready(self) -> None:
        """In the demo, time can be moved: every process reads the demo's clock."""
        if settings.IS_DEMO:
            from lunheng.demo.clock import demo_clock
            from lunheng.jobs import clock

            clock.install(demo_clock())
