"""The table of steps, read: order, transitions, turns, buttons and words, each derived from the rows."""

from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType

from lunheng.core.actor import Role
from lunheng.core.procedures import (
    closing,
    drawing,
    files,
    meeting,
    preparing,
    proceedings,
    reporting,
    seating,
)
from lunheng.core.procedures import (
    milestones as m,
)
from lunheng.core.procedures.step import SEALED, Ask, Milestone, Move, Seal, Step, Trait
from lunheng.core.workflow import FILE_TRANSITIONS, FileState, ReviewState

TOPICS: tuple[ModuleType, ...] = (
    preparing,
    drawing,
    seating,
    meeting,
    reporting,
    closing,
    files,
    proceedings,
)
Traits = frozenset[Trait]
ALL_TRAITS: Traits = frozenset(Trait)
S = ReviewState


def _rows() -> Iterator[Step]:
    for topic in TOPICS:
        yield from (row for row in vars(topic).values() if isinstance(row, Step))


STEPS: Mapping[str, Step] = {row.event: row for row in _rows()}
"""Every step by its event, in the order of the process."""
MILESTONES: tuple[Milestone, ...] = tuple(one for one in vars(m).values() if isinstance(one, Milestone))
COUNTING: Mapping[Milestone, tuple[str, ...]] = {
    one: tuple(row.event for row in STEPS.values() if one in row.counts) for one in MILESTONES
}
"""The events of which any will do, by the milestone."""
FIRST: Mapping[str, str] = {row.event: row.first for row in STEPS.values() if row.first}
"""Events that may be entered in a review without any predecessor, with the reason."""
HOLDS: Mapping[ReviewState, tuple[Milestone, ...]] = {
    S.CONFIRMING: (m.REQUESTED,),
    S.PREPARING: (m.DRAWN,),
    S.MEETING: (m.DRAWN, m.PLANNED, m.STARTED),
    S.REPORTING: (m.DRAWN, m.STARTED, m.ENDED),
    S.UPLOADING: (m.DRAWN, m.COMPILED),
    S.REVISING: (m.DRAWN, m.COMPILED, m.HANDED_IN),
    S.RECHECKING: (m.DRAWN, m.COMPILED, m.HANDED_IN, m.REVISED),
    S.REAPPROVING: (m.DRAWN, m.COMPILED, m.HANDED_IN, m.REVISED),
    S.PASSED: (m.CONCLUDED,),
    S.FAILED: (m.CONCLUDED,),
    S.WORKING: (m.CONCLUDED,),
}
"""What the log of a review must hold that stands in this state."""


def after(event: str) -> tuple[Milestone, ...]:
    """What must have happened before the step; nothing for one that no table knows."""
    row = STEPS.get(event)
    return row.after if row else ()


def holds(state: str) -> tuple[Milestone, ...]:
    """What the log of a review in this state must hold; nothing for a state that does not exist."""
    return HOLDS.get(ReviewState(state), ()) if state in set(ReviewState) else ()


def seal_of(event: str) -> Seal:
    """What of the entry is kept from the parties; everything of a step that no table knows."""
    row = STEPS.get(event)
    return row.seal if row else SEALED


def _has(given: Trait | None, traits: Traits) -> bool:
    return given is None or given in traits


def is_in_time(step: Step, state: ReviewState, traits: Traits = ALL_TRAITS) -> bool:
    """Whether the phase of the review lets the step happen."""
    return step.phases is None or (state in step.phases and _has(step.phases[state], traits))


def asked_in(state: ReviewState, traits: Traits = ALL_TRAITS) -> list[str]:
    """What can be done in a phase, as people call it, in the order of the process."""
    lawful = (row for row in STEPS.values() if row.phases is not None and is_in_time(row, state, traits))
    return [row.asked for row in lawful if row.asked]


def asks_in(state: ReviewState) -> list[Ask]:
    """Every button of a phase."""
    return [ask for row in STEPS.values() for ask in row.asks if ask.phase is state]


def buttons(state: ReviewState, role: Role) -> list[Ask]:
    """The buttons of a role in a phase, the first of them the primary one."""
    return [ask for ask in asks_in(state) if role in ask.roles]


def turns(state: ReviewState, traits: Traits = ALL_TRAITS) -> tuple[Role, ...]:
    """Whose turn it is in a phase, each once, in the order of the process."""
    asks = (ask for ask in asks_in(state) if _has(ask.given, traits))
    return tuple(dict.fromkeys(role for ask in asks for role in ask.turn))


def _rests(state: ReviewState) -> bool:
    return not any(ask.waits for ask in asks_in(state))


AT_REST: frozenset[ReviewState] = frozenset(filter(_rests, ReviewState))
"""The phases in which nothing is due: what comes next is the party's own choice, from the case's page, or nothing."""


def transitions(steps: Iterable[Step], traits: Traits = ALL_TRAITS) -> set[tuple[ReviewState, ReviewState]]:
    """From and to: every move of these steps that the traits have."""
    found: Iterable[Move] = (move for step in steps for move in step.moves)
    return {(move.before, move.after) for move in found if _has(move.given, traits)}


def may_move(
    kind: str, before: str, after: str, *, by: Iterable[str] | None = None, traits: Traits = ALL_TRAITS
) -> bool:
    """Whether a case of ``kind`` ("review" or a file) may go from one state to the other, by the steps ``by``, or by any.

    Raises:
        ValueError: a state that the kind does not know.
    """
    if kind != "review":
        return FileState(after) in FILE_TRANSITIONS[FileState(before)]
    steps = STEPS.values() if by is None else [STEPS[event] for event in by if event in STEPS]
    return (ReviewState(before), ReviewState(after)) in transitions(steps, traits)
