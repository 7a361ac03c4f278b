from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "lunheng.cases"
    label = "cases"
    verbose_name = "案件"
