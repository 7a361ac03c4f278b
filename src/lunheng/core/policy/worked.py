"""算例: a situation in words, the facts, and what the law must answer, by which clauses."""

import tomllib
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from lunheng.core.policy.law import Law
from lunheng.core.policy.rules.base import Model


class WorkedCase(Model):
    """One judgement. `clauses` are the numbers in the order of the reasons; `warned` counts the warnings.

    `rows` names the rows of the acceptance table that the case tries.
    """

    situation: str = Field(min_length=1)
    key: str
    facts: dict[str, Any] = {}
    outcome: Literal["allowed", "refused", "for_a_person"]
    clauses: list[str] = Field(min_length=1)
    warned: int = 0
    rows: list[str] = []


class WorkedDeadline(Model):
    """One time limit: the event and the first moment that is too late."""

    situation: str = Field(min_length=1)
    key: str
    anchor_at: datetime
    late_from: datetime
    rows: list[str] = []


class WorkedCases(Model):
    """One file of cases/: tables `[[case]]` and `[[deadline]]`."""

    case: list[WorkedCase] = []
    deadline: list[WorkedDeadline] = []


def read_cases(text: str) -> WorkedCases:
    """Read a file of worked cases. Raises ValidationError or TOMLDecodeError for a malformed one."""
    return WorkedCases.model_validate(tomllib.loads(text))


def answer_fault(law: Law, case: WorkedCase) -> str | None:
    """Say in Chinese how the law's answer differs from the expected one, or None."""
    verdict = law.judge(case.key, **case.facts)
    expected = (case.outcome, case.clauses, case.warned)
    given = (
        str(verdict.outcome),
        [reason.clause.number for reason in verdict.reasons],
        len(verdict.warnings),
    )
    return None if given == expected else f"应为{_told(*expected)}，实为{_told(*given)}：{verdict}"


def _told(outcome: str, clauses: list[str], warned: int) -> str:
    return f"{_OUTCOMES[outcome]}（{'、'.join(clauses)}；提示{warned}条）"


_OUTCOMES = {"allowed": "准许", "refused": "拒绝", "for_a_person": "由人判定"}


def deadline_fault(law: Law, case: WorkedDeadline) -> str | None:
    """Say in Chinese how the computed limit differs from the expected one, or None."""
    limit = law.due(case.key, case.anchor_at)
    return None if limit.at == case.late_from else f"应自 {case.late_from} 起逾期，实为 {limit.at}"
