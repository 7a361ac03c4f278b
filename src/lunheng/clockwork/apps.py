import importlib
from datetime import timedelta

from django.apps import AppConfig

ACTING_APPS = (
    "cases", "notices", "procedures", "pools", "works", "experts", "plans", "panels", "meetings", "reports", "messaging",
)  # fmt: skip


class ClockworkConfig(AppConfig):
    name = "lunheng.clockwork"
    label = "clockwork"
    verbose_name = "计时"

    def ready(self) -> None:
        """Every act is registered before anybody calls one; the sweep becomes a duty of the worker."""
        for name in ACTING_APPS:
            importlib.import_module(f"lunheng.{name}.actions")
        from lunheng.clockwork import log, reconcile, records
        from lunheng.clockwork.recounting import recount
        from lunheng.clockwork.sweep import sweep
        from lunheng.jobs import worker
        from lunheng.ledger.sequencer import mirror, sequence

        worker.register("clockwork.sweep", every=timedelta(seconds=1), perform=sweep)
        worker.register("pools.records", every=timedelta(minutes=1), perform=records.watch)
        worker.register("clockwork.recount", every=timedelta(minutes=1), perform=recount)
        worker.register("ledger.sequence", every=timedelta(seconds=0.5), perform=sequence)
        worker.register("ledger.mirror", every=timedelta(seconds=1), perform=mirror)
        worker.register("ledger.publish", every=timedelta(seconds=2), perform=log.publish)
        worker.register("ledger.witnesses", every=timedelta(minutes=1), perform=log.call_witnesses)
        worker.register("ledger.reconcile", every=timedelta(days=1), perform=reconcile.call_reconcile)
        worker.register("ledger.keep", every=timedelta(hours=1), perform=reconcile.call_keep)
