from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "lunheng.organizations"
    label = "organizations"
    verbose_name = "单位"
