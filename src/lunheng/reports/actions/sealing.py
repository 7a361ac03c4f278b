"""电子签名文件: the report with every member's electronic signature in it (PAdES), one after the other."""

from dataclasses import replace
from datetime import datetime

from lunheng.cases.acts import REGISTRY, AlreadyDone, act
from lunheng.cases.locks import lock
from lunheng.cases.models import Deadline
from lunheng.core.actor import Actor
from lunheng.documents.models import Document
from lunheng.documents.signing import sign
from lunheng.ledger.models import Entry
from lunheng.reports import queries
from lunheng.reports.models import Report


class NotPrintedYet(Exception):
    """The report's PDF is still being made; the sweep comes again."""


@act("report.sealed/1", is_public=False)
def seal_document(*, deadline_id: int, document_id: int, actor: Actor, at: datetime) -> Entry:
    """The electronically signed report joins the file and is the scan that the pack asks for (NN 四（六）,
    四（七））; it was signed and stored before this act."""
    case = lock(Deadline.objects.filter(pk=deadline_id).order_by().values("case_id"))
    deadline = Deadline.objects.select_for_update().get(pk=deadline_id)
    if deadline.met_at or deadline.performed_at:
        raise AlreadyDone
    report, document = _report_of(deadline), Document.objects.get(pk=document_id)
    report.case = case
    document.bind(case, Document.Kind.SIGNED_REPORT, actor=actor, at=at)
    report.document = report.signed_document = document
    report.save(update_fields=("document", "signed_document"))
    asked = queries.items_of_signed_report(case)
    report.count_as_uploaded(document, asked, by=actor.reference, at=at)
    deadline.perform(at)
    return case.enter(
        actor=actor,
        at=at,
        data={"label": "生成电子签名的论证报告", "clause": deadline.clause, "report": report.number},
        files=[{"sha256": document.sha256, "size": document.size, "kind": document.kind}],
    )


def _report_of(deadline: Deadline) -> Report:
    reports = Report.objects.select_related("case", "document")
    return reports.get(pk=int(deadline.subject.partition(":")[2]))


def _seal(*, deadline_id: int, actor: Actor, at: datetime) -> Entry:
    """Sign and store outside the transaction, then attach."""
    report = _report_of(Deadline.objects.get(pk=deadline_id))
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
        at=at,
    )
    return seal_document(deadline_id=deadline_id, document_id=document.pk, actor=actor, at=at)


REGISTRY["reports.seal_document"] = replace(REGISTRY["reports.seal_document"], perform=_seal)
