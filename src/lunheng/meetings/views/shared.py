"""What every page between the meeting and the start of works shows: head, step bar, whose turn it is."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from lunheng.cases.models import Case
from lunheng.cases.views import actor_of, viewable_case
from lunheng.core.actor import Role
from lunheng.core.deadlines import Provisional, is_over
from lunheng.core.workflow import REVIEW_PHASES, ReviewState, step_marks
from lunheng.panels.models import Member
from lunheng.web.wording import write_remaining


@dataclass(frozen=True)
class Button:
    """One way on: where to, and what it does."""

    label: str
    url: str
    is_act: bool = False


@dataclass(frozen=True)
class Turn:
    """The one card: whose turn, until when, by which clause, what happens otherwise."""

    who: str
    text: str = ""
    until: datetime | None = None
    steps: list[str] = field(default_factory=list)
    clause: str = ""
    otherwise: str = ""
    remaining: str = ""
    meaning: str = "wait"
    buttons: list[Button] = field(default_factory=list)


def moment_of(request: HttpRequest) -> datetime:
    """The request's moment."""
    at: datetime = request.at  # type: ignore[attr-defined]
    return at


def case_at(request: HttpRequest, case_id: int) -> Case:
    """The review that this actor may see."""
    return viewable_case(request, case_id)


def seat_of(request: HttpRequest, case: Case) -> Member | None:
    """The confirmed seat of the expert who looks, if there is one."""
    actor = actor_of(request)
    if actor.role is not Role.EXPERT:
        return None
    seats = case.members.filter(expert__reference=actor.expert, state=Member.State.CONFIRMED)
    return seats.select_related("expert").first()


def limited(turn: Turn, at: datetime) -> Turn:
    """The card with what is left of its time."""
    if turn.until is None:
        return turn
    is_soon = (turn.until - at).days < 1 and not isinstance(turn.until, Provisional)
    meaning = "late" if is_over(turn.until, at) else "soon" if is_soon else "wait"
    left = write_remaining(turn.until, at)
    return Turn(**{**vars(turn), "remaining": left, "meaning": meaning})


def head(request: HttpRequest, case: Case, turn: Turn) -> dict[str, Any]:
    """The context of every page."""
    state = ReviewState(case.state)
    is_expert = actor_of(request).role is Role.EXPERT
    return {
        "case": case,
        "review": case.review,
        "law": case.law,
        "at": moment_of(request),
        "steps": [{"label": label, "state": mark} for label, mark in step_marks(state)],
        "phase": REVIEW_PHASES[state],
        "turn": limited(turn, moment_of(request)),
        "is_expert": is_expert,
    }
