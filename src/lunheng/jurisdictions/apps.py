from django.apps import AppConfig


class JurisdictionsConfig(AppConfig):
    name = "lunheng.jurisdictions"
    label = "jurisdictions"
    verbose_name = "辖区"
