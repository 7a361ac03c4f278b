"""Reads of the desk: which cases a seat sees, what waits for it, whose turn a case is."""

from lunheng.desk.queries.duties import Duty, duties
from lunheng.desk.queries.findings import FindingLine, finding_lines, missing_steps
from lunheng.desk.queries.listing import (
    by_lateness,
    by_standing,
    case_rows,
    concluded,
    listed_cases,
    lying_in,
    next_deadlines,
    ordered_by_deadline,
    places_of,
    visible_cases,
)
from lunheng.desk.queries.turns import Turn, turn

__all__ = [
    "Duty",
    "FindingLine",
    "Turn",
    "by_lateness",
    "by_standing",
    "case_rows",
    "concluded",
    "duties",
    "finding_lines",
    "listed_cases",
    "lying_in",
    "missing_steps",
    "next_deadlines",
    "ordered_by_deadline",
    "places_of",
    "turn",
    "visible_cases",
]
