"""What the row of one step says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lunheng.core.actor import Role
from lunheng.core.procedures.consequences import Consequence
from lunheng.core.workflow import ReviewState


class Trait(StrEnum):
    """What of the law of a matter, or of its conclusion, turns the order of its steps."""

    DIRECT = "direct"
    """The system draws the panel itself."""
    PUSH = "push"
    """The system pushes candidates and the organizer picks."""
    APPROVED = "approved"
    """The conclusion is 通过: improvements of the plan may still be handed in (31号（五）)."""


@dataclass(frozen=True, eq=False)
class Milestone:
    """Something that must have happened before a step, as people call it; any step that counts as it will do."""

    words: str


@dataclass(frozen=True)
class Move:
    """The state to which a step may lead; ``given`` where only the law of some matters has it."""

    before: ReviewState
    after: ReviewState
    given: Trait | None = None


@dataclass(frozen=True)
class Ask:
    """In one phase, how the step is offered: the button, the screen behind it, and to whom.

    It is the turn of the roles in ``turn`` (only ``given`` the trait, where one is named); those in ``also`` have the button
    without its being their turn. Nobody has to do what does not ``wait``: from there on it is the party's own choice.
    """

    phase: ReviewState
    label: str
    screen: str
    turn: tuple[Role, ...] = ()
    also: tuple[Role, ...] = ()
    given: Trait | None = None
    waits: bool = True

    @property
    def roles(self) -> tuple[Role, ...]:
        """Everybody who has the button."""
        return (*self.turn, *self.also)


@dataclass(frozen=True)
class Seal:
    """What of a step's entry the parties may not read: everything, everything during some phases, or what an expert wrote."""

    always: bool = False
    during: frozenset[ReviewState] = frozenset()
    of_experts: bool = False


SEALED = Seal(always=True)
"""The content is for the office and for who entered it; a step that says nothing of its seal has this one."""
OPEN = Seal()
OF_EXPERTS = Seal(of_experts=True)
"""Who was asked, did not confirm, and on which ground stays with the expert."""

Phases = Mapping[ReviewState, Trait | None]
ANYTIME: Phases | None = None
"""Not the phase of the review limits the step, but the thing that it is about."""


def during(*phases: ReviewState, given: Trait | None = None) -> Phases:
    """These phases, or these only given a trait."""
    return dict.fromkeys(phases, given)


@dataclass(frozen=True, eq=False, kw_only=True)
class Step:
    """One step: what the ledger calls it, what people call it, who takes it, when, after what, and what follows."""

    event: str
    """``noun.past_participle/version``, as it is hashed."""
    words: str
    """What was done, on the timeline."""
    asked: str = ""
    """What people want to do when they take it; empty where the platform acts by itself or nobody is held to a phase."""
    who: tuple[Role, ...] = ()
    phases: Phases | None = ANYTIME
    after: tuple[Milestone, ...] = ()
    counts: tuple[Milestone, ...] = ()
    first: str = ""
    """Why a review may have it before anything else; empty for what needs a predecessor, or is entered in no review."""
    moves: tuple[Move, ...] = ()
    seal: Seal = SEALED
    asks: tuple[Ask, ...] = ()
    sets: tuple[Consequence, ...] = field(default=())
    """What falls due because of it."""

    def __str__(self) -> str:
        return self.event


def moves(*pairs: tuple[ReviewState, ReviewState]) -> tuple[Move, ...]:
    """From, to; from, to."""
    return tuple(Move(before, after) for before, after in pairs)
