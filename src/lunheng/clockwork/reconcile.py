"""Nightly: what the business tables say against what the entries said when they were written.

Whoever edits a table behind the acts leaves the ledger as it was; here the two are laid side by side, row by row, and
each difference is named by table, row and field. Erased payloads are passed over. Compared so far: the head of each
file, plan versions, approvals, draws and reports; each of their rows must also have been entered at all.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django_tasks import task

from lunheng.cases.models import Case
from lunheng.cases.queries import chain_faults
from lunheng.ledger.queries import entries_of
from lunheng.meetings.models import Meeting
from lunheng.panels.models import Draw
from lunheng.plans.models import Approval, PlanVersion
from lunheng.reports.models import Report

log = structlog.get_logger(__name__)
VERSION_EVENTS = ("plan.submitted/1", "plan.changed/1", "revision.submitted/1", "review.legacy_entered/1")
REPORT_EVENTS = ("report.compiled/1", "report.corrected/1")


@dataclass(frozen=True)
class Difference:
    """A field of a row that is not what was entered; ``entered`` is None when the row was never entered."""

    case: str
    table: str
    row: int
    field: str
    stored: str
    entered: str | None

    def __str__(self) -> str:
        told = "没有对应的存证" if self.entered is None else f"存证为 {self.entered}"
        return f"{self.case}：表 {self.table} 第 {self.row} 行 {self.field} 为 {self.stored}，{told}"


Told = list[tuple[str, dict[str, Any]]]
"""Event and payload of every entry of a file, oldest first."""


def call_reconcile(at: datetime) -> int:
    """The nightly duty: put the comparison into the queue, where it may take its time."""
    reconcile.enqueue()
    return 0


@task()
def reconcile() -> None:
    """Tell each difference."""
    for difference in differences():
        log.error("table and ledger differ", difference=str(difference))


def differences() -> Iterator[Difference]:
    """Every difference in every file."""
    for case in Case.objects.order_by("pk").iterator():
        yield from differences_of(case)


def differences_of(case: Case) -> Iterator[Difference]:
    """Every difference in one file."""
    for fault in chain_faults(case.reference):
        yield Difference(case.reference, "ledger_entry", fault.number, "body", fault.reason, "")
    if case.kind != Case.Kind.REVIEW:
        return
    told = [
        (entry.event, json.loads(entry.payload.content))
        for entry in entries_of(case.reference)
        if entry.payload.content
    ]
    yield from _versions(case, told)
    yield from _approvals(case, told)
    yield from _draws(case, told)
    yield from _meetings(case, told)
    yield from _reports(case, told)


def _versions(case: Case, told: Told) -> Iterator[Difference]:
    for version in PlanVersion.objects.filter(review__case=case):
        entry = _last(told, VERSION_EVENTS, version=version.number)
        yield from _compare(case, version, entry, {"number": (version.number, "version")})


def _approvals(case: Case, told: Told) -> Iterator[Difference]:
    for approval in Approval.objects.filter(version__review__case=case).select_related("version"):
        number = approval.version.number
        entry = _last(told, ("plan.approval_signed/1",), version=number, kind=approval.kind)
        if entry is None and approval.kind == Approval.Kind.CHIEF_SUPERVISOR:
            entry = _last(told, ("revision.approved/1",), version=number)
            entry = entry and {**entry, "is_granted": True}
        fields = {"is_granted": (approval.is_granted, "is_granted"), "reason": (approval.reason, "reason")}
        yield from _compare(case, approval, entry, fields)


def _draws(case: Case, told: Told) -> Iterator[Difference]:
    for draw in Draw.objects.filter(request__case=case).select_related("request"):
        entry = next(
            (
                data
                for _, data in told
                if data.get("draw") == draw.number and data.get("request") == draw.request.number
            ),
            None,
        )
        yield from _compare(case, draw, entry, {"document": (draw.document.get("commit"), "commit")})


def _meetings(case: Case, told: Told) -> Iterator[Difference]:
    """A meeting that is said to have been held must have been planned and begun by acts."""
    for meeting in Meeting.objects.filter(case=case):
        expected = (
            ("meeting.planned/1", "meeting.started/1") if meeting.started_at else ("meeting.planned/1",)
        )
        for event in expected:
            entry = _last(told, (event,), meeting=meeting.number)
            yield from _compare(case, meeting, entry, {"started_at": (meeting.started_at, "started_at")})


def _reports(case: Case, told: Told) -> Iterator[Difference]:
    for report in Report.objects.filter(case=case):
        entry = _last(told, REPORT_EVENTS, report=report.number)
        fields = {"conclusion": (report.conclusion, "conclusion"), "items": (len(report.items), "items")}
        yield from _compare(case, report, entry, fields)


def _last(told: Told, events: tuple[str, ...], **wanted: object) -> dict[str, Any] | None:
    found = [
        data
        for event, data in told
        if event in events and all(data.get(name) == value for name, value in wanted.items())
    ]
    return found[-1] if found else None


def _compare(
    case: Case, row: Any, entry: dict[str, Any] | None, fields: dict[str, tuple[Any, str]]
) -> Iterator[Difference]:
    table = row._meta.db_table
    for field, (stored, name) in fields.items():
        if entry is None:
            yield Difference(case.reference, table, row.pk, field, str(stored), None)
        elif name in entry and entry[name] != stored:
            yield Difference(case.reference, table, row.pk, field, str(stored), str(entry[name]))
