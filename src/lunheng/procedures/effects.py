"""What every effect begins with: the matter that asks for it, for whom, and what it is given."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from lunheng.cases.acts import AlreadyDone
from lunheng.cases.answering import FallenDue
from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.policy.proceedings import Step
from lunheng.ledger.models import Entry
from lunheng.procedures import flow, permissions, queries
from lunheng.procedures.models import Candidate, Proceeding


@dataclass(frozen=True)
class Effecting:
    """An effect that is due for one candidate; matter and candidate are locked."""

    due: FallenDue
    proceeding: Proceeding
    candidate: Candidate
    step: Step

    @property
    def case(self) -> Case:
        """The matter's file."""
        return self.due.case

    @property
    def given(self) -> dict[str, Any]:
        """What the effect is told, by the names that it uses."""
        return self.proceeding.arguments(self.candidate)

    @property
    def clause(self) -> Clause:
        """On which it stands."""
        return permissions.clause_of(self.proceeding, self.step)

    def day(self, name: str) -> date | None:
        """A day that it is told, if any."""
        text = self.given.get(name)
        return date.fromisoformat(str(text)) if text else None

    def enter(
        self, files: list[Case], data: dict[str, JsonValue], actor: Actor, own: dict[str, JsonValue]
    ) -> Entry:
        """Enter what was done in the files that it changed, and in the matter; then the matter goes on."""
        at, because = self.due.deadline.due_at, self.due.deadline.opened_by
        told = {"clause": str(self.clause), **data}
        for file in files:
            file.enter(actor=actor, at=at, data={**told, "proceeding": self.case.reference}, because=because)
        entry = self.case.enter(actor=actor, at=at, data={**told, **own}, because=because)
        flow.effected(self.proceeding, self.candidate, at)
        return entry


def effecting(due: FallenDue) -> Effecting:
    """The effect that fell due.

    Raises:
        AlreadyDone: the matter is over, or the effect was carried out.
    """
    proceeding = queries.proceeding_for_update(due.case)
    candidate = queries.candidate_for_update(proceeding, due.key)
    step = proceeding.here
    if step is None or step.kind != "effect" or candidate.effected_step == step.id:
        raise AlreadyDone
    return Effecting(due, proceeding, candidate, step)
