from datetime import timedelta

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "lunheng.documents"
    label = "documents"
    verbose_name = "文书附件"

    def ready(self) -> None:
        """The daily look at every stored file becomes a duty of the worker, done in small pieces."""
        from lunheng.documents.auditing import audit
        from lunheng.jobs import worker

        worker.register("documents.audit", every=timedelta(seconds=5), perform=audit)
