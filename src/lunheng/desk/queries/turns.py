"""Whose turn a review is, until when, by which clause, and what happens if nobody does anything."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from lunheng.cases.models import Case, Deadline
from lunheng.cases.queries import whose_turn_words
from lunheng.core.actor import Role
from lunheng.core.procedures.consequences import CONSEQUENCES, RECORD_OVERDUE
from lunheng.core.procedures.step import Ask
from lunheng.core.procedures.table import buttons
from lunheng.core.workflow import REVIEW_PHASES, ReviewState
from lunheng.desk.queries.listing import next_deadlines
from lunheng.panels.models import PanelRequest
from lunheng.reports.models import Breach

WITHOUT_LIMIT = "没有办理时限，办理前案件停在这一步"


@dataclass(frozen=True)
class Turn:
    """The one card that matters."""

    who: str
    label: str
    until: datetime | None
    clause: str
    steps: list[str]
    otherwise: str
    meaning: str
    links: tuple[Ask, ...]


def asked(cases: Iterable[Case]) -> set[int]:
    """The cases that have asked for their panel and wait for the draw (one query, none where no case is that far)."""
    ready = [case.pk for case in cases if case.state == ReviewState.READY]
    if not ready:
        return set()
    found = PanelRequest.objects.filter(case__in=ready).exclude(state=PanelRequest.State.CANCELLED)
    return set(found.values_list("case_id", flat=True))


def asks(case: Case, role: Role, *, is_asked: bool) -> list[Ask]:
    """The buttons of a role; whoever has asked for a panel goes on to the draw and does not ask again."""
    found = buttons(ReviewState(case.state), role)
    if not is_asked:
        return found
    return [
        replace(one, label="去抽取专家", screen="panels:panel")
        if one.screen == "plans:request_panel"
        else one
        for one in found
    ]


def turn(case: Case, role: Role, at: datetime) -> Turn:
    """The turn of a review, with the buttons that this role has; what is late and not yet made good comes first."""
    late = Breach.objects.filter(case=case, mended_at__isnull=True).order_by("due_at").first()
    running = _running(case, role, at)
    if late is None:
        return running
    return replace(
        running,
        until=late.due_at,
        clause=late.clause,
        steps=[],
        otherwise=RECORD_OVERDUE.otherwise,
        meaning="late",
    )


def _running(case: Case, role: Role, at: datetime) -> Turn:
    state = ReviewState(case.state)
    phase = REVIEW_PHASES[state]
    deadline = next_deadlines([case]).get(case.pk)
    return Turn(
        who=whose_turn_words(case),
        label=phase.label,
        until=deadline.until if deadline else None,
        clause=deadline.clause if deadline else "",
        steps=list(deadline.steps) if deadline else [],
        otherwise=_otherwise(deadline) if deadline else WITHOUT_LIMIT,
        meaning=_meaning(deadline, at),
        links=tuple(asks(case, role, is_asked=bool(asked([case])))),
    )


def _otherwise(deadline: Deadline) -> str:
    """What happens if nobody does anything; empty for what concerns nobody."""
    kind = CONSEQUENCES.get(deadline.name)
    return kind.otherwise if kind else ""


def _meaning(deadline: Deadline | None, at: datetime) -> str:
    if deadline is None:
        return "wait"
    if deadline.is_late(at):
        return "late"
    if deadline.is_provisional:
        return "wait"
    return "soon" if (deadline.due_at - at).total_seconds() < 24 * 3600 else "wait"
