from django.apps import AppConfig


class PanelsConfig(AppConfig):
    name = "lunheng.panels"
    label = "panels"
    verbose_name = "专家组"
