"""先后: which entries must be in a review's file before a step is entered, asked in one place, where every step is entered.

Also asked here, of whatever a person does: whether the phase in which the review was found has the step at all. For the
precedents the state of a row does not count: what counts is that the log has the earlier step. A step whose lawful predecessor is
missing is refused, with what is missing and what to do. What must come before what, the rows of ``core.procedures`` say.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from lunheng.cases.running import REVIEW, File
from lunheng.core.clauses import Clause
from lunheng.core.errors import require
from lunheng.core.events import EVENTS
from lunheng.core.procedures.step import Milestone
from lunheng.core.procedures.table import COUNTING, STEPS, after, asked_in, holds, is_in_time
from lunheng.core.verdict import refused
from lunheng.core.workflow import REVIEW_PHASES, ReviewState
from lunheng.ledger.models import Entry

ORDER = Clause("论衡平台运行规则", "第四条", "办理次序")
"""``platform.order`` of the platform's own pack."""
BEFORE: Mapping[str, str] = {
    **EVENTS,
    **{state.value: phase.label for state, phase in REVIEW_PHASES.items()},
}
"""What people call a step or a state before which something is missing."""
REMEDY = "请与监督机构联系，告知案件编号 {reference}：由监督机构查明缺少的存证，按规定补办该步骤或更正记录后，再办理本步骤"


@dataclass(frozen=True)
class Gap:
    """A lawful predecessor that the log lacks; ``code`` is the event or the state before which it should stand."""

    missing: str
    code: str

    @property
    def before(self) -> str:
        """What people call that step or state."""
        return BEFORE.get(self.code, self.code)

    def __str__(self) -> str:
        return f"存证中没有“{self.missing}”"


def wanted(entering: Iterable[tuple[File, str]]) -> dict[str, set[str]]:
    """What has to be looked for in the log, by file, when these steps are entered."""
    found: dict[str, set[str]] = {}
    for case, event in entering:
        for milestone in _needed(case, event):
            found.setdefault(case.reference, set()).update(COUNTING[milestone])
    return found


def require_precedents(entering: Iterable[tuple[File, str]], logged: Mapping[str, Set[str]]) -> None:
    """Let an act enter these steps, one after another; ``logged`` holds what of the wanted the files have.

    Raises:
        Refused: the log lacks a lawful predecessor (``platform.order``).
    """
    before: dict[str, set[str]] = {}
    for case, event in entering:
        present = before.setdefault(case.reference, set(logged.get(case.reference, ())))
        for milestone in _missing(_needed(case, event), present):
            message = f"存证中没有“{milestone.words}”，这一步不能办理"
            remedy = REMEDY.format(reference=case.reference)
            require(refused(case.law.clause("platform.order"), message, remedy))
        present.add(event)


def _needed(case: File, event: str) -> Iterable[Milestone]:
    return after(event) if case.kind == REVIEW else ()


def require_time(case: File, event: str, state: str) -> None:
    """Let a step be entered in a review that was found in ``state``, whatever its act itself has looked at.

    Raises:
        Refused: the row of the step does not have this phase (``platform.order``).
    """
    step = STEPS.get(event) if case.kind == REVIEW else None
    if step is None or is_in_time(step, ReviewState(state)):
        return
    phase = ReviewState(state)
    label, lawful = REVIEW_PHASES[phase].label, asked_in(phase)
    require(case.law.judge("platform.order", state=label, act=step.asked or step.words, lawful=lawful))


def gaps(case: File) -> list[Gap]:
    """What the log of a review lacks: before a step that it has, and for the state in which the review stands."""
    if case.kind != REVIEW:
        return []
    events = Entry.objects.filter(subject=case.reference).order_by("subject_number")
    found: list[Gap] = []
    seen: set[str] = set()
    for event in events.values_list("event", flat=True):
        found += [Gap(milestone.words, event) for milestone in _missing(after(event), seen)]
        seen.add(event)
    found += [Gap(milestone.words, case.state) for milestone in _missing(holds(case.state), seen)]
    return list({gap.missing: gap for gap in found}.values())


def _missing(needed: Iterable[Milestone], present: Set[str]) -> Iterator[Milestone]:
    return (milestone for milestone in needed if present.isdisjoint(COUNTING[milestone]))
