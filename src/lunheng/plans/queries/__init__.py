"""Reads of plans, by topic."""

from lunheng.plans.queries.reviews import (
    TO_BE_REPEATED,
    agency_of,
    confirmed_count,
    empty_review,
    last_over,
    latest_version,
    organizer_of,
    review,
    review_of,
    reviews_for,
    version,
)
from lunheng.plans.queries.supply import Supply, supply_for
from lunheng.plans.queries.versions import (
    APPROVAL_WORDS,
    files_of,
    granted,
    needed_kinds,
    next_number,
    readiness,
)

__all__ = [
    "APPROVAL_WORDS",
    "TO_BE_REPEATED",
    "Supply",
    "agency_of",
    "confirmed_count",
    "empty_review",
    "files_of",
    "granted",
    "last_over",
    "latest_version",
    "needed_kinds",
    "next_number",
    "organizer_of",
    "readiness",
    "review",
    "review_of",
    "reviews_for",
    "supply_for",
    "version",
]
