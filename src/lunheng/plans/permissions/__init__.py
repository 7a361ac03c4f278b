"""Who may do what with a plan, and what the law says to a request."""

from lunheng.plans.permissions.people import (
    may_sign,
    may_start,
    may_submit,
    order,
    pack_in_force,
)
from lunheng.plans.permissions.request import (
    Needs,
    Wanted,
    judge_request,
    read_needs,
    risk_level,
)

__all__ = [
    "Needs",
    "Wanted",
    "judge_request",
    "may_sign",
    "may_start",
    "may_submit",
    "order",
    "pack_in_force",
    "read_needs",
    "risk_level",
]
