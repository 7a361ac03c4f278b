"""方案: when a plan is ready for review, and when the experts have it."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import Field

from lunheng.core.deadlines import CHINA, format_due
from lunheng.core.policy.rules.base import Citation, Rule, Silence, Timed, drops
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict, combine

TOPICS = {"plan": "专项施工方案"}


class Readiness(Rule):
    """具备论证条件: parts and approvals; `subcontract_approvals` where a subcontractor wrote the plan.

    `approval` is what a missing approval stands on, where that is another clause than the rule's own.
    """

    key = "plan.readiness"
    heading = "方案具备论证条件"
    silence = Silence.FLOOR
    words = {
        "parts": "内容",
        "approvals": "审批签章",
        "subcontract_approvals": "分包方案的审批签章",
        "approval": "审批的依据",
        "subcontract": "分包方案的依据",
        "site_statement": "现场相符说明",
    }
    vocabularies: ClassVar[dict[str, str]] = {
        "parts": "plan_parts",
        "approvals": "approvals",
        "subcontract_approvals": "approvals",
    }

    parts: tuple[str, ...] = Field(min_length=1)
    approvals: tuple[str, ...] = Field(min_length=1)
    subcontract_approvals: tuple[str, ...] = ()
    approval: Citation | None = None
    subcontract: Citation | None = None
    site_statement: bool = False

    def loosens(self, floor: Rule) -> str | None:
        """Neither a part nor an approval may be dropped."""
        assert isinstance(floor, Readiness)
        return (
            drops("方案内容", self.parts, floor.parts)
            or drops("审批签章", self.approvals, floor.approvals)
            or drops("分包方案的审批签章", self.subcontract_approvals, floor.subcontract_approvals)
        )

    def judge(
        self,
        ground: Ground,
        /,
        *,
        parts: Sequence[str],
        approvals: Sequence[str],
        by_subcontractor: bool,
        site_statement: bool,
    ) -> Verdict:
        """`parts` and `approvals` are those present."""
        return combine(
            self._parts(ground, parts),
            self._approvals(ground, approvals, by_subcontractor),
            self._statement(ground, site_statement),
        )

    def _parts(self, ground: Ground, present: Sequence[str]) -> Verdict:
        missing = [part for part in self.parts if part not in present]
        if not missing:
            return ground.yes("方案内容齐全")
        names = ground.names("plan_parts", missing)
        return ground.no(f"专项施工方案缺少：{names}", "补充缺少的部分并填写所在页码", names)

    def _approvals(self, ground: Ground, present: Sequence[str], by_subcontractor: bool) -> Verdict:
        own = [name for name in self.approvals if name not in present]
        subs = (
            [name for name in self.subcontract_approvals if name not in present] if by_subcontractor else []
        )
        missing = [*own, *(name for name in subs if name not in own)]
        if not missing:
            return ground.yes("审批签章齐全")
        names = ground.names("approvals", missing)
        first = ground.cite(self.approval) if self.approval else ground.clause
        further = [ground.cite(self.subcontract)] if self.subcontract and subs else []
        whose = "分包单位编制的专项施工方案" if subs else "专项施工方案"
        message = f"{whose}缺少签字盖章的审批：{names}"
        cited = {str(clause): clause for clause in (first, *further)}.values()
        return combine(*(ground.no_by(one, message, "完成审批签字盖章后上传", names) for one in cited))

    def _statement(self, ground: Ground, given: bool) -> Verdict:
        if given or not self.site_statement:
            return ground.yes("方案符合现场实际情况")
        message = "缺少施工单位关于方案符合施工现场实际情况的说明"
        found = ground.no(message, "由项目负责人签署现场相符说明后提交", "未签署")
        return ground.as_read("site_statement", found)


class Delivery(Timed):
    """送阅: how long before the meeting each expert must have the plan."""

    key = "plan.delivery"
    heading = "方案送阅"
    silence = Silence.FREE

    def judge(self, ground: Ground, /, *, delivered_at: datetime, meeting_at: datetime) -> Verdict:
        """Did this expert have the plan, or the notice to download it, early enough?"""
        latest = ground.due(meeting_at)
        if latest.is_late(delivered_at):
            return ground.no(
                f"专项施工方案最迟应于{format_due(latest)}前送达专家，实际于{_moment(delivered_at)}送达",
                f"推迟论证会，使送达与会议之间满足{self.value}日",
                _moment(delivered_at),
            )
        return ground.yes("方案已按时送专家审阅", _moment(delivered_at))


def _moment(at: datetime) -> str:
    local = at.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"
