"""签名: by hand after a meeting on site, electronically after a video meeting; outsiders make the review
void."""

from collections.abc import Sequence
from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.errors import require
from lunheng.core.procedures.consequences import RECORD_OVERDUE, REMIND_UPLOAD, SEAL_DOCUMENT
from lunheng.core.procedures.reporting import SIGN_REPORT, UPLOAD_SIGNED_REPORT
from lunheng.core.reasons import cut
from lunheng.core.verdict import Verdict, refused
from lunheng.core.workflow import ReviewState
from lunheng.documents.models import Document
from lunheng.ledger.models import Entry
from lunheng.meetings.queries import confirmed_members
from lunheng.panels.models import Member
from lunheng.panels.permissions import may_organize
from lunheng.reports import permissions, queries
from lunheng.reports.models import Report, Signature

HAND, ELECTRONIC = Signature.Method.HAND, Signature.Method.ELECTRONIC


@act(SIGN_REPORT)
def sign_report(*, report_id: int, actor: Actor, at: datetime) -> Entry:
    """电子签名 by one member, where the pack has it for this form of meeting (NN 四（六）); refused where a
    hand-written signature is asked for (QD 四（一）4). The last signature makes the report valid."""
    case = lock(queries.case_of_report(report_id))
    report = Report.objects.select_for_update().get(pk=report_id)
    report.case = case
    members = list(confirmed_members(case))
    member = _own_seat(actor, case, members)
    require(permissions.judge_method(case, report, ELECTRONIC, [member.expert.name], [member.expert.name]))
    require(may_now(case, SIGN_REPORT))
    clause = case.law.clause("report.signature")
    if member.pk in queries.signed_members(report):
        require(refused(clause, "您已签署本报告", "等待其他专家签署", report.number))
    Signature.objects.create(
        report=report, member=member, name=member.expert.name, method=ELECTRONIC, signed_at=at
    )
    signed = [one for one in members if one.pk in queries.signed_members(report)]
    is_complete = len(signed) == len(members)
    if is_complete:
        require(permissions.judge_validity(case, signed, []))
        _make_valid(report, at)
        case.due(SEAL_DOCUMENT, key=report.pk, due=at, clause=clause)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "电子签署论证报告",
            "clause": str(clause),
            "report": report.number,
            "expert": member.expert.reference,
            "is_complete": is_complete,
        },
    )


def _own_seat(actor: Actor, case: Case, members: Sequence[Member]) -> Member:
    """The actor's seat on the panel.

    Raises:
        Refused: the actor does not sit on this panel.
    """
    own = next((one for one in members if actor.expert and one.expert.reference == actor.expert), None)
    if own is None:
        clause = case.law.clause("report.validity")
        require(refused(clause, "论证报告只能由本次论证的专家签署", "请由专家组成员签署", actor.name))
    assert own is not None
    return own


@act(UPLOAD_SIGNED_REPORT)
def upload_signed_report(
    *,
    report_id: int,
    document_id: int,
    signed: list[int],
    outsiders: list[str],
    actor: Actor,
    at: datetime,
) -> Entry:
    """上传手写签名的论证报告扫描件, with a signature marked for each member (QD 四（一）4, NN 四（六）).

    A report that outsiders signed, or too few (NN: or an even number of) experts, makes the review 无效
    (QD 四（一）1, NN 四（二）): it is stored as void, and works may not start.
    """
    case = lock(queries.case_of_report(report_id))
    report = Report.objects.select_for_update().get(pk=report_id)
    report.case = case
    document = Document.objects.get(pk=document_id)
    members = list(confirmed_members(case))
    signers = [member for member in members if member.pk in signed]
    strangers = [*outsiders, *_names_of_others(case, signed, members)]
    require(may_organize(actor, case))
    require(_judge_own(case, report, document))
    require(permissions.judge_method(case, report, HAND, [one.expert.name for one in members], []))
    require(may_now(case, UPLOAD_SIGNED_REPORT))
    validity = permissions.judge_validity(case, signers, strangers)
    if validity.is_allowed or not (signed or outsiders):
        names = [one.expert.name for one in signers]
        require(permissions.judge_method(case, report, HAND, names, [one.expert.name for one in members]))
    document.bind(case, Document.Kind.SIGNED_REPORT, actor=actor, at=at)
    report.signed_document = document
    _store_signatures(report, signers, strangers, at)
    if validity.is_allowed:
        _make_valid(report, at)
        asked = queries.items_of_signed_report(case)
        report.count_as_uploaded(document, asked, by=actor.reference, at=at)
    else:
        _make_void(report, validity, at)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "上传签名的论证报告" if validity.is_allowed else "论证工作无效",
            "clause": str(validity.reasons[0].clause if not validity.is_allowed else _signature_clause(case)),
            "report": report.number,
            "signed": sorted(one.expert.reference for one in signers),
            "outsiders": strangers,
            "state": case.state,
        },
        files=[{"sha256": document.sha256, "size": document.size, "kind": document.kind}],
    )


def _signature_clause(case: Case) -> object:
    return case.law.clause("report.signature")


def _names_of_others(case: Case, signed: Sequence[int], members: Sequence[Member]) -> list[str]:
    """Names behind signatures of people who do not (or no longer) sit on the panel."""
    present = {member.pk for member in members}
    gone = case.members.filter(pk__in=[key for key in signed if key not in present])
    return [member.expert.name for member in gone.select_related("expert")]


def _judge_own(case: Case, report: Report, document: Document) -> Verdict:
    """Two plans cannot share one report (QD 四（二）4, NN 四（七）); one line of versions is one plan."""
    others = Report.objects.exclude(case__review__plan__lineage=case.review.plan.lineage)
    shared = others.filter(signed_document__sha256=document.sha256).exists()
    elsewhere = document.case_id is not None and document.case_id != case.pk
    return case.law.judge("report.own", has_number=bool(report.number), shared=shared or elsewhere)


def _store_signatures(
    report: Report, signers: Sequence[Member], outsiders: Sequence[str], at: datetime
) -> None:
    report.signatures.all().delete()
    Signature.objects.bulk_create(
        [
            Signature(report=report, member=one, name=one.expert.name, method=HAND, signed_at=at)
            for one in signers
        ]
        + [Signature(report=report, name=name[:64], method=HAND, signed_at=at) for name in outsiders]
    )


def _make_valid(report: Report, at: datetime) -> None:
    """Everybody whose signature counts has signed."""
    report.state, report.signed_at = Report.State.SIGNED, at
    report.save(update_fields=("state", "signed_at", "signed_document"))


def _make_void(report: Report, validity: Verdict, at: datetime) -> None:
    """论证工作无效: the duties to upload its result end with it."""
    case = report.case
    report.state, report.signed_at = Report.State.VOID, at
    report.void_reason = cut(str(validity.reasons[0]))
    report.save(update_fields=("state", "signed_at", "signed_document", "void_reason"))
    for duty in queries.DUTIES:
        for kind in (RECORD_OVERDUE, REMIND_UPLOAD):
            case.met(kind, key=duty, at=at)
    case.move(ReviewState.VOID)
