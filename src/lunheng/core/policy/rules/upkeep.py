"""考评: ratings, study and the yearly appraisal of experts."""

from collections.abc import Sequence

from pydantic import Field

from lunheng.core.policy.rules.base import Rule, Silence
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict

TOPICS = {"rating": "评分", "training": "学习培训", "appraisal": "考核"}


class Rating(Rule):
    """评分: by the client, once."""

    key = "rating.once"
    heading = "专家评分"
    silence = Silence.PERSON

    def judge(self, ground: Ground, /, *, closed: bool, is_client: bool, rated: bool) -> Verdict:
        """The client of a closed review rates each expert once."""
        if not is_client:
            return ground.no(
                "只有本次论证的组织单位或委托单位可以评分", "请由组织单位或委托单位评分", "其他单位"
            )
        if not closed:
            return ground.no("论证办结之后才能评分", "待论证办结后评分", "未办结")
        if rated:
            return ground.no("每位专家每次论证只能评分一次", "如需更正请联系专家库管理机构", "已评分")
        return ground.yes("可以评分")


class Training(Rule):
    """学习: class hours per calendar year; none means no number is demanded."""

    key = "training.hours"
    heading = "学习课时"
    silence = Silence.FREE
    words = {"hours": "课时"}

    hours: int | None = Field(default=None, ge=1)

    def judge(self, ground: Ground, /, *, hours: int) -> Verdict:
        """Class hours of one calendar year."""
        if self.hours is None:
            return ground.yes("本规则不要求学时数", f"{hours}课时")
        if hours >= self.hours:
            return ground.yes("学时符合要求", f"{hours}课时")
        return ground.no(
            f"每年不得少于{self.hours}课时，尚差{self.hours - hours}课时",
            "参加管理机构组织的学习",
            f"{hours}课时",
        )


class YearlyAppraisal(Rule):
    """考核: every expert has a result for the year."""

    key = "appraisal.yearly"
    heading = "年度考核"
    silence = Silence.FREE

    def judge(self, ground: Ground, /, *, without_result: Sequence[str]) -> Verdict:
        """May the year be closed?"""
        if not without_result:
            return ground.yes("全部专家已有年度考核结果")
        names = "、".join(without_result)
        return ground.no(f"尚有专家没有年度考核结果：{names}", "完成考核后再关闭本年度", names)
