"""What fell due is answered by one act of its kind, which finds its case locked and the deadline still open."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lunheng.cases.acts import REGISTRY, ActSpec, AlreadyDone, act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case, Deadline
from lunheng.core.actor import Actor
from lunheng.core.procedures.consequences import Consequence
from lunheng.core.procedures.step import Step
from lunheng.ledger.models import Entry

ANSWERS: dict[str, str] = {}
"""By the name of a deadline the act that answers it."""


@dataclass(frozen=True)
class FallenDue:
    """A deadline of a kind, marked as answered, with its case, both locked."""

    kind: Consequence
    deadline: Deadline
    case: Case

    @property
    def key(self) -> int:
        """The key of the row that it is about."""
        return self.kind.key_in(self.deadline.subject)


Answer = Callable[..., Entry]


def answers(
    kind: Consequence,
    step: Step | str,
    *,
    further: tuple[Step | str, ...] = (),
    prepare: Callable[[Deadline], Mapping[str, Any]] | None = None,
) -> Callable[[Answer], Answer]:
    """Make a function the act by which the platform answers a deadline of this kind; it is given what is ``due``.

    ``prepare`` makes before the act, outside its transaction, what the act only names: a document that is rendered and stored.

    Raises:
        ValueError: the act is not called what the kind says.
    """

    def decorate(function: Answer) -> Answer:
        @functools.wraps(function)
        def answer(*, deadline_id: int, actor: Actor, at: datetime, **prepared: Any) -> Entry:
            return function(due=_fallen_due(kind, deadline_id, at), actor=actor, at=at, **prepared)

        del answer.__dict__["__wrapped__"]
        done = act(step, further=further, is_public=False)(answer)
        name = f"{function.__module__.split('.')[1]}.{function.__name__}"
        if name != kind.name:
            raise ValueError(f"{name} does not answer {kind.name}")
        if prepare is not None:
            REGISTRY[name] = replace(REGISTRY[name], perform=_prepared(prepare, done))
        ANSWERS[kind.name] = name
        return done

    return decorate


def answer_to(name: str) -> ActSpec:
    """The act that answers deadlines of this name: the one that was made for them, or the act that bears the name and looks for
    itself what it is about.

    Raises:
        KeyError: none does.
    """
    return REGISTRY[ANSWERS.get(name, name)]


def _prepared(prepare: Callable[[Deadline], Mapping[str, Any]], done: Answer) -> Answer:
    def prepare_and_perform(*, deadline_id: int, actor: Actor, at: datetime) -> Entry:
        made = prepare(Deadline.objects.get(pk=deadline_id))
        return done(deadline_id=deadline_id, actor=actor, at=at, **made)

    return prepare_and_perform


def _fallen_due(kind: Consequence, deadline_id: int, at: datetime) -> FallenDue:
    """Raises AlreadyDone: somebody else answered it, or what it waited for has happened."""
    case = lock(Deadline.objects.filter(pk=deadline_id).order_by().values("case_id"))
    deadline = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline_id, case=case)
    if deadline.met_at is not None or deadline.performed_at is not None:
        raise AlreadyDone(deadline.name)
    deadline.case = case
    deadline.perform(at)
    return FallenDue(kind, deadline, case)
