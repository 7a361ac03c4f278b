"""Acts on the file of an expert: admission, term, standing, unit, interests; and what finished procedures do to it."""

from lunheng.experts.actions.appointing import appoint_candidate
from lunheng.experts.actions.keeping import (
    admit_expert,
    change_state,
    change_unit,
    record_interest,
    renew_term,
)
from lunheng.experts.actions.qualifying import record_qualification
from lunheng.experts.actions.standing import (
    bar_candidate,
    end_candidate,
    renew_candidate,
    restore_candidate,
    suspend_candidate,
)

__all__ = [
    "admit_expert",
    "appoint_candidate",
    "bar_candidate",
    "change_state",
    "change_unit",
    "end_candidate",
    "record_interest",
    "record_qualification",
    "renew_candidate",
    "renew_term",
    "restore_candidate",
    "suspend_candidate",
]
