from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "lunheng.meetings"
    label = "meetings"
    verbose_name = "论证会"
