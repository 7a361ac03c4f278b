"""What happens by itself: a public notice ends, a time limit runs out."""

from datetime import datetime

from lunheng.cases.acts import AlreadyDone
from lunheng.cases.answering import FallenDue, answers
from lunheng.core.actor import Actor
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import ANSWER_LIMIT, END_NOTICE
from lunheng.core.procedures.proceedings import EXPIRE_STEP, FINISH_NOTICE
from lunheng.ledger.models import Entry
from lunheng.notices.queries import notice_for_update
from lunheng.procedures import flow, permissions, queries
from lunheng.procedures.models import Proceeding


@answers(END_NOTICE, FINISH_NOTICE)
def end_notice(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """公示期满: without an open objection the matter goes on; with one it waits for the answer."""
    case, deadline = due.case, due.deadline
    proceeding = queries.proceeding_for_update(case)
    here = proceeding.here
    if here is None:
        raise AlreadyDone
    notice = notice_for_update(due.key)
    notice.end(at)
    settled = permissions.objections_are_settled(proceeding, here)
    if settled.is_allowed:
        flow.leave(proceeding, here, at)
        flow.tell(proceeding, f"公示期满。{_next(proceeding)}", at)
    label = "公示期满" if settled.is_allowed else f"公示期满，{settled.reasons[0].message}"
    data: dict[str, JsonValue] = {"label": label, "clause": deadline.clause}
    return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)


@answers(ANSWER_LIMIT, EXPIRE_STEP)
def answer_limit(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """办理期限届满: as the pack says the matter goes on, lapses, or stays where it is and is told as late."""
    case, deadline = due.case, due.deadline
    proceeding = queries.proceeding_for_update(case)
    here = proceeding.here
    if here is None or here.id != deadline.subject:
        raise AlreadyDone
    late = "next" if here.until else here.limit.late if here.limit else "tell"
    title = permissions.title_of(case.law, here)
    if late == "next":
        flow.leave(proceeding, here, at)
    elif late == "lapse":
        proceeding.end(Proceeding.State.LAPSED, at)
        flow.tell(proceeding, f"{title}逾期未办理，本事项终止", at)
    told = {"next": "截止", "lapse": "逾期未办理，事项终止", "tell": "逾期未办理"}[late]
    if here.kind == "statement":
        told = "期满未提出，视为放弃"
    data: dict[str, JsonValue] = {
        "label": f"{title}{told}",
        "clause": deadline.clause,
        "step": deadline.subject,
    }
    return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)


def _next(proceeding: Proceeding) -> str:
    here = proceeding.here
    return (
        f"下一步：{permissions.title_of(proceeding.case.law, here)}"
        if here
        else proceeding.get_state_display()
    )
