from django.apps import AppConfig


class PoolsConfig(AppConfig):
    name = "lunheng.pools"
    label = "pools"
    verbose_name = "库"
