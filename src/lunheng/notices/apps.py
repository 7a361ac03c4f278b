from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lunheng.notices"
    label = "notices"
    verbose_name = "公示公告"
