"""Acts of panels, by topic."""

from lunheng.panels.actions.backfill import backfill_seat
from lunheng.panels.actions.confirmation import (
    confirm_seat,
    decline_seat,
    file_leak,
    recuse_member,
    sign_commitment,
)
from lunheng.panels.actions.drawing import (
    add_member,
    commit_draw,
    decide_sister,
    reveal_draw,
    withhold_draw,
)
from lunheng.panels.actions.invitation import expire_invitation, give_up_undelivered, start_window
from lunheng.panels.actions.leading import cast_ballot, name_leader, open_election
from lunheng.panels.actions.leaving import part_member, recheck_relations, remove_member, report_loss
from lunheng.panels.actions.listing import confirm_list, reduce_list
from lunheng.panels.actions.pushing import answer_contact, pick_candidates, record_contact

__all__ = [
    "add_member",
    "answer_contact",
    "backfill_seat",
    "cast_ballot",
    "commit_draw",
    "confirm_list",
    "confirm_seat",
    "decide_sister",
    "decline_seat",
    "expire_invitation",
    "file_leak",
    "give_up_undelivered",
    "name_leader",
    "open_election",
    "part_member",
    "pick_candidates",
    "recheck_relations",
    "record_contact",
    "recuse_member",
    "reduce_list",
    "remove_member",
    "report_loss",
    "reveal_draw",
    "sign_commitment",
    "start_window",
    "withhold_draw",
]
