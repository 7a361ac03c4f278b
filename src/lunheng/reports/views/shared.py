"""What the pages of report and closing have in common."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lunheng.cases.models import Case
from lunheng.cases.queries import whose_turn_words
from lunheng.cases.views import actor_of
from lunheng.core.actor import Role
from lunheng.core.procedures.consequences import RECORD_OVERDUE
from lunheng.core.procedures.prompts import prompt_of
from lunheng.core.workflow import ReviewState
from lunheng.documents.models import Document
from lunheng.documents.views import receive_files
from lunheng.meetings.queries import leader_of
from lunheng.meetings.views.shared import Button, Turn, head, seat_of
from lunheng.panels.models import Member
from lunheng.panels.permissions import may_organize
from lunheng.reports import permissions, queries
from lunheng.reports.models import Report

S = ReviewState


def context_of(request: HttpRequest, case: Case, **more: Any) -> dict[str, Any]:
    """Head, card and what every page needs."""
    member = seat_of(request, case)
    report = queries.report_of(case)
    return {
        **head(request, case, turn(request, case, member, report)),
        "member": member,
        "report": report,
        "compiler": queries.compiler_of(report) if report else "",
        "may_compile": permissions.may_compile(actor_of(request), case).is_allowed,
        "may_recheck": permissions.may_recheck(actor_of(request), case).is_allowed,
        "leader": leader_of(case),
        "organizes": may_organize(actor_of(request), case).is_allowed,
        "duties": queries.duties_of(case),
        "labels": case.law.labels("record_items"),
        **more,
    }


def turn(request: HttpRequest, case: Case, member: Member | None, report: Report | None) -> Turn:
    """The one card, with the button of whoever is asked."""
    state = S(case.state)
    text, clause, otherwise = _words(case, state)
    limit = next((duty.deadline for duty in queries.duties_of(case) if duty.deadline), None)
    is_running = state in {S.REPORTING, S.UPLOADING} and limit is not None
    return Turn(
        who=whose_turn_words(case),
        text=text,
        until=limit.until if is_running and limit else None,
        steps=list(limit.steps) if is_running and limit else [],
        clause=clause,
        otherwise=otherwise if is_running else "",
        buttons=[
            Button(label, reverse(f"reports:{name}", args=(case.pk,)))
            for label, name in _ways_on(request, case, state, member, report)
        ],
    )


def _words(case: Case, state: ReviewState) -> tuple[str, str, str]:
    prompt = prompt_of(state)
    text, key = (prompt.words, prompt.rule) if prompt else (case.state_label, "report.own")
    if not case.law.has("panel.leader"):
        text = text.replace("组长", "组织单位" if permissions.organizer_compiles(case) else "专家组成员")
    return text, str(case.law.clause(key)), RECORD_OVERDUE.otherwise


def _ways_on(
    request: HttpRequest, case: Case, state: ReviewState, member: Member | None, report: Report | None
) -> list[tuple[str, str]]:
    """What the person who looks can do now."""
    actor = actor_of(request)
    if member is not None:
        may = permissions.may_recheck if state == S.RECHECKING else permissions.may_compile
        return _experts_ways(state, report, may(actor, case).is_allowed)
    if may_organize(actor, case).is_allowed:
        compiles = permissions.may_compile(actor, case).is_allowed and state == S.REPORTING
        return [*([("汇总论证报告", "compile")] if compiles else []), *_organizers_ways(state, report)]
    if actor.role is Role.SUPERVISOR and permissions.may_approve(actor, case).is_allowed:
        return [("批准修改后的方案", "approval")] if _waits_for_approval(case, state) else []
    return []


def _waits_for_approval(case: Case, state: ReviewState) -> bool:
    revision = queries.current_revision(case)
    is_improved = state == S.PASSED and revision is not None and revision.approved_at is None
    return state == S.REAPPROVING or is_improved


def _experts_ways(state: ReviewState, report: Report | None, is_asked: bool) -> list[tuple[str, str]]:
    if state in {S.CONFIRMING, S.PREPARING}:
        return [("预审方案", "prereview")]
    if state == S.MEETING:
        return [("核对严重缺陷", "defects"), ("提交论证意见", "vote")]
    if state == S.UPLOADING and report is not None and report.state == Report.State.COMPILED:
        again = [("更正论证报告", "compile")] if is_asked and not report.signatures.exists() else []
        return [*again, ("签署论证报告", "sign")]
    if state == S.REPORTING:
        return [("汇总论证报告", "compile")] if is_asked else [("提交论证意见", "vote")]
    if state == S.RECHECKING and is_asked:
        return [("复核修改后的方案", "recheck")]
    return []


def _organizers_ways(state: ReviewState, report: Report | None) -> list[tuple[str, str]]:
    is_unsigned = report is not None and report.state == Report.State.COMPILED
    upload = [("上传论证资料", "upload"), *([("上传签名的报告", "sign")] if is_unsigned else [])]
    ways = {
        S.REPORTING: upload,
        S.UNDECIDED: [("再次召开论证会", "reopen")],
        S.UPLOADING: upload,
        S.REVISING: [("逐条答复并提交修改稿", "revision")],
        S.PASSED: [("论证意见答复", "revision"), ("登记开工", "works")],
        S.WORKING: [("变更方案", "change")],
    }
    return ways.get(state, [])


def file_of(request: HttpRequest, kind: str) -> Callable[[], dict[str, Any]]:
    """What an act gets of the one file of a form, taken in under this kind when the act is performed."""
    return lambda: {"document_id": receive_files(request, "file", kind=kind)[0].pk}


def given_files(request: HttpRequest) -> list[Document]:
    """Files of a form that takes several plans."""
    return receive_files(request, "file", kind=Document.Kind.PLAN)


def at_report(case: Case) -> str:
    """The address of the report's page."""
    return reverse("reports:report", args=(case.pk,))
