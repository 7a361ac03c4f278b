from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lunheng.accounts"
    label = "accounts"
    verbose_name = "账户"
