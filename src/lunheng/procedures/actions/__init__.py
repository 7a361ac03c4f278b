"""Acts of the engine: a step is taken, alone or in session; an objection answered, a matter taken back, a limit runs out."""

from lunheng.procedures.actions.issuing import issue_document, refer_matter
from lunheng.procedures.actions.sampling import draw_sample
from lunheng.procedures.actions.sessions import review_jointly
from lunheng.procedures.actions.settling import answer_objection, withdraw_proceeding
from lunheng.procedures.actions.stepping import take_step
from lunheng.procedures.actions.timing import answer_limit, end_notice

__all__ = [
    "answer_limit",
    "answer_objection",
    "draw_sample",
    "end_notice",
    "issue_document",
    "refer_matter",
    "review_jointly",
    "take_step",
    "withdraw_proceeding",
]
