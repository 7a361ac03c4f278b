from datetime import timedelta

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "lunheng.jobs"
    label = "jobs"
    verbose_name = "后台任务"

    def ready(self) -> None:
        """Giving back lost jobs becomes a duty of the worker."""
        from lunheng.jobs import worker
        from lunheng.jobs.tasks import reap

        worker.register("jobs.reap", every=timedelta(minutes=1), perform=reap)
