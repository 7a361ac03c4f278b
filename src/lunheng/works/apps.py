from django.apps import AppConfig


class WorksConfig(AppConfig):
    name = "lunheng.works"
    label = "works"
    verbose_name = "工程"
