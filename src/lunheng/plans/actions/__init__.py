"""Acts on plans and on the way to a panel."""

from lunheng.plans.actions.approvals import approve_version
from lunheng.plans.actions.delivery import deliver_version, open_version
from lunheng.plans.actions.entrustment import accept_entrustment, end_entrustment, entrust_agency
from lunheng.plans.actions.request import cancel_request, request_panel
from lunheng.plans.actions.reviews import enter_legacy_review, open_review
from lunheng.plans.actions.versions import mark_secret, submit_version

__all__ = [
    "accept_entrustment",
    "approve_version",
    "cancel_request",
    "deliver_version",
    "end_entrustment",
    "enter_legacy_review",
    "entrust_agency",
    "mark_secret",
    "open_review",
    "open_version",
    "request_panel",
    "submit_version",
]
