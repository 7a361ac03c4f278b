"""制发文书与移送: what a finished procedure hands to people, and to whom it passes a matter on."""

from datetime import datetime
from typing import Any

from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.models import Deadline, Reader
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import ISSUE_DOCUMENT, REFER_MATTER
from lunheng.core.procedures.proceedings import ISSUE, REFER
from lunheng.documents.models import Document
from lunheng.ledger.models import Entry
from lunheng.procedures import flow, permissions
from lunheng.procedures.effects import effecting
from lunheng.procedures.models import IssuedDocument, Proceeding
from lunheng.procedures.papers import ISSUED, Issuing


def _draw_up(deadline: Deadline) -> dict[str, Any]:
    """Render and store, outside the transaction of the act that issues."""
    proceeding = Proceeding.objects.select_related("case", "about").get(case_id=deadline.case_id)
    candidate = proceeding.candidates.get(pk=ISSUE_DOCUMENT.key_in(deadline.subject))
    step = proceeding.here
    if step is None or not step.document:
        return {"document_id": 0, "code": ""}
    issuing = Issuing(proceeding, candidate, step, deadline)
    return {**ISSUED.draw_up(issuing, entry=None, at=deadline.due_at), "code": issuing.code}


@answers(ISSUE_DOCUMENT, ISSUE, prepare=_draw_up)
def issue_document(*, due: FallenDue, document_id: int, code: str, actor: Actor, at: datetime) -> Entry:
    """制发文书: letter, certificate or list as a PDF with number and code, by which anybody checks it on the portal."""
    found = effecting(due)
    proceeding, candidate, step = found.proceeding, found.candidate, found.step
    document = Document.objects.get(pk=document_id)
    document.bind(due.case, Document.Kind.OTHER, at=at)
    is_list = step.document == "list"
    issued = IssuedDocument.objects.create(
        proceeding=proceeding,
        candidate=None if is_list else candidate,
        form=step.document,
        title=permissions.title_of(due.case.law, step)[:120],
        number=Issuing(proceeding, candidate, step, due.deadline).number,
        code=code,
        document=document,
        issued_at=at,
    )
    data: dict[str, JsonValue] = {
        "label": f"制发{issued.title}",
        "clause": str(found.clause),
        "number": issued.number,
        "form": issued.form,
    }
    files: list[dict[str, str | int]] = [
        {"sha256": document.sha256, "size": document.size, "kind": document.kind}
    ]
    entry = due.case.enter(actor=actor, at=at, data=data, files=files, because=due.deadline.opened_by)
    flow.effected(proceeding, candidate, at)
    flow.tell(proceeding, f"已制发{issued.title}，编号{issued.number}", at)
    return entry


@answers(REFER_MATTER, REFER)
def refer_matter(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """移送: the matter is passed on to whom the form names; an office of the pack may open it from now on."""
    found = effecting(due)
    recipient = str(found.given["recipient"])[:120]
    law, case = due.case.law, due.case
    if recipient in law.offices and not case.readers.filter(office=recipient).exists():
        Reader.objects.create(case=case, office=recipient, division_id=case.division_id)
    name = permissions.office_name(law, recipient)
    data: dict[str, JsonValue] = {
        "label": f"移送{name}",
        "clause": str(found.clause),
        "recipient": recipient,
        "on": str(at.astimezone(CHINA).date()),
    }
    entry = case.enter(actor=actor, at=at, data=data, because=due.deadline.opened_by)
    flow.effected(found.proceeding, found.candidate, at)
    flow.tell(found.proceeding, f"已移送{name}", at)
    return entry
