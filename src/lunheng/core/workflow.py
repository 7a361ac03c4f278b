"""States of each kind of case, and what people read of them.

Which step leads from one state of a review to the next, and whose turn it is, the rows of ``procedures`` say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class ReviewState(StrEnum):
    """Where the review of one plan stands."""

    DRAFTING = "drafting"
    APPROVING = "approving"
    READY = "ready"
    CONFIRMING = "confirming"
    PREPARING = "preparing"
    MEETING = "meeting"
    REPORTING = "reporting"
    UNDECIDED = "undecided"
    UPLOADING = "uploading"
    REVISING = "revising"
    RECHECKING = "rechecking"
    REAPPROVING = "reapproving"
    PASSED = "passed"
    FAILED = "failed"
    VOID = "void"
    WORKING = "working"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class FileState(StrEnum):
    """A file that is kept as long as its subject lives: project, expert, pool."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Phase:
    """What people read of a state: its label, and the step of the bar that it belongs to."""

    label: str
    step: str


STEPS = ("编制", "审查", "抽取", "确认", "预审", "会议", "报告", "修改", "批准", "开工", "归档")

REVIEW_PHASES: Mapping[ReviewState, Phase] = {
    ReviewState.DRAFTING: Phase("方案编制", "编制"),
    ReviewState.APPROVING: Phase("方案审查", "审查"),
    ReviewState.READY: Phase("待抽取专家", "抽取"),
    ReviewState.CONFIRMING: Phase("专家确认中", "确认"),
    ReviewState.PREPARING: Phase("专家预审", "预审"),
    ReviewState.MEETING: Phase("论证会进行中", "会议"),
    ReviewState.REPORTING: Phase("形成论证报告", "报告"),
    ReviewState.UNDECIDED: Phase("未形成结论", "报告"),
    ReviewState.UPLOADING: Phase("上传论证结果", "报告"),
    ReviewState.REVISING: Phase("按论证报告修改", "修改"),
    ReviewState.RECHECKING: Phase("组长复核", "修改"),
    ReviewState.REAPPROVING: Phase("监理批准", "批准"),
    ReviewState.PASSED: Phase("论证通过", "开工"),
    ReviewState.FAILED: Phase("不通过", "归档"),
    ReviewState.VOID: Phase("论证无效", "归档"),
    ReviewState.WORKING: Phase("方案实施中", "开工"),
    ReviewState.SUPERSEDED: Phase("方案已变更", "归档"),
    ReviewState.CANCELLED: Phase("已撤回", "归档"),
}


FILE_TRANSITIONS: Mapping[FileState, frozenset[FileState]] = {
    FileState.OPEN: frozenset({FileState.CLOSED}),
    FileState.CLOSED: frozenset(),
}


def step_marks(state: ReviewState) -> list[tuple[str, str]]:
    """The step bar at ``state``: every step with done, now or todo."""
    current = STEPS.index(REVIEW_PHASES[state].step)
    marks = ["done"] * current + ["now"] + ["todo"] * (len(STEPS) - current - 1)
    return list(zip(STEPS, marks, strict=True))


class Standing(IntEnum):
    """How far a review is over, each including the ones after it."""

    RUNNING = 0
    """The experts are sought, or at work."""
    CONCLUDED = 1
    """The panel has concluded: what the draw kept secret may be known."""
    SETTLED = 2
    """Nobody sits on the panel any more."""
    CLOSED = 3
    """Nothing is left to do: parties stay as they were, experts are free for the same hour, the file is closed."""


OVER: Mapping[ReviewState, Standing] = {
    ReviewState.DRAFTING: Standing.RUNNING,
    ReviewState.APPROVING: Standing.RUNNING,
    ReviewState.READY: Standing.RUNNING,
    ReviewState.CONFIRMING: Standing.RUNNING,
    ReviewState.PREPARING: Standing.RUNNING,
    ReviewState.MEETING: Standing.RUNNING,
    ReviewState.REPORTING: Standing.RUNNING,
    ReviewState.UNDECIDED: Standing.RUNNING,
    ReviewState.UPLOADING: Standing.RUNNING,
    ReviewState.REVISING: Standing.CONCLUDED,
    ReviewState.RECHECKING: Standing.CONCLUDED,
    ReviewState.REAPPROVING: Standing.CONCLUDED,
    ReviewState.PASSED: Standing.SETTLED,
    ReviewState.WORKING: Standing.SETTLED,
    ReviewState.FAILED: Standing.CLOSED,
    ReviewState.VOID: Standing.CLOSED,
    ReviewState.SUPERSEDED: Standing.CLOSED,
    ReviewState.CANCELLED: Standing.CLOSED,
}
"""The one table of what "over" means; whoever asks names how far."""


def over(least: Standing) -> frozenset[ReviewState]:
    """The states in which a review is over at least so far."""
    return frozenset(state for state, standing in OVER.items() if standing >= least)
