"""The lists of the desk: the queue of cases, and the numbers that lead into it."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from lunheng.cases.listing import Asked, Column, Listing, Number
from lunheng.core.actor import Role
from lunheng.core.workflow import ReviewState
from lunheng.desk import permissions, queries
from lunheng.desk.queries import FindingLine
from lunheng.desk.queries.listing import LATE, OVER, RUNNING, UNDER_WAY, UNLIMITED, CaseRow
from lunheng.plans.models import Review
from lunheng.web.cells import Cell, Code, Due, Link, Mark, Note
from lunheng.web.narrowing import Choice, Days, Sort
from lunheng.web.wording import write_remaining


def _cases(asked: Asked) -> Any:
    return queries.listed_cases(asked.actor)


def _dressed(asked: Asked, cases: list[Any]) -> Iterable[CaseRow]:
    return queries.case_rows(cases, asked.at)


def _limit(row: CaseRow) -> Cell:
    if row.case.limit_at is None:
        return Note(row.why_none)
    left = write_remaining(row.case.limit_at, row.at)
    return Due(row.case.limit_at), Mark("late" if row.is_late else "wait", left)


CASES: Listing = Listing(
    name="desk.cases",
    address="desk:cases",
    title="论证案件",
    rows=_cases,
    dress=_dressed,
    search=("title", "reference", "review__plan__work__project__name", "review__contractor__name_key"),
    search_label="方案、工程、施工单位或编号",
    filters=(
        Choice(
            "overdue",
            "时限",
            ((LATE, "已逾期"), (RUNNING, "正在计算"), (UNLIMITED, "没有时限")),
            narrow=lambda rows, value, asked: queries.by_lateness(rows, value, asked.at),
        ),
        Choice(
            "standing",
            "进展",
            ((UNDER_WAY, "办理中"), (OVER, "已办结")),
            narrow=lambda rows, value, asked: queries.by_standing(rows, value),
        ),
        Choice(
            "state",
            "所处环节",
            [(one.value, label) for one, label in permissions.STATE_LABELS.items()],
            field="state",
            is_counted=True,
        ),
        Choice(
            "place",
            "区县",
            lambda asked: queries.places_of(CASES.all_rows(asked)),
            narrow=lambda rows, value, asked: queries.lying_in(rows, value),
        ),
        Choice(
            "conclusion",
            "论证结论",
            Review.Conclusion.choices,
            narrow=lambda rows, value, asked: queries.concluded(rows, value),
        ),
        Days("since", "发起日期从", "opened_at"),
        Days("until", "到", "opened_at", is_last=True),
    ),
    sorts=(
        Sort("limit", "时限先到的在前", queries.ordered_by_deadline),
        Sort("newest", "新发起的在前", ("-opened_at", "-pk")),
        Sort("oldest", "早发起的在前", ("opened_at", "pk")),
    ),
    columns=(
        Column(
            "编号",
            lambda row: row.case.reference,
            lambda row: reverse("desk:case", args=[row.case.pk]),
            is_short=True,
        ),
        Column("方案", lambda row: row.case.title),
        Column("工程", lambda row: row.case.project_name),
        Column("所处环节", lambda row: row.case.state_label),
        Column("时限", _limit),
        Column("结论", lambda row: row.conclusion),
        Column(
            "所在地",
            lambda row: f"{row.case.division.name}{row.case.district.name if row.case.district else ''}",
        ),
        Column("规则版本", lambda row: row.case.pack.version, is_on_page=False),
        Column("发起时间", lambda row: row.case.opened_at, is_on_page=False),
    ),
    empty=(
        "没有案件",
        "施工单位为危大工程新建方案论证后，参建单位、抽中的专家和监督部门都能在这里看到。",
    ),
    nothing_found="没有符合条件的案件",
)


def _file(line: FindingLine) -> Cell:
    if line.case is None:
        return "不属于某一论证"
    return Link(line.case.reference, reverse("desk:case", args=[line.case.pk])), line.case.title


def _last(line: FindingLine) -> Cell:
    if line.entry is None:
        return None
    return (
        Link(line.step, reverse("portal:entry", args=[line.entry.pk])),
        line.entry.at,
        Code(line.entry.event),
    )


FINDINGS = Listing(
    name="desk.findings",
    title="数据与存证不一致",
    rows=lambda asked: asked.about,
    columns=(
        Column("案件", _file),
        Column("什么数据", lambda line: line.what),
        Column("出入", lambda line: line.reason),
        Column("最后一条存证", _last),
        Column("供运维人员查找", lambda line: Code(line.place)),
    ),
    empty=("没有出入", "数据库中的数据与存证一致。"),
    is_exported=False,
)


def numbers(request: HttpRequest) -> list[Number]:
    """The four numbers of the desk; each is the number of rows of the list that it opens."""
    if request.actor.role == Role.EXPERT:  # type: ignore[attr-defined]
        return []
    return CASES.numbers(
        request,
        [
            ("全部案件", {}),
            ("办理中", {"standing": UNDER_WAY}),
            ("专家确认中", {"state": ReviewState.CONFIRMING.value}),
            ("已逾期", {"overdue": LATE}),
        ],
    )
