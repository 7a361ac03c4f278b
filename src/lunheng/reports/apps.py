from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "lunheng.reports"
    label = "reports"
    verbose_name = "论证报告"
