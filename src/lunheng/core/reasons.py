"""理由: what a person writes down when the law asks why. One type: the field of a form, the bound of the interface, the
column of a row and the refusal all read it here."""

from dataclasses import dataclass
from typing import Annotated

from lunheng.core.clauses import Clause
from lunheng.core.verdict import Verdict, allowed, refused


@dataclass(frozen=True, slots=True)
class Written:
    """Text that a person writes, of at most so many characters."""

    longest: int


REASON = Written(longest=300)
STATEMENT = Written(longest=2000)
"""What somebody says for himself before a decision (陈述申辩)."""
GivenReason = Annotated[str, REASON]
"""How a parameter of an act says that it is such a text."""
GivenStatement = Annotated[str, STATEMENT]
"""The same where it may be a statement."""


def is_given(text: str) -> bool:
    """Whether there is a reason at all, for those who ask for one in some situations only."""
    return bool(text.strip())


def judge_reason(
    text: str,
    clause: Clause,
    message: str,
    remedy: str = "填写理由后再办理",
    value: str = "未填写",
    longest: int = REASON.longest,
) -> Verdict:
    """Whether a reason was given that can be kept whole: REFUSED with `message` where there is none, or it is too long."""
    words = text.strip()
    if not words:
        return refused(clause, message, remedy, value)
    if len(words) > longest:
        shorter = f"精简到{longest}字以内；详细材料可以另行上传"
        return refused(clause, f"理由最多{longest}字", shorter, f"{len(words)}字")
    return allowed(clause, "已写明理由")


def cut(text: str) -> str:
    """What the platform itself writes where a person would give a reason, cut to what can be kept."""
    return text[: REASON.longest]
