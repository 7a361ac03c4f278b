from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lunheng.config"
    label = "config"
    verbose_name = "配置"

    def ready(self) -> None:
        """What must hold before anything starts is registered."""
        import lunheng.config.checks  # noqa: F401
