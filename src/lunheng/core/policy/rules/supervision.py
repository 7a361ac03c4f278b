"""监督与行为: inspections, findings, the title of the bureau's expert, confidential reports."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from lunheng.core.policy.rules.base import Rule, Silence
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict

TOPICS = {"supervision": "监督检查", "conduct": "行为规范"}


class Checklist(Rule):
    """检查: the points that must be answered before an inspection is closed."""

    key = "supervision.checks"
    heading = "检查内容"
    silence = Silence.FREE
    words = {"points": "检查内容"}
    vocabularies: ClassVar[dict[str, str]] = {"points": "check_points"}

    points: tuple[str, ...] = Field(min_length=1)

    def judge(self, ground: Ground, /, *, answered: Sequence[str]) -> Verdict:
        """May the inspection be closed?"""
        missing = [point for point in self.points if point not in answered]
        if not missing:
            return ground.yes("检查事项均已填写")
        names = ground.names("check_points", missing)
        return ground.no(f"检查记录缺少必查内容：{names}", "逐项填写后再关闭检查", names)


class OffPlatform(Rule):
    """未通过平台抽取: who decides on a finding, and what follows."""

    key = "supervision.off_platform"
    heading = "未通过平台抽取的认定"
    silence = Silence.REFUSE
    words = {"deciders": "决定者", "hearing": "须先听取陈述"}
    vocabularies: ClassVar[dict[str, str]] = {"deciders": "roles"}

    deciders: tuple[str, ...] = Field(min_length=1)
    hearing: bool

    def judge(self, ground: Ground, /, *, actor_role: str, heard: bool) -> Verdict:
        """May this actor decide on a review held without the platform's draw?"""
        who = ground.names("roles", self.deciders)
        if actor_role not in self.deciders:
            return ground.no(
                f"对未通过平台抽取专家的认定由{who}作出", f"请报{who}决定", ground.name("roles", actor_role)
            )
        if self.hearing and not heard:
            found = ground.no("作出认定前须听取企业陈述", "先告知企业并记录其陈述", "未听取陈述")
            return ground.as_read("hearing", found)
        return ground.yes("可以认定：论证无效，通报并记入信用")


class TitleUse(Rule):
    """名义: no service outside under the title without consent."""

    key = "conduct.title_use"
    heading = "以评审专家名义开展活动"
    silence = Silence.FREE

    def judge(self, ground: Ground, /, *, has_consent: bool) -> Verdict:
        """Service outside under the title of the bureau's review expert."""
        if has_consent:
            return ground.yes("已经主管部门同意")
        message = "未经主管部门同意，不得以评审专家名义对外开展活动"
        return ground.no(message, "先取得主管部门同意并登记用途和期限", "无同意记录")


class ConfidentialReport(Rule):
    """举报: an expert's report of improper acts is confidential."""

    key = "conduct.confidential_report"
    heading = "举报的保密"
    silence = Silence.REFUSE

    def judge(self, ground: Ground, /, *, is_regulator: bool, is_reporter: bool) -> Verdict:
        """Who may read an expert's report of improper acts."""
        if is_regulator or is_reporter:
            return ground.yes("可以查看举报")
        return ground.no("专家的举报仅监督机构可以查看", "如需了解处理结果请联系监督机构", "非监督机构")
