from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "lunheng.messaging"
    label = "messaging"
    verbose_name = "通知"
