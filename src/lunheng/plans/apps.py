from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "lunheng.plans"
    label = "plans"
    verbose_name = "专项施工方案"
