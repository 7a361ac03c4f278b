"""Whose turn a review is, until when, by which clause, and what happens if nobody does anything."""

from dataclasses import dataclass
from datetime import datetime

from lunheng.cases.models import Case, Deadline
from lunheng.cases.queries import open_deadlines, whose_turn_words
from lunheng.core.actor import Role
from lunheng.core.workflow import REVIEW_PHASES, ReviewState

S = ReviewState


@dataclass(frozen=True)
class Step:
    """Where the primary button of a state leads."""

    url_name: str
    label: str
    roles: tuple[Role, ...]


STEPS: dict[ReviewState, tuple[Step, ...]] = {
    S.DRAFTING: (Step("plans:plan", "提交方案", (Role.CONTRACTOR, Role.SUBCONTRACTOR)),),
    S.APPROVING: (Step("plans:plan", "审查方案", (Role.CONTRACTOR, Role.SUBCONTRACTOR, Role.SUPERVISOR)),),
    S.READY: (Step("plans:request_panel", "申请抽取专家", (Role.CONTRACTOR, Role.AGENCY)),),
    S.CONFIRMING: (
        Step("panels:panel", "查看专家确认情况", (Role.CONTRACTOR, Role.AGENCY, Role.STATION)),
        Step("panels:invitations", "答复邀请", (Role.EXPERT,)),
    ),
    S.PREPARING: (
        Step("reports:prereview", "预审方案", (Role.EXPERT,)),
        Step("meetings:meeting", "准备论证会", (Role.CONTRACTOR, Role.AGENCY)),
    ),
    S.MEETING: (
        Step("reports:vote", "提出论证意见", (Role.EXPERT,)),
        Step("meetings:meeting", "论证会", (Role.CONTRACTOR, Role.AGENCY)),
    ),
    S.REPORTING: (Step("reports:compile", "形成论证报告", (Role.EXPERT,)),),
    S.UNDECIDED: (Step("reports:report", "处理未形成结论", (Role.CONTRACTOR, Role.AGENCY)),),
    S.UPLOADING: (
        Step("reports:upload", "上传论证结果", (Role.CONTRACTOR, Role.AGENCY)),
        Step("reports:report", "签署论证报告", (Role.EXPERT,)),
    ),
    S.REVISING: (Step("reports:revision", "逐条答复并提交修改稿", (Role.CONTRACTOR, Role.SUBCONTRACTOR)),),
    S.RECHECKING: (Step("reports:recheck", "复核修改稿", (Role.EXPERT,)),),
    S.REAPPROVING: (Step("reports:approval", "批准修改后的方案", (Role.SUPERVISOR,)),),
    S.PASSED: (
        Step("reports:works", "登记开工", (Role.CONTRACTOR,)),
        Step("reports:approval", "查看方案完善和批准情况", (Role.SUPERVISOR,)),
    ),
    S.FAILED: (Step("plans:plan", "重新编制并再次论证", (Role.CONTRACTOR,)),),
    S.VOID: (Step("plans:plan", "重新组织论证", (Role.CONTRACTOR,)),),
    S.WORKING: (Step("reports:works", "查看实施情况", (Role.CONTRACTOR, Role.SUPERVISOR)),),
    S.SUPERSEDED: (Step("plans:plan", "查看变更后的论证", (Role.CONTRACTOR,)),),
    S.CANCELLED: (),
}

OTHERWISE = {
    "panels.expire_invitation": "视为不参与本次论证，系统自动补抽",
    "panels.give_up_undelivered": "按未送达处理，系统自动补抽",
    "reports.record_overdue": "系统自动记录逾期，仍可补传",
    "reports.remind_upload": "系统发送提醒",
}
WITHOUT_LIMIT = "没有办理时限，办理前案件停在这一步"


@dataclass(frozen=True)
class Turn:
    """The one card that matters."""

    who: str
    label: str
    until: datetime | None
    clause: str
    steps: list[str]
    otherwise: str
    meaning: str
    links: tuple[Step, ...]


def turn(case: Case, role: Role, at: datetime) -> Turn:
    """The turn of a review, with the buttons that this role has."""
    state = ReviewState(case.state)
    phase = REVIEW_PHASES[state]
    deadline = next((one for one in open_deadlines(case) if one.name in OTHERWISE), None)
    return Turn(
        who=whose_turn_words(case),
        label=phase.label,
        until=deadline.due_at if deadline else None,
        clause=deadline.clause if deadline else "",
        steps=list(deadline.steps) if deadline else [],
        otherwise=OTHERWISE[deadline.name] if deadline else WITHOUT_LIMIT,
        meaning=_meaning(deadline, at),
        links=tuple(step for step in STEPS[state] if role in step.roles),
    )


def _meaning(deadline: Deadline | None, at: datetime) -> str:
    if deadline is None:
        return "wait"
    if deadline.due_at <= at:
        return "late"
    return "soon" if (deadline.due_at - at).total_seconds() < 24 * 3600 else "wait"
