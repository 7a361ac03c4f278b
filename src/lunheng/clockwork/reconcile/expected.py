"""Steps whose lawful predecessor the log lacks, review by review."""

from collections.abc import Iterator

from lunheng.cases.models import Case
from lunheng.cases.precedents import gaps
from lunheng.clockwork.reconcile.difference import Difference
from lunheng.ledger.models import Finding


def differences() -> Iterator[Difference]:
    """Every gap, named by the file in which it is."""
    cases = Case.objects.filter(kind=Case.Kind.REVIEW).only("pk", "reference", "kind", "state")
    for case in cases.order_by("pk").iterator():
        for gap in gaps(case):
            reason = f"{gap}，应在“{gap.before}”之前（{gap.code}）"
            yield Difference("ledger_entry", case.reference, Finding.STEP, reason)
