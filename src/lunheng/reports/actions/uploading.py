"""上传论证结果: what must be on the platform, by when, by whom; breaches are recorded by the platform
itself."""

from collections.abc import Mapping
from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.cases.models import Case, Deadline
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor, Role
from lunheng.core.deadlines import format_due
from lunheng.core.errors import require
from lunheng.core.policy.rules.reports import RecordUpload
from lunheng.core.procedures.consequences import RECORD_OVERDUE, RECORD_SERVICE, REMIND_UPLOAD
from lunheng.core.procedures.reporting import (
    OFFER_FROM_OUTSIDE,
    RECORD_BREACH,
    RECORD_THE_SERVICE,
    REMIND,
    SUBMIT_RESULTS,
    UPLOAD_RESULT,
)
from lunheng.core.verdict import Verdict, combine, refused
from lunheng.core.workflow import ReviewState
from lunheng.documents.models import Document
from lunheng.ledger.models import Entry
from lunheng.meetings.queries import confirmed_members, last_meeting, party_accounts
from lunheng.messaging.models import Message
from lunheng.messaging.texts import UPLOAD_OVERDUE, UPLOAD_REMINDER, MessageKind
from lunheng.panels.permissions import may_organize
from lunheng.plans.models import Review
from lunheng.pools.models import ServiceRecord
from lunheng.reports import permissions, queries
from lunheng.reports.models import Breach, Report, Upload

KINDS: Mapping[str, str] = {
    "report": Document.Kind.SIGNED_REPORT,
    "report_scan": Document.Kind.SIGNED_REPORT,
    "sign_in": Document.Kind.SIGN_IN,
    "conclusion": Document.Kind.REPORT,
    "photos": Document.Kind.PHOTO,
}
SHORT_NAMES = {"scan": "report_scan", "photo": "photos"}
AFTER = {
    Review.Conclusion.APPROVED: ReviewState.PASSED,
    Review.Conclusion.APPROVED_IF_REVISED: ReviewState.REVISING,
    Review.Conclusion.NOT_APPROVED: ReviewState.FAILED,
}


@act(UPLOAD_RESULT)
def upload_result(*, case_id: int, item: str, document_id: int, actor: Actor, at: datetime) -> Upload:
    """上传 one item of the result (QD 四（一）3: report, sign_in; NN 四（五）: conclusion, sign_in, photos,
    四（七）: report_scan); late uploads are taken, and marked."""
    case = lock(case_id)
    name = SHORT_NAMES.get(item, item)
    duty = next((one for one in queries.duties_of(case) if name in one.items), None)
    if duty is None:
        clause = case.law.clause("record.upload")
        label = case.law.label("record_items", name)
        require(refused(clause, f"规定的上传资料中没有“{label}”", "按资料清单上传", item))
    assert duty is not None
    require(permissions.may_upload(actor, case, duty.key))
    require(may_now(case, UPLOAD_RESULT))
    document = Document.objects.get(pk=document_id)
    document.bind(case, KINDS[name], actor=actor, at=at)
    upload = Upload.objects.create(
        case=case,
        item=name,
        document=document,
        uploaded_by=actor.reference,
        uploaded_at=at,
        is_late=duty.deadline is not None and duty.deadline.is_late(at),
    )
    case.enter(
        actor=actor,
        at=at,
        data={
            "label": f"上传{case.law.label('record_items', name)}",
            "clause": duty.clause,
            "item": name,
            "is_late": upload.is_late,
        },
        files=[{"sha256": document.sha256, "size": document.size, "kind": document.kind}],
    )
    return upload


@act(SUBMIT_RESULTS)
def submit_results(*, case_id: int, actor: Actor, at: datetime) -> Entry:
    """提交论证结果: the review has its own signed report (QD 四（二）4, NN 四（七）), every item is there
    (QD 四（一）3, NN 四（五）, 四（七）); the conclusion takes effect, a breach recorded meanwhile is
    mended by now."""
    case = lock(case_id)
    keys = [RecordUpload.key, *(duty.key for duty in queries.duties_of(case))]
    for key in dict.fromkeys(keys):
        require(permissions.may_upload(actor, case, key))
    report = _closable_report(case)
    require(_complete(case, actor))
    require(may_now(case, SUBMIT_RESULTS))
    for duty in queries.duties_of(case):
        case.met(RECORD_OVERDUE, REMIND_UPLOAD, key=duty.key, at=at)
    Breach.objects.filter(case=case, mended_at=None).update(mended_at=at)
    review = case.review
    review.conclusion, review.concluded_at = report.conclusion, at
    review.save(update_fields=("conclusion", "concluded_at"))
    case.move(AFTER[Review.Conclusion(report.conclusion)])
    case.due(RECORD_SERVICE, due=at, clause=case.law.clause("report.own"))
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": f"提交论证结果：{report.get_conclusion_display()}",
            "clause": str(case.law.clause("record.upload")),
            "report": report.number,
            "conclusion": report.conclusion,
            "items": sorted(queries.present_items(case)),
            "state": case.state,
        },
    )


def _closable_report(case: Case) -> Report:
    """The report on which the review can be closed.

    Raises:
        Refused: none, not signed by every member as the meeting asks, divided votes, or an open defect.
    """
    report = queries.report_of(case)
    require(case.law.judge("report.own", has_number=report is not None, shared=False))
    assert report is not None
    if report.state == Report.State.COMPILED:
        signed = queries.signed_members(report)
        members = list(confirmed_members(case))
        method = queries.lawful_method(case, report.meeting.mode)
        names = [one.expert.name for one in members if one.pk in signed]
        require(permissions.judge_method(case, report, method, names, [one.expert.name for one in members]))
    if case.state == ReviewState.UPLOADING:
        require(permissions.judge_agreement(case, report.conclusion))
        require(permissions.judge_defects(case, report.conclusion))
    return report


def _complete(case: Case, actor: Actor) -> Verdict:
    present, mode = queries.present_items(case), queries.mode_of_meeting(case)
    return combine(
        *(
            case.law.judge(duty.key, present=present, actor_role=actor.role.value, mode=mode)
            for duty in queries.duties_of(case)
        ),
        case.law.judge("report.own", has_number=True, shared=False),
    )


@answers(RECORD_SERVICE, RECORD_THE_SERVICE)
def record_service(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """Each expert's file learns that the duty was done: attended and signed, with the result of the
    review."""
    case = due.case
    clause, members = case.law.clause("report.own"), list(confirmed_members(case))
    text = f"参加论证并签署论证报告，结论：{case.review.get_conclusion_display()}"
    files = [member.expert.file for member in members]
    ServiceRecord.write_all(files, ServiceRecord.Kind.ATTENDED, at, clause, text, case)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "专家履职情况记入档案",
            "clause": str(clause),
            "experts": sorted(member.expert.reference for member in members),
        },
    )


@answers(RECORD_OVERDUE, RECORD_BREACH)
def record_overdue(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """逾期未上传: the time limit has passed and the result is not complete; the breach stands by itself, a
    late upload stays possible."""
    case, deadline = due.case, due.deadline
    Breach.objects.get_or_create(
        case=case,
        duty=deadline.subject,
        defaults={"clause": deadline.clause, "due_at": deadline.due_at, "recorded_at": at},
    )
    missing = [
        case.law.label("record_items", item)
        for duty in queries.duties_of(case)
        if duty.key == deadline.subject
        for item in duty.missing
    ]
    _tell(case, UPLOAD_OVERDUE, f"overdue:{deadline.pk}", "、".join(missing), deadline, at)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "逾期未上传论证结果",
            "clause": deadline.clause,
            "duty": deadline.subject,
            "due_at": deadline.due_at.isoformat(),
            "missing": missing,
        },
    )


@answers(REMIND_UPLOAD, REMIND)
def remind_upload(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """提醒: the time limit of the upload ends on the next working day."""
    case, deadline = due.case, due.deadline
    duty = next(one for one in queries.duties_of(case) if one.key == deadline.subject)
    missing = [case.law.label("record_items", item) for item in duty.missing]
    _tell(
        case,
        UPLOAD_REMINDER,
        f"remind:{deadline.pk}",
        "、".join(missing),
        duty.deadline or deadline,
        at,
    )
    return case.enter(
        actor=actor,
        at=at,
        data={"label": "提醒上传论证结果", "clause": deadline.clause, "duty": duty.key, "missing": missing},
    )


def _tell(case: Case, kind: MessageKind, key: str, missing: str, deadline: Deadline, at: datetime) -> None:
    """Write to those who must upload."""
    until = format_due(deadline.due_at, with_year=True)
    Message.post_all(
        Message.draft(
            kind,
            key=f"{key}:{account.pk}",
            case=case,
            account=account,
            at=at,
            until=until,
            missing=missing or "提交",
        )
        for account in party_accounts(case, Role.CONTRACTOR, Role.AGENCY)
    )


@act(OFFER_FROM_OUTSIDE)
def upload_outside_conclusion(*, case_id: int, document_id: int, actor: Actor, at: datetime) -> Entry:
    """上传平台外形成的论证结论: refused for a plan review without a draw on the platform (QD 一（二）, NN 一)
    whatever the reason, and needless with one: then its own report is uploaded.

    Raises:
        Refused: always.
    """
    case = lock(case_id)
    require(may_organize(actor, case))
    require(
        case.law.judge(
            "scope.platform_only", activity="plan_review", has_draw=queries.has_draw(case), reason=""
        )
    )
    clause = case.law.clause("scope.platform_only")
    number = last_meeting(case)
    remedy = "按论证结果上传" if number else "完成论证会后上传论证结果"
    require(refused(clause, "本案已在平台抽取专家，应上传本次论证形成的结论", remedy, f"文件 {document_id}"))
    raise AssertionError("unreachable: refused above")
