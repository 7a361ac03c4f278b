"""Nightly: what the tables hold against what the entries bound when they were written.

Whoever edits a table behind the acts leaves the ledger as it was; here the two are laid side by side, and each
difference is named by table, row and field. Which tables, and which not for what reason: ``ledger.coverage``.
"""

from lunheng.clockwork.reconcile.comparison import differences
from lunheng.clockwork.reconcile.difference import Difference
from lunheng.clockwork.reconcile.nightly import call_keep, call_reconcile, compare, findings

__all__ = ["Difference", "call_keep", "call_reconcile", "compare", "differences", "findings"]
