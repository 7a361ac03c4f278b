"""电子签名文件: the report with every member's electronic signature in it (PAdES), one after the other."""

from datetime import datetime

from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.models import Deadline
from lunheng.core.actor import Actor
from lunheng.core.procedures.consequences import SEAL_DOCUMENT
from lunheng.core.procedures.reporting import SEAL_THE_REPORT
from lunheng.documents.models import Document
from lunheng.documents.signing import sign
from lunheng.ledger.models import Entry
from lunheng.reports import queries
from lunheng.reports.models import Report


class NotPrintedYet(Exception):
    """The report's PDF is still being made; the sweep comes again."""


def _report_of(deadline: Deadline) -> Report:
    reports = Report.objects.select_related("case", "document")
    return reports.get(pk=SEAL_DOCUMENT.key_in(deadline.subject))


def _seal(deadline: Deadline) -> dict[str, int]:
    """Sign and store, outside the transaction of the act that attaches."""
    report = _report_of(deadline)
    if report.document is None:
        raise NotPrintedYet(report.number)
    content = report.document.read()
    for signature in report.signatures.select_related("member__expert").order_by("signed_at", "pk"):
        assert signature.member is not None
        reference = signature.member.expert.reference
        content = sign(content, name=signature.name, reference=reference, at=signature.signed_at)
    document = Document.generate(
        name=f"专家论证报告（电子签名）-{report.number}.pdf",
        content=content,
        kind=Document.Kind.SIGNED_REPORT,
        at=deadline.due_at,
    )
    return {"document_id": document.pk}


@answers(SEAL_DOCUMENT, SEAL_THE_REPORT, prepare=_seal)
def seal_document(*, due: FallenDue, document_id: int, actor: Actor, at: datetime) -> Entry:
    """The electronically signed report joins the file and is the scan that the pack asks for (NN 四（六）,
    四（七））; it was signed and stored before this act."""
    case, deadline = due.case, due.deadline
    report, document = _report_of(deadline), Document.objects.get(pk=document_id)
    report.case = case
    document.bind(case, Document.Kind.SIGNED_REPORT, actor=actor, at=at)
    report.document = report.signed_document = document
    report.save(update_fields=("document", "signed_document"))
    asked = queries.items_of_signed_report(case)
    report.count_as_uploaded(document, asked, by=actor.reference, at=at)
    return case.enter(
        actor=actor,
        at=at,
        data={"label": "生成电子签名的论证报告", "clause": deadline.clause, "report": report.number},
        files=[{"sha256": document.sha256, "size": document.size, "kind": document.kind}],
    )
