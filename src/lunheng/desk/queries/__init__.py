"""Reads of the desk: which cases a seat sees, what waits for it, whose turn a case is."""

from lunheng.desk.queries.duties import Duty, duties
from lunheng.desk.queries.findings import FindingLine, finding_lines, missing_steps
from lunheng.desk.queries.listing import counts, filtered, next_deadlines, ordered_by_deadline, visible_cases
from lunheng.desk.queries.turns import Turn, turn

__all__ = [
    "Duty",
    "FindingLine",
    "Turn",
    "counts",
    "duties",
    "filtered",
    "finding_lines",
    "missing_steps",
    "next_deadlines",
    "ordered_by_deadline",
    "turn",
    "visible_cases",
]
