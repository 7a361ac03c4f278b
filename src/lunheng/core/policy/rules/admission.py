"""入库: who may be an expert, and by which steps."""

from collections.abc import Sequence

from pydantic import Field

from lunheng.core.policy.rules.base import Rule, Silence
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict

TOPICS = {"eligibility": "专家条件", "admission": "专家入库"}


class Eligibility(Rule):
    """专家条件: senior title, and years in the specialty or accepted proof of rich experience."""

    key = "eligibility.floor"
    heading = "专家的基本条件"
    silence = Silence.FLOOR
    words = {"senior_title": "高级职称", "years": "从业年限", "or_experience": "可以丰富经验代替"}

    senior_title: bool
    years: int = Field(ge=0)
    or_experience: bool

    def loosens(self, floor: Rule) -> str | None:
        """Neither the title nor the years may fall below the national floor."""
        assert isinstance(floor, Eligibility)
        if floor.senior_title and not self.senior_title:
            return "取消了高级职称要求"
        if self.years < floor.years:
            return f"从业年限 {self.years} 年少于国家规定的 {floor.years} 年"
        return "增加了以丰富经验代替年限的途径" if self.or_experience and not floor.or_experience else None

    def judge(
        self, ground: Ground, /, *, has_senior_title: bool, years: int, has_rich_experience: bool
    ) -> Verdict:
        """`years` full years in the specialty; `has_rich_experience`: the proof was accepted."""
        if self.senior_title and not has_senior_title:
            return ground.no("专家须具有高级专业技术职称", "取得高级职称后再申请", "无高级职称")
        if years >= self.years or (self.or_experience and has_rich_experience):
            return ground.yes("符合专家条件", f"{years}年")
        instead = "，或具有丰富的专业经验并经认可" if self.or_experience else ""
        return ground.no(
            f"须从事专业工作{self.years}年以上{instead}", "补充从业年限或丰富经验的证明", f"{years}年"
        )


class AdmissionOrder(Rule):
    """入库: application → approval → notice → publication."""

    key = "admission.order"
    heading = "入库的步骤"
    silence = Silence.FREE

    def judge(self, ground: Ground, /, *, step: str, done: Sequence[str]) -> Verdict:
        """application → approval → notice → publication; `done` are the steps behind us."""
        order = list(ground.labels["admission_steps"])
        missing = [before for before in order[: order.index(step)] if before not in done]
        name = ground.name("admission_steps", step)
        if not missing:
            return ground.yes(f"可以进行{name}", name)
        names = ground.names("admission_steps", missing)
        return ground.no(f"{name}之前须先完成{names}", f"先完成{names}", names)
