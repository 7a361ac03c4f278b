"""论证报告: whom the rule names compiles every member's opinion into the one report of the review."""

from collections.abc import Sequence
from datetime import datetime
from typing import NotRequired

from lunheng.cases.acts import act
from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.locks import lock
from lunheng.cases.models import Case, Deadline
from lunheng.cases.permissions import may_now
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.errors import require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import ATTACH_DOCUMENT
from lunheng.core.procedures.reporting import ATTACH_THE_REPORT, COMPILE_REPORT, CORRECT_REPORT
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.core.workflow import ReviewState
from lunheng.documents.models import Document
from lunheng.ledger.models import Entry
from lunheng.reports import permissions, queries
from lunheng.reports.actions.opinions import OpinionLine
from lunheng.reports.models import Report
from lunheng.reports.papers import QUESTIONS, REPORT

CIRCULAR31 = Clause(
    "住房城乡建设部办公厅关于实施〈危险性较大的分部分项工程安全管理规定〉有关问题的通知",
    "（四）",
    "专家论证内容",
)


class ReportLine(OpinionLine):
    """One item of the report, with the members it comes from."""

    sources: NotRequired[list[str]]


@act(COMPILE_REPORT)
def compile_report(
    *,
    case_id: int,
    conclusion: str,
    items: list[ReportLine],
    three_questions: dict[str, str],
    summary: str,
    actor: Actor,
    at: datetime,
) -> Report:
    """汇总论证报告: by the leader only (二（二）), with one of three conclusions (QD 四（二）4, NN
    四（七）) on which every member agrees (Order 37 第十三条), not against an open severe defect (63号).
    Each review has one report of its own."""
    case = lock(case_id)
    require(permissions.may_compile(actor, case))
    require(_first(case))
    require(combine(permissions.judge_agreement(case, conclusion), may_now(case, COMPILE_REPORT)))
    require(_complete(case, conclusion, items, three_questions))
    require(permissions.judge_defects(case, conclusion))
    report = _store(case, conclusion, _numbered(items), three_questions, summary, actor, at)
    case.move(ReviewState.UPLOADING)
    case.enter(actor=actor, at=at, data={"label": "汇总论证报告", **_told(report)})
    return report


@act(CORRECT_REPORT)
def correct_report(
    *,
    report_id: int,
    conclusion: str,
    items: list[ReportLine],
    three_questions: dict[str, str],
    summary: str,
    reason: GivenReason,
    actor: Actor,
    at: datetime,
) -> Report:
    """更正论证报告: until somebody has signed it the leader may correct the report, under the same number
    and by the same rules, with a reason."""
    case = lock(queries.case_of_report(report_id))
    require(permissions.may_compile(actor, case))
    require(permissions.judge_agreement(case, conclusion))
    require(may_now(case, CORRECT_REPORT))
    require(_correctable(case, reason))
    require(_complete(case, conclusion, items, three_questions))
    require(permissions.judge_defects(case, conclusion))
    report = _store(case, conclusion, _numbered(items), three_questions, summary, actor, at)
    case.enter(actor=actor, at=at, data={"label": "更正论证报告", "reason": reason, **_told(report)})
    return report


def _told(report: Report) -> dict[str, JsonValue]:
    return {
        "clause": str(report.case.law.clause("report.conclusion")),
        "report": report.number,
        "conclusion": report.conclusion,
        "items": len(report.items),
    }


def _complete(
    case: Case, conclusion: str, items: Sequence[ReportLine], three_questions: dict[str, str]
) -> Verdict:
    changes = sum(bool(line.get("is_required", True)) for line in items)
    told = [
        {name: str(line.get(name, "")) for name in ("place", "problem", "basis", "advice")} for line in items
    ]
    lacking = [text for key, text in QUESTIONS.items() if not three_questions.get(key, "").strip()]
    answered = (
        refused(
            CIRCULAR31, f"论证报告缺少对下列内容的结论：{'；'.join(lacking)}", "逐项写明论证结论", "未填写"
        )
        if lacking
        else allowed(CIRCULAR31, "三项论证内容均有结论")
    )
    return combine(
        case.law.judge("report.conclusion", conclusion=conclusion, change_items=changes),
        case.law.judge("opinion.form", items=told, conclusion=conclusion),
        answered,
    )


def _first(case: Case) -> Verdict:
    report, clause = queries.report_of(case), case.law.clause("report.own")
    if report is None:
        return allowed(clause, "尚未出具论证报告")
    message = "本论证已有论证报告，每项论证只出具一份"
    return refused(clause, message, "签名前需要更正的，办理更正论证报告", report.number)


def _correctable(case: Case, reason: str) -> Verdict:
    report, clause = queries.report_of(case), case.law.clause("report.own")
    if report is not None and report.signatures.exists():
        return refused(clause, "论证报告已有专家签名，不能更正", "继续完成签名", report.number)
    return judge_reason(reason, clause, "更正论证报告须写明理由", "填写更正理由")


def _numbered(items: Sequence[ReportLine]) -> list[dict[str, JsonValue]]:
    return [
        {
            "number": number,
            "place": line.get("place", "").strip(),
            "problem": line.get("problem", "").strip(),
            "basis": line.get("basis", "").strip(),
            "advice": line.get("advice", "").strip(),
            "is_required": line.get("is_required", True),
            "sources": list(line.get("sources", [])),
        }
        for number, line in enumerate(items, 1)
    ]


def _store(
    case: Case,
    conclusion: str,
    items: list[dict[str, JsonValue]],
    three_questions: dict[str, str],
    summary: str,
    actor: Actor,
    at: datetime,
) -> Report:
    meeting = queries.present_meeting(case)
    version = queries.votes_of(meeting)[0].version
    dissents = [
        {
            "meeting": dissent.meeting.number,
            "name": dissent.form.member.expert.name,
            "conclusion": dissent.form.get_conclusion_display(),
        }
        for dissent in case.dissents.select_related("meeting", "form__member__expert")
    ]
    report = queries.report_of(case) or Report(case=case)
    report.case, report.number = case, case.reference.replace("LZ-", "LZBG-", 1)
    report.meeting, report.version, report.conclusion = meeting, version, conclusion
    report.summary, report.items, report.dissents = summary, items, dissents
    report.three_questions = {key: three_questions[key] for key in QUESTIONS}
    report.compiled_by, report.compiled_at = queries.seat_of(actor, case), at
    report.document, report.state = None, Report.State.COMPILED
    report.save()
    case.met(ATTACH_DOCUMENT, key=report.pk, at=at)
    clause = case.law.clause("report.conclusion")
    case.due(ATTACH_DOCUMENT, key=report.pk, due=at, clause=clause)
    return report


def _report_of(deadline: Deadline) -> Report:
    reports = Report.objects.select_related("case", "meeting", "version", "compiled_by__expert")
    return reports.get(pk=ATTACH_DOCUMENT.key_in(deadline.subject))


def _draw_up(deadline: Deadline) -> dict[str, int]:
    """Render and store, outside the transaction of the act that attaches."""
    return REPORT.draw_up(_report_of(deadline), entry=deadline.opened_by, at=deadline.due_at)


@answers(ATTACH_DOCUMENT, ATTACH_THE_REPORT, prepare=_draw_up)
def attach_document(*, due: FallenDue, document_id: int, actor: Actor, at: datetime) -> Entry:
    """论证报告 as a document joins the file; it was rendered and stored before this act."""
    case, deadline = due.case, due.deadline
    report, document = _report_of(deadline), Document.objects.get(pk=document_id)
    document.bind(case, Document.Kind.REPORT, actor=actor, at=at)
    report.document = document
    report.save(update_fields=("document",))
    return case.enter(
        actor=actor,
        at=at,
        data={"label": "生成论证报告", "clause": deadline.clause, "report": report.number},
        because=deadline.opened_by,
        files=[{"sha256": document.sha256, "size": document.size, "kind": document.kind}],
    )
