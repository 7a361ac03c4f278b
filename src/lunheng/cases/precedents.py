"""先后: which entries must be in a review's file before a step is entered, as one table.

Asked in one place, where every step is entered. The state of a row does not count here: what counts is that the log has
the earlier step. A step whose lawful predecessor is missing is refused, with what is missing and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lunheng.core.errors import require
from lunheng.core.events import EVENTS
from lunheng.core.verdict import refused
from lunheng.core.workflow import REVIEW_PHASES, ReviewState
from lunheng.ledger.models import Entry

if TYPE_CHECKING:
    from lunheng.cases.models import Case

OPENED = ("review.opened/1", "review.legacy_entered/1")
"""Any of these will do; so everywhere in this table."""
SUBMITTED = ("plan.submitted/1", "plan.changed/1", "review.legacy_entered/1")
APPROVED = ("plan.approval_signed/1", "review.legacy_entered/1")
REQUESTED = ("panel.requested/1",)
COMMITTED = ("draw.committed/1",)
DRAWN = ("draw.result/1",)
PICKED = ("panel.candidates_picked/1",)
SEATED = ("panel.seat_confirmed/1", "panel.list_confirmed/1")
PLANNED = ("meeting.planned/1",)
STARTED = ("meeting.started/1",)
ENDED = ("meeting.ended/1",)
SETTLED = ("votes.settled/1",)
COMPILED = ("report.compiled/1",)
SIGNED = ("report.signed/1", "report.scan_uploaded/1")
SUBMITTED_RESULTS = ("results.submitted/1",)
CONCLUDED = ("results.submitted/1", "review.legacy_entered/1")
REVISED = ("revision.submitted/1", "plan.changed/1")

Group = tuple[str, ...]
PLAINLY: tuple[Group, ...] = (
    OPENED, SUBMITTED, APPROVED, REQUESTED, COMMITTED, DRAWN, PICKED, PLANNED, STARTED, ENDED, SETTLED, COMPILED,
    SUBMITTED_RESULTS, REVISED, ("entrustment.offered/1",), ("panel.election_opened/1",), ("visit.asked/1",),
)  # fmt: skip
"""The groups that are called what their first event is called."""
WORDS: Mapping[Group, str] = {
    **{group: EVENTS[group[0]] for group in PLAINLY},
    SEATED: "专家确认参加",
    SIGNED: "论证报告签名",
    CONCLUDED: "论证结论",
    ("entrustment.accepted/1", "entrustment.offered/1"): "委托论证机构",
    ("defects.answered/1",): "重大隐患核对",
    ("opinion.submitted/1", "vote.cast/1", "revision.rechecked/1"): "专家书面意见",
}
"""What people call each group; also the list of all groups."""

PRECEDENTS: Mapping[str, tuple[Group, ...]] = {
    "plan.submitted/1": (OPENED,),
    "plan.approval_signed/1": (SUBMITTED,),
    "plan.delivered/1": (SUBMITTED, DRAWN),
    "plan.opened/1": (SUBMITTED, DRAWN),
    "entrustment.offered/1": (OPENED,),
    "entrustment.accepted/1": (("entrustment.offered/1",),),
    "entrustment.ended/1": (("entrustment.accepted/1", "entrustment.offered/1"),),
    "panel.requested/1": (SUBMITTED, APPROVED),
    "panel.request_cancelled/1": (REQUESTED,),
    "draw.committed/1": (REQUESTED,),
    "draw.revealed/1": (COMMITTED,),
    "draw.result/1": (COMMITTED,),
    "draw.withheld/1": (COMMITTED,),
    "panel.seat_left/1": (REQUESTED, COMMITTED),
    "panel.window_started/1": (DRAWN,),
    "panel.invitation_expired/1": (DRAWN,),
    "panel.invitation_undelivered/1": (DRAWN,),
    "panel.seat_confirmed/1": (DRAWN,),
    "panel.seat_declined/1": (DRAWN,),
    "panel.member_recused/1": (DRAWN,),
    "panel.member_lost/1": (DRAWN,),
    "panel.member_removed/1": (DRAWN,),
    "panel.member_removed_by_recusal/1": (DRAWN,),
    "panel.sister_decided/1": (COMMITTED,),
    "panel.leak_filed/1": (DRAWN,),
    "panel.commitment_signed/1": (DRAWN,),
    "panel.candidates_picked/1": (DRAWN,),
    "panel.contact_recorded/1": (DRAWN, PICKED),
    "panel.contact_answered/1": (DRAWN, PICKED),
    "panel.list_confirmed/1": (DRAWN, PICKED),
    "panel.leader_named/1": (DRAWN, SEATED),
    "panel.election_opened/1": (DRAWN, SEATED),
    "panel.ballot_cast/1": (DRAWN, ("panel.election_opened/1",)),
    "meeting.planned/1": (DRAWN, SEATED),
    "meeting.rescheduled/1": (PLANNED,),
    "meeting.attended/1": (PLANNED,),
    "meeting.member_attended/1": (DRAWN, PLANNED),
    "meeting.started/1": (SUBMITTED, APPROVED, DRAWN, PLANNED),
    "meeting.ended/1": (STARTED,),
    "meeting.stopped/1": (PLANNED,),
    "meeting.sheet_attached/1": (STARTED,),
    "visit.asked/1": (DRAWN,),
    "visit.answered/1": (("visit.asked/1",),),
    "opinion.submitted/1": (SUBMITTED, DRAWN),
    "opinion.found_missing/1": (STARTED,),
    "opinion.form_attached/1": (("opinion.submitted/1", "vote.cast/1", "revision.rechecked/1"),),
    "vote.cast/1": (DRAWN, STARTED),
    "votes.settled/1": (ENDED,),
    "votes.reopened/1": (SETTLED,),
    "report.compiled/1": (DRAWN, ENDED, SETTLED),
    "report.corrected/1": (COMPILED,),
    "report.document_attached/1": (COMPILED,),
    "report.signed/1": (COMPILED,),
    "report.scan_uploaded/1": (COMPILED,),
    "report.sealed/1": (COMPILED, SIGNED),
    "result.uploaded/1": (DRAWN, COMPILED),
    "results.submitted/1": (DRAWN, COMPILED, SIGNED),
    "service.recorded/1": (SUBMITTED_RESULTS,),
    "defect.cleared/1": (("defects.answered/1",),),
    "item.answered/1": (COMPILED, SUBMITTED_RESULTS),
    "revision.submitted/1": (COMPILED, SUBMITTED_RESULTS),
    "revision.rechecked/1": (REVISED,),
    "revision.approved/1": (REVISED,),
    "works.started/1": (CONCLUDED,),
    "plan.changed/1": (SUBMITTED,),
}
"""By event, every group of which one entry must be there."""

FIRST: Mapping[str, str] = {
    "review.opened/1": "开启案件",
    "review.legacy_entered/1": "开启案件：补录平台启用前的论证",
    "party.added/1": "参建单位的登记不以论证步骤为前提",
    "party.removed/1": "参建单位的登记不以论证步骤为前提",
    "panel.relations_rechecked/1": "参建单位或专家变动即重新核对回避",
    "message.reported/1": "送达回执随消息而来",
    "defects.answered/1": "核对重大隐患不以论证步骤为前提",
    "payload.erased/1": "擦除内容不以论证步骤为前提",
    "duty.breached/1": "到期即记，缺什么都不妨碍记录逾期",
    "upload.reminded/1": "到期即提醒",
    "conclusion.offered_from_outside/1": "一律拒绝",
    "panel.member_added_by_hand/1": "一律拒绝",
    "expert.interest_recorded/1": "专家档案的变化使在办案件重新核对回避",
    "expert.unit_changed/1": "专家档案的变化使在办案件重新核对回避",
    "expert.state_changed/1": "专家档案的变化使在办案件重新核对回避",
}
"""Events that may be entered in a review without any predecessor, with the reason."""

STATES: Mapping[ReviewState, tuple[Group, ...]] = {
    ReviewState.CONFIRMING: (REQUESTED,),
    ReviewState.PREPARING: (DRAWN,),
    ReviewState.MEETING: (DRAWN, PLANNED, STARTED),
    ReviewState.REPORTING: (DRAWN, STARTED, ENDED),
    ReviewState.UPLOADING: (DRAWN, COMPILED),
    ReviewState.REVISING: (DRAWN, COMPILED, SUBMITTED_RESULTS),
    ReviewState.RECHECKING: (DRAWN, COMPILED, SUBMITTED_RESULTS, REVISED),
    ReviewState.REAPPROVING: (DRAWN, COMPILED, SUBMITTED_RESULTS, REVISED),
    ReviewState.PASSED: (CONCLUDED,),
    ReviewState.FAILED: (CONCLUDED,),
    ReviewState.WORKING: (CONCLUDED,),
}
"""What the log of a review must hold that stands in this state."""
BY_STATE: Mapping[str, tuple[Group, ...]] = {state.value: groups for state, groups in STATES.items()}
"""The same for whatever somebody wrote into the row."""
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


def require_precedents(case: Case, event: str, entering: Set[str]) -> None:
    """Let a step be entered in a review; ``entering`` holds what the same act enters before it.

    Raises:
        Refused: the log lacks a lawful predecessor (``platform.order``).
    """
    groups = PRECEDENTS.get(event, ()) if case.kind == case.Kind.REVIEW else ()
    if not groups:
        return
    wanted = {name for group in groups for name in group}
    present = entering | set(
        Entry.objects.filter(subject=case.reference, event__in=wanted)
        .order_by()
        .values_list("event", flat=True)
    )
    for group in groups:
        if present.isdisjoint(group):
            message = f"存证中没有“{WORDS[group]}”，这一步不能办理"
            remedy = REMEDY.format(reference=case.reference)
            require(refused(case.law.clause("platform.order"), message, remedy))


def gaps(case: Case) -> list[Gap]:
    """What the log of a review lacks: before a step that it has, and for the state in which the review stands."""
    if case.kind != case.Kind.REVIEW:
        return []
    events = Entry.objects.filter(subject=case.reference).order_by("subject_number")
    found: list[Gap] = []
    seen: set[str] = set()
    for event in events.values_list("event", flat=True):
        found += [Gap(WORDS[group], event) for group in PRECEDENTS.get(event, ()) if seen.isdisjoint(group)]
        seen.add(event)
    found += [
        Gap(WORDS[group], case.state) for group in BY_STATE.get(case.state, ()) if seen.isdisjoint(group)
    ]
    return list({gap.missing: gap for gap in found}.values())
