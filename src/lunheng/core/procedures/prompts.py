"""What the card of a phase says: what is asked now, by which rule, and what cannot go on before it is done."""

from collections.abc import Mapping
from dataclasses import dataclass

from lunheng.core.workflow import ReviewState

S = ReviewState


@dataclass(frozen=True)
class Prompt:
    """What is asked in one phase. ``rule`` is the key of the rule that asks it; ``otherwise`` what waits meanwhile."""

    words: str
    rule: str
    otherwise: str = ""


PROMPTS: Mapping[ReviewState, Prompt] = {
    S.DRAFTING: Prompt("请施工单位提交方案", "plan.readiness", "方案不能进入审查，不能抽取专家"),
    S.APPROVING: Prompt("请审查方案", "plan.readiness", "审批齐全之前不能抽取专家"),
    S.READY: Prompt("请组织单位申请抽取专家", "draw.mode", "不抽取专家就不能召开论证会"),
    S.CONFIRMING: Prompt("专家确认后开始预审", "prereview.form"),
    S.PREPARING: Prompt("请专家在会前提交审查意见表", "prereview.form"),
    S.MEETING: Prompt("请每位专家提交论证意见", "report.consensus"),
    S.REPORTING: Prompt("由组长汇总论证报告", "report.compiler"),
    S.UNDECIDED: Prompt("专家组未形成一致意见，由组织单位再次召开论证会", "report.consensus"),
    S.UPLOADING: Prompt("全体专家签名后，上传论证资料并提交结果", "record.upload"),
    S.REVISING: Prompt(
        "逐条答复论证意见，提交修改后的方案",
        "closure.answers",
        "意见没有逐条答复、修改后的方案没有批准的，不能开工",
    ),
    S.RECHECKING: Prompt("由组长对修改后的方案填写审查意见", "closure.leader_opinion"),
    S.REAPPROVING: Prompt("由总监理工程师批准修改后的方案", "closure.leader_opinion"),
    S.PASSED: Prompt("方案已通过论证，可以登记开工", "closure.works"),
    S.WORKING: Prompt("方案实施中；变更方案须重新审批和论证", "closure.change"),
    S.FAILED: Prompt("重新编制、审批后再次组织专家论证", "closure.fail"),
    S.VOID: Prompt("论证工作无效，须重新抽取专家论证", "report.validity"),
    S.SUPERSEDED: Prompt("方案已变更，须重新审批和论证", "closure.change"),
}
"""By phase; a phase that is not here asks for nothing more than its name says."""
DRAWING = Prompt("请组织单位抽取专家", "draw.mode", "申请已提交，尚未抽取任何专家")
"""In 待抽取, when the panel was asked for already."""


def prompt_of(state: ReviewState, *, is_asked: bool = False) -> Prompt | None:
    """What the card of a phase says; ``is_asked``: a panel was asked for and waits for its draw."""
    return DRAWING if is_asked and state is S.READY else PROMPTS.get(state)
