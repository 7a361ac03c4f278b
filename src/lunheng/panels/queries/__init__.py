"""Reads of panels: rows, the pool as a review sees it, rounds, pushes, the public record, the board."""

from lunheng.panels.queries.board import (
    answer_due,
    answers_due,
    board,
    elections,
    exclusion_counts,
    exclusions,
    failed_deliveries,
    invitations,
    lines_of,
    may_name,
    sister_decisions,
    tally,
    window_of,
)
from lunheng.panels.queries.pushes import needs_further_push
from lunheng.panels.queries.record import because_of, events, transcript, transcript_of
from lunheng.panels.queries.rounds import depth, hash_of, person_of, seat_plans
from lunheng.panels.queries.rows import confirmed, is_elected, leader, living_request, open_election

__all__ = [
    "answer_due",
    "answers_due",
    "because_of",
    "board",
    "confirmed",
    "depth",
    "elections",
    "events",
    "exclusion_counts",
    "exclusions",
    "failed_deliveries",
    "hash_of",
    "invitations",
    "is_elected",
    "leader",
    "lines_of",
    "living_request",
    "may_name",
    "needs_further_push",
    "open_election",
    "person_of",
    "seat_plans",
    "sister_decisions",
    "tally",
    "transcript",
    "transcript_of",
    "window_of",
]
