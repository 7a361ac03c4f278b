"""Who may write opinions, lead, sign, upload, revise and approve, and what the law says of what they
bring."""

from lunheng.reports.permissions.judgements import (
    judge_agreement,
    judge_approval,
    judge_defects,
    judge_form,
    judge_method,
    judge_validity,
    judge_works,
)
from lunheng.reports.permissions.people import (
    may_approve,
    may_clear,
    may_compile,
    may_contract,
    may_recheck,
    may_upload,
    may_write,
    organizer_compiles,
)

__all__ = [
    "judge_agreement",
    "judge_approval",
    "judge_defects",
    "judge_form",
    "judge_method",
    "judge_validity",
    "judge_works",
    "may_approve",
    "may_clear",
    "may_compile",
    "may_contract",
    "may_recheck",
    "may_upload",
    "may_write",
    "organizer_compiles",
]
