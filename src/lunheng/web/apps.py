"""The shell as a Django app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Base templates, components and static assets."""

    name = "lunheng.web"
    label = "web"
    verbose_name = "界面"
