"""方案与会议: when a plan is ready for review, and how it reaches the experts and the meeting."""

from typing import ClassVar, Literal

from pydantic import Field

from lunheng.core.policy.rules.base import Citation, Rule, Timed, drops


class Readiness(Rule):
    """具备论证条件: parts and approvals; `subcontract_approvals` where a subcontractor wrote the plan."""

    parts: tuple[str, ...] = Field(min_length=1)
    approvals: tuple[str, ...] = Field(min_length=1)
    subcontract_approvals: tuple[str, ...] = ()
    subcontract: Citation | None = None
    site_statement: bool = False
    vocabularies: ClassVar[dict[str, str]] = {
        "parts": "plan_parts",
        "approvals": "approvals",
        "subcontract_approvals": "approvals",
    }

    def loosens(self, floor: Rule) -> str | None:
        """Neither a part nor an approval may be dropped."""
        assert isinstance(floor, Readiness)
        return (
            drops("方案内容", self.parts, floor.parts)
            or drops("审批签章", self.approvals, floor.approvals)
            or drops("分包方案的审批签章", self.subcontract_approvals, floor.subcontract_approvals)
        )


class Delivery(Timed):
    """送阅: how long before the meeting each expert must have the plan."""


class MeetingMode(Rule):
    """会议形式: the lawful forms of a review meeting."""

    modes: tuple[Literal["on_site", "remote"], ...] = Field(min_length=1)
    vocabularies: ClassVar[dict[str, str]] = {"modes": "meeting_modes"}


class Attendance(Rule):
    """参会人员: the roles invited, and what an absence does."""

    roles: tuple[str, ...] = Field(min_length=1)
    effect: Literal["record", "refuse"]
    vocabularies: ClassVar[dict[str, str]] = {"roles": "attendees"}

    def loosens(self, floor: Rule) -> str | None:
        """No role may be left out."""
        assert isinstance(floor, Attendance)
        return drops("参会人员", self.roles, floor.roles)


class Prereview(Rule):
    """预审: what a missing first opinion does."""

    effect: Literal["record", "refuse"]
