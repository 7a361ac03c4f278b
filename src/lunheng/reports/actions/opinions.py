"""预审意见: first opinions before the meeting, and who gave none."""

from datetime import datetime
from typing import NotRequired

from typing_extensions import TypedDict

from lunheng.cases.acts import act
from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock, lock_many
from lunheng.cases.models import Case, Deadline
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.errors import require
from lunheng.core.procedures.consequences import ATTACH_FORM, RECORD_MISSING_OPINIONS
from lunheng.core.procedures.reporting import ATTACH_THE_FORM, FIND_MISSING_OPINIONS, SUBMIT_OPINION
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.documents.models import Document
from lunheng.ledger.models import Entry
from lunheng.meetings.models import Meeting
from lunheng.meetings.queries import case_of_member, current_version
from lunheng.panels.models import Member
from lunheng.pools.models import ServiceRecord
from lunheng.reports import permissions, queries
from lunheng.reports.models import OpinionForm
from lunheng.reports.papers import OPINION_FORM


class OpinionLine(TypedDict):
    """One opinion as it is handed in: place in the plan, problem, basis, advice; must or should."""

    place: NotRequired[str]
    problem: NotRequired[str]
    basis: NotRequired[str]
    advice: NotRequired[str]
    is_required: NotRequired[bool]


@act(SUBMIT_OPINION)
def submit_opinion(
    *,
    member_id: int,
    items: list[OpinionLine],
    conclusion: str,
    document_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> OpinionForm:
    """上传审查意见表 before the meeting (QD 四（二）3, NN 四（三）); after the start it is stored as late.

    Every item names place, problem and advice, and the form concludes (QD 四（二）2, NN 五（三）).
    """
    case = lock(case_of_member(member_id))
    member = Member.objects.select_related("expert").get(pk=member_id)
    require(permissions.may_write(actor, member))
    require(may_now(case, SUBMIT_OPINION))
    require(permissions.judge_form(case, items, conclusion))
    version = current_version(case)
    if queries.own_form(member, queries.Stage.PREREVIEW, version):
        clause = case.law.clause("prereview.form")
        require(
            refused(clause, "您对本版方案的审查意见已经提交", "补充意见请在会上提出", f"第{version.number}版")
        )
    form = OpinionForm.objects.create(
        case=case,
        member=member,
        version=version,
        stage=queries.Stage.PREREVIEW,
        conclusion=conclusion,
        is_late=case.meetings.filter(started_at__lte=at).exists(),
        submitted_at=at,
    )
    form.keep(items)
    clause = case.law.clause("prereview.form")
    if document_id is None:
        case.due(ATTACH_FORM, key=form.pk, due=at, clause=clause)
    else:
        require(_is_own(case, document_id, actor))
        _attach(form, document_id, actor, at)
    case.enter(
        actor=actor,
        at=at,
        data={
            "label": "提交预审意见（迟交）" if form.is_late else "提交预审意见",
            "clause": str(clause),
            "expert": member.expert.reference,
            "version": version.number,
            "items": len(items),
            "conclusion": conclusion,
            "is_late": form.is_late,
        },
    )
    return form


@answers(RECORD_MISSING_OPINIONS, FIND_MISSING_OPINIONS)
def record_missing_opinions(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """如实记录备案 (QD 四（二）3): at the start of the meeting whoever gave no first opinion is recorded in
    the case and in the expert's file; without points and without effect of its own."""
    case = due.case
    meeting = Meeting.objects.get(pk=due.key)
    missing = queries.missing_prereviews(case, current_version(case), meeting.started_at or at)
    verdict = case.law.judge("prereview.form", missing=[member.expert.name for member in missing])
    files = {file.pk: file for file in lock_many(member.expert.file_id for member in missing)}
    for member in missing:
        _record(case, member, files[member.expert.file_id], actor, at)
    _open_sheets(case, actor, at)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "会前未预审记录备案" if missing else "全部专家会前已预审",
            "clause": str(verdict.reasons[0].clause),
            "meeting": meeting.number,
            "missing": sorted(member.expert.reference for member in missing),
        },
    )


def _record(case: Case, member: Member, file: Case, actor: Actor, at: datetime) -> None:
    clause = case.law.clause("prereview.form")
    ServiceRecord.write(
        file=file,
        kind=ServiceRecord.Kind.NO_PREREVIEW,
        at=at,
        clause=clause,
        text="会议开始时未上传审查意见表，记录备案",
        review=case,
    )
    file.enter(
        actor=actor,
        at=at,
        data={"label": "会前未预审记录备案", "clause": str(clause), "review": case.reference},
    )


def _form_of(deadline: Deadline) -> OpinionForm:
    forms = OpinionForm.objects.select_related("case", "member__expert", "version")
    return forms.get(pk=ATTACH_FORM.key_in(deadline.subject))


def _draw_up(deadline: Deadline) -> dict[str, int]:
    """Render and store, outside the transaction of the act that attaches."""
    return OPINION_FORM.draw_up(_form_of(deadline), entry=deadline.opened_by, at=deadline.due_at)


@answers(ATTACH_FORM, ATTACH_THE_FORM, prepare=_draw_up)
def attach_form(*, due: FallenDue, document_id: int, actor: Actor, at: datetime) -> Entry:
    """专家审查意见表 as a document joins the file; it was rendered and stored before this act."""
    case, deadline = due.case, due.deadline
    form = _form_of(deadline)
    document = _attach(form, document_id, actor, at)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "生成专家审查意见表",
            "clause": deadline.clause,
            "expert": form.member.expert.reference,
        },
        because=deadline.opened_by,
        files=[{"sha256": document.sha256, "size": document.size, "kind": document.kind}],
    )


def _is_own(case: Case, document_id: int, actor: Actor) -> Verdict:
    """Only the member's own file: the meeting's start opens it to everybody, whoever it belongs to."""
    document, clause = Document.objects.get(pk=document_id), case.law.clause("prereview.form")
    if document.is_uploaded_by(actor) and document.case_id in (None, case.pk):
        return allowed(clause, "本人上传的审查意见表")
    return refused(clause, "审查意见表只能使用本人上传的文件", "请上传本人的审查意见表", str(document_id))


def _attach(form: OpinionForm, document_id: int, actor: Actor, at: datetime) -> Document:
    """Join the sheet to its form. Before the meeting it stays its writer's: only its start opens all
    sheets."""
    document = Document.objects.get(pk=document_id)
    form.document = document
    form.save(update_fields=("document",))
    if form.case.meetings.filter(started_at__isnull=False).exists():
        document.bind(form.case, Document.Kind.OPINION_FORM, actor=actor, at=at)
    return document


def _open_sheets(case: Case, actor: Actor, at: datetime) -> None:
    """The meeting begins: what was written before it is blind no more."""
    for form in queries.forms_of(case, queries.Stage.PREREVIEW).select_related("document"):
        if form.document is not None and form.document.bound_at is None:
            form.document.bind(case, Document.Kind.OPINION_FORM, actor=actor, at=at)
