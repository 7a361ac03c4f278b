"""Acts of the engine: a step is taken, an objection answered, a matter taken back, a time limit runs out."""

from lunheng.procedures.actions.settling import answer_objection, withdraw_proceeding
from lunheng.procedures.actions.stepping import take_step
from lunheng.procedures.actions.timing import answer_limit, end_notice

__all__ = ["answer_limit", "answer_objection", "end_notice", "take_step", "withdraw_proceeding"]
