"""政策包: the law as data, read, laid in layers, chosen, and judged by."""

from lunheng.core.policy.choose import choose
from lunheng.core.policy.faults import PackError, Problem
from lunheng.core.policy.law import Law
from lunheng.core.policy.load import read_pack
from lunheng.core.policy.offices import POWERS, Office
from lunheng.core.policy.pack import Pack
from lunheng.core.policy.resolve import ResolvedPack, resolve
from lunheng.core.policy.rules import RULES, Assumption, Rule, Silence, Timed

__all__ = [
    "POWERS",
    "RULES",
    "Assumption",
    "Law",
    "Office",
    "Pack",
    "PackError",
    "Problem",
    "ResolvedPack",
    "Rule",
    "Silence",
    "Timed",
    "choose",
    "read_pack",
    "resolve",
]
