"""结论: an answer to a legal question, which cannot exist without its reasons."""

from dataclasses import dataclass
from enum import StrEnum

from lunheng.core.clauses import Clause


class Outcome(StrEnum):
    """What the rule answers; a rule that needs judgement answers FOR_A_PERSON rather than guess."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    FOR_A_PERSON = "for_a_person"


OUR_READING = "本平台的理解"
"""What stands before an interpretation that the pack chose where the text leaves room."""
_FROM_BEST_TO_WORST = (Outcome.ALLOWED, Outcome.FOR_A_PERSON, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of an answer: the clause, what it means here, what to do next, and the value judged.

    `message` and `remedy` are Chinese and addressed to whoever must act; `value` is the value as shown. `reading` is
    the interpretation of ours that the answer rests on, empty where the clause itself says it.
    """

    clause: Clause
    message: str
    remedy: str = ""
    value: str = ""
    reading: str = ""

    def __str__(self) -> str:
        parts = [self.message]
        if self.value:
            parts.append(f"（当前：{self.value}）")
        if self.remedy:
            parts.append(f" {self.remedy}")
        if self.reading:
            parts.append(f"（{OUR_READING}：{self.reading}）")
        return f"{''.join(parts)}［{self.clause}］"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with its reasons. Raises ValueError when there is no reason: there is no bare yes."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        if not self.reasons:
            raise ValueError("没有依据的结论不成立")

    def __bool__(self) -> bool:
        """Refuses to be used as a truth value, since FOR_A_PERSON is neither yes nor no."""
        raise TypeError("结论不是真假值：请用 is_allowed 或 require")

    @property
    def is_allowed(self) -> bool:
        """True only for ALLOWED."""
        return self.outcome is Outcome.ALLOWED

    def __str__(self) -> str:
        return "；".join(str(reason) for reason in self.reasons)


def allowed(clause: Clause, message: str, *, value: str = "", warnings: tuple[Reason, ...] = ()) -> Verdict:
    """The rule permits it; warnings are shown and recorded but stop nothing."""
    return Verdict(Outcome.ALLOWED, (Reason(clause, message, value=value),), warnings)


def refused(clause: Clause, message: str, remedy: str = "", value: str = "") -> Verdict:
    """The rule forbids it: what is wrong, what to do next, and the value that failed."""
    return Verdict(Outcome.REFUSED, (Reason(clause, message, remedy, value),))


def for_a_person(clause: Clause, message: str, remedy: str = "", value: str = "") -> Verdict:
    """The rule needs judgement: a person with the power to decide must do so, with reasons."""
    return Verdict(Outcome.FOR_A_PERSON, (Reason(clause, message, remedy, value),))


def combine(*verdicts: Verdict) -> Verdict:
    """The worst of several verdicts, with every reason of that outcome and all warnings, each once.

    REFUSED is worse than FOR_A_PERSON, which is worse than ALLOWED. Raises ValueError when nothing is given.
    """
    if not verdicts:
        raise ValueError("没有可合并的结论")
    worst = max((verdict.outcome for verdict in verdicts), key=_FROM_BEST_TO_WORST.index)
    reasons = (r for verdict in verdicts if verdict.outcome is worst for r in verdict.reasons)
    warnings = (w for verdict in verdicts for w in verdict.warnings)
    return Verdict(worst, tuple(dict.fromkeys(reasons)), tuple(dict.fromkeys(warnings)))


def reasons_of(verdict: Verdict) -> list[dict[str, str]]:
    """The reasons of a verdict as plain data; only an answer that rests on an interpretation of ours has a `reading`."""
    return [
        {
            "clause": str(reason.clause),
            "document": reason.clause.document,
            "number": reason.clause.number,
            "message": reason.message,
            "remedy": reason.remedy,
            "value": reason.value,
            **({"reading": f"{OUR_READING}：{reason.reading}"} if reason.reading else {}),
        }
        for reason in verdict.reasons
    ]
