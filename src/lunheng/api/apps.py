from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "lunheng.api"
    label = "api"
    verbose_name = "编程接口"
