"""What a judgement stands on: its clauses, the vocabulary, and the words of an answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from lunheng.core.clauses import Clause
from lunheng.core.deadlines import Due
from lunheng.core.policy.rules.citation import Citation
from lunheng.core.verdict import Outcome, Reason, Verdict, allowed, for_a_person, refused


@dataclass(frozen=True)
class Ground:
    """The rule's clause, the 文号 of its document, further clauses, and what else can be asked."""

    clause: Clause
    number: str
    also: tuple[Clause, ...]
    labels: Mapping[str, Mapping[str, str]]
    cite: Callable[[Citation], Clause]
    due: Callable[[datetime], Due]
    judge: Callable[..., Verdict]
    clause_of: Callable[[str], Clause]
    reading_of: Callable[[str], str]

    def yes(self, message: str, value: str = "", *warnings: Reason) -> Verdict:
        """ALLOWED, with warnings to show and record."""
        return allowed(self.clause, message, value=value, warnings=warnings)

    def no(self, message: str, remedy: str, value: str = "", *further: Clause) -> Verdict:
        """REFUSED; `further` clauses give one more reason each."""
        reasons = (Reason(clause, message, remedy, value) for clause in (self.clause, *further))
        return Verdict(Outcome.REFUSED, tuple(reasons))

    def no_by(self, clause: Clause, message: str, remedy: str, value: str = "") -> Verdict:
        """REFUSED by another clause than the rule's own."""
        return refused(clause, message, remedy, value)

    def as_read(self, setting: str, verdict: Verdict) -> Verdict:
        """The verdict with what the pack chose for this setting of the rule (empty: for the rule as a whole), if anything."""
        reading = self.reading_of(setting)
        reasons = tuple(replace(reason, reading=reading) for reason in verdict.reasons)
        warnings = tuple(replace(reason, reading=reading) for reason in verdict.warnings)
        return Verdict(verdict.outcome, reasons, warnings) if reading else verdict

    def ask(self, message: str, remedy: str, value: str = "") -> Verdict:
        """FOR_A_PERSON."""
        return for_a_person(self.clause, message, remedy, value)

    def warn(self, message: str, remedy: str = "", value: str = "") -> Reason:
        """A warning under the rule's clause."""
        return Reason(self.clause, message, remedy, value)

    def name(self, vocabulary: str, word: str) -> str:
        """The Chinese label of a word, or the word itself."""
        return self.labels.get(vocabulary, {}).get(word, word)

    def names(self, vocabulary: str, words: Iterable[str]) -> str:
        """Several labels joined with 、."""
        return "、".join(self.name(vocabulary, word) for word in words)
