"""The sign-in sheet as a document, drawn up by the platform when the meeting has ended."""

from dataclasses import replace
from datetime import datetime

from lunheng.cases.acts import REGISTRY, AlreadyDone, act
from lunheng.cases.locks import lock
from lunheng.cases.models import Deadline
from lunheng.core.actor import Actor
from lunheng.documents.models import Document
from lunheng.documents.proofs import printed_proof
from lunheng.documents.rendering import render
from lunheng.ledger.models import Entry
from lunheng.meetings import queries
from lunheng.meetings.models import Meeting


@act("meeting.sheet_attached/1", is_public=False)
def attach_sheet(*, deadline_id: int, document_id: int, actor: Actor, at: datetime) -> Entry:
    """The sign-in sheet (31号（三）) joins the file; it was rendered and stored before this act."""
    case = lock(Deadline.objects.filter(pk=deadline_id).order_by().values("case_id"))
    deadline = Deadline.objects.select_for_update().get(pk=deadline_id)
    if deadline.met_at or deadline.performed_at:
        raise AlreadyDone
    meeting, document = _meeting_of(deadline), Document.objects.get(pk=document_id)
    document.bind(case, Document.Kind.SIGN_IN, actor=actor, at=at)
    meeting.document = document
    meeting.save(update_fields=("document",))
    deadline.perform(at)
    return case.enter(
        actor=actor,
        at=at,
        data={"label": "生成会议签到表", "clause": deadline.clause, "meeting": meeting.number},
        because=deadline.opened_by,
        files=[{"sha256": document.sha256, "size": document.size, "kind": document.kind}],
    )


def _meeting_of(deadline: Deadline) -> Meeting:
    return Meeting.objects.select_related("case").get(pk=int(deadline.subject.partition(":")[2]))


def _draw_up(*, deadline_id: int, actor: Actor, at: datetime) -> Entry:
    """Render and store outside the transaction, then attach."""
    deadline = Deadline.objects.get(pk=deadline_id)
    meeting = _meeting_of(deadline)
    document = Document.generate(
        name=f"专家论证会签到表-{meeting.case.reference}-{meeting.number}.pdf",
        content=render("sign_in", {**queries.sheet_data(meeting), **printed_proof(deadline.opened_by)}),
        kind=Document.Kind.SIGN_IN,
        at=at,
    )
    return attach_sheet(deadline_id=deadline_id, document_id=document.pk, actor=actor, at=at)


REGISTRY["meetings.attach_sheet"] = replace(REGISTRY["meetings.attach_sheet"], perform=_draw_up)
