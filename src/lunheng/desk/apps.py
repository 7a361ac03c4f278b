from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "lunheng.desk"
    label = "desk"
    verbose_name = "工作台"
