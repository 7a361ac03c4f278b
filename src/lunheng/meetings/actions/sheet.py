"""The sign-in sheet as a document, drawn up by the platform when the meeting has ended."""

from datetime import datetime

from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.models import Deadline
from lunheng.core.actor import Actor
from lunheng.core.procedures.consequences import ATTACH_SHEET
from lunheng.core.procedures.meeting import ATTACH_THE_SHEET
from lunheng.documents.models import Document
from lunheng.ledger.models import Entry
from lunheng.meetings.models import Meeting
from lunheng.meetings.papers import SIGN_IN


def _meeting_of(deadline: Deadline) -> Meeting:
    return Meeting.objects.select_related("case").get(pk=ATTACH_SHEET.key_in(deadline.subject))


def _draw_up(deadline: Deadline) -> dict[str, int]:
    """Render and store, outside the transaction of the act that attaches."""
    return SIGN_IN.draw_up(_meeting_of(deadline), entry=deadline.opened_by, at=deadline.due_at)


@answers(ATTACH_SHEET, ATTACH_THE_SHEET, prepare=_draw_up)
def attach_sheet(*, due: FallenDue, document_id: int, actor: Actor, at: datetime) -> Entry:
    """The sign-in sheet (31号（三）) joins the file; it was rendered and stored before this act."""
    case, deadline = due.case, due.deadline
    meeting, document = _meeting_of(deadline), Document.objects.get(pk=document_id)
    document.bind(case, Document.Kind.SIGN_IN, actor=actor, at=at)
    meeting.document = document
    meeting.save(update_fields=("document",))
    return case.enter(
        actor=actor,
        at=at,
        data={"label": "生成会议签到表", "clause": deadline.clause, "meeting": meeting.number},
        because=deadline.opened_by,
        files=[{"sha256": document.sha256, "size": document.size, "kind": document.kind}],
    )
