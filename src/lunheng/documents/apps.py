from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "lunheng.documents"
    label = "documents"
    verbose_name = "文书附件"
