"""专家组: how many experts, extras, the leader, and the final list."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field

from lunheng.core.policy.rules.base import Counted, Parity, Rule, Silence
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict, combine

TOPICS = {"panel": "专家组"}


class Headcount(Rule):
    """How many experts, which of them count, and whether the number must be odd."""

    words = {"minimum": "最少人数", "counted": "计数范围", "parity": "单双数", "total_cap": "总数上限"}
    values = {"any": "不限", "odd": "单数", "main": "只计所涉专业", "all": "全部计入"}

    minimum: int = Field(ge=1)
    counted: Counted
    parity: Parity
    total_cap: int | None = None

    def loosens(self, floor: Rule) -> str | None:
        """The national minimum stands, whoever is counted."""
        assert isinstance(floor, Headcount)
        if self.minimum < floor.minimum:
            return f"最低人数 {self.minimum} 少于国家规定的 {floor.minimum}"
        if self.total_cap is not None and self.total_cap < floor.minimum:
            return f"人数上限 {self.total_cap} 低于国家规定的最低人数 {floor.minimum}"
        if floor.counted == "main" and self.counted == "all":
            return "国家规定只计所涉专业专家，本规则把增选专家也计入"
        return None

    def fault(self, main: int, extras: int) -> str | None:
        """Say what is wrong with so many experts, or None."""
        number = main if self.counted == "main" else main + extras
        total = main + extras
        if number < self.minimum:
            return self._too_few(main, extras)
        if self.parity == "odd" and total % 2 == 0:
            return f"专家组须为单数，现为{total}人"
        if self.total_cap is not None and total > self.total_cap:
            return f"专家组不得超过{self.total_cap}人，现为{total}人"
        return None

    def remedy(self) -> str:
        """How to come back to a lawful number."""
        odd = "，总数为单数" if self.parity == "odd" else ""
        cap = f"，不超过{self.total_cap}名" if self.total_cap is not None else ""
        whom = "所涉专业专家" if self.counted == "main" else "专家"
        return f"把{whom}调整为不少于{self.minimum}名{odd}{cap}"

    def _too_few(self, main: int, extras: int) -> str:
        if self.counted == "main" and extras:
            return f"所涉专业专家不得少于{self.minimum}名，现为{main}名；增选的{extras}名不计入"
        who = "所涉专业专家" if self.counted == "main" else "专家"
        return f"{who}不得少于{self.minimum}名，现为{main if self.counted == 'main' else main + extras}名"


class PanelSize(Headcount):
    """专家组人数: how many experts a panel must have."""

    key = "panel.size"
    heading = "专家组人数"
    silence = Silence.FLOOR

    def judge(self, ground: Ground, /, *, main: int, extras: int) -> Verdict:
        """`main` experts of the specialty concerned, `extras` of touched specialties."""
        value = f"{main}+{extras}名" if extras else f"{main}名"
        fault = self.fault(main, extras)
        if fault is None:
            return ground.yes("专家组人数符合规定", value)
        return ground.no(fault, self.remedy(), value)


class Extras(Rule):
    """增选: how many experts of touched specialties may join."""

    key = "panel.extras"
    heading = "增选专家"
    silence = Silence.PERSON
    words = {"minimum": "最少人数", "maximum": "最多人数"}

    minimum: int = Field(ge=0)
    maximum: int = Field(ge=0)

    def judge(self, ground: Ground, /, *, extras: int, touched: bool) -> Verdict:
        """`touched` says that the plan was marked as touching other specialties."""
        value = f"增选{extras}名"
        if extras == 0:
            return ground.yes("没有增选专家", value)
        if not touched:
            return ground.no(
                "方案内容未涉及其它专业，不得增选专家", "先勾选方案涉及的其它专业，或取消增选", value
            )
        if not self.minimum <= extras <= self.maximum:
            message = f"可增选涉及专业{self.minimum}至{self.maximum}名专家，现为{extras}名"
            return ground.no(message, f"把增选人数改为{self.minimum}至{self.maximum}名", value)
        return ground.yes("增选人数符合规定", value)


class Leader(Rule):
    """组长: elected by the members, or named by one of `namers`."""

    key = "panel.leader"
    heading = "专家组组长"
    silence = Silence.PERSON
    words = {"mode": "方式", "namers": "由谁确定"}
    values = {"elected": "组员推选", "named": "指定"}
    vocabularies: ClassVar[dict[str, str]] = {"namers": "roles"}

    mode: Literal["elected", "named"]
    namers: tuple[str, ...] = ()

    def judge(self, ground: Ground, /, *, named_by: str, elected: bool, has_leader: bool) -> Verdict:
        """`named_by` is the role that names the leader, empty when nobody does."""
        if self.mode == "elected":
            return _elected(ground, named_by, elected or has_leader)
        namers = ground.names("roles", self.namers)
        if elected:
            return ground.no(f"组长由{namers}在确认名单时确定", f"由{namers}确定组长", "推选")
        if named_by and named_by not in self.namers:
            return ground.no(
                f"组长由{namers}在确认名单时确定", f"由{namers}确定组长", ground.name("roles", named_by)
            )
        if not (named_by or has_leader):
            return ground.no("专家组没有组长", f"由{namers}确定组长", "无组长")
        return ground.yes("组长已确定")


def _elected(ground: Ground, named_by: str, has_leader: bool) -> Verdict:
    if named_by:
        message = "组长由组员自行选出，不得指定"
        return ground.no(message, "由已确认的组员投票推选", f"{ground.name('roles', named_by)}指定")
    if not has_leader:
        return ground.no("专家组尚未选出组长", "由已确认的组员投票推选组长", "无组长")
    return ground.yes("组长由组员选出")


class ConfirmedList(Rule):
    """最终名单: needs every listed expert's consent and, with `leader`, a panel leader."""

    key = "panel.confirmed_list"
    heading = "最终名单"
    silence = Silence.REFUSE
    words = {"leader": "须有组长"}

    leader: bool = True

    def judge(self, ground: Ground, /, *, without_consent: Sequence[str], has_leader: bool) -> Verdict:
        """`without_consent` names the listed experts whose consent is not recorded."""
        names = "、".join(without_consent)
        consent = (
            ground.no(
                f"{names}没有同意参加的记录，不得列入最终名单", "联系专家并记录其同意，或移出名单", names
            )
            if without_consent
            else ground.yes("名单中的专家均已同意")
        )
        head = (
            ground.no("确认名单时须同时确定专家组组长", "从名单中指定一名组长", "无组长")
            if self.leader and not has_leader
            else ground.yes("组长已确定")
        )
        return combine(consent, head)
