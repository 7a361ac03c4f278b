"""The closed kinds of steps, with the outcomes that each knows and what people call them.

A further kind is a release.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FORWARD, BACK, OUT, STAY = "forward", "back", "out", "stay"
"""Where an outcome leads unless the step says otherwise: to the next step, back to be mended, to the end, nowhere yet."""


@dataclass(frozen=True)
class StepKind:
    """One kind: its name, outcome → where it leads, and what it cannot do without."""

    label: str
    outcomes: Mapping[str, str]
    by_itself: bool = False
    """Done by the platform, never by a person."""
    fields: tuple[str, ...] = ()
    """Keys that its form must have."""
    ends_by_limit: bool = False
    """Whoever lets the period pass gives a right away, and skips no duty."""
    in_session: bool = False
    """Done for several files at once, by an act of its own."""


KINDS: Mapping[str, StepKind] = {
    "apply": StepKind("申请", {"submit": FORWARD}),
    "certify": StepKind("审查盖章", {"certify": FORWARD, "return": BACK}),
    "check": StepKind("审核", {"accept": FORWARD, "return": BACK, "refuse": OUT}),
    "sample": StepKind("随机抽查", {"draw": STAY, "accept": FORWARD, "return": BACK, "refuse": OUT}),
    "joint_review": StepKind("集中评审", {"accept": FORWARD, "return": BACK, "refuse": OUT}, in_session=True),
    "test": StepKind("测试考核", {"pass": FORWARD, "fail": OUT}, fields=("score",)),
    "notice": StepKind("公示", {"post": FORWARD}),
    "statement": StepKind("陈述申辩", {"state": FORWARD, "waive": FORWARD}, ends_by_limit=True),
    "decide": StepKind("决定", {"approve": FORWARD, "reject": OUT}),
    "serve": StepKind("送达", {"serve": FORWARD}, fields=("served_on", "proof")),
    "publish": StepKind("公布", {"publish": FORWARD}),
    "effect": StepKind("生效", {"done": FORWARD}, by_itself=True),
}

OUTCOMES: Mapping[str, str] = {
    "submit": "提交申请",
    "certify": "审查盖章",
    "accept": "审核通过",
    "return": "退回补正",
    "refuse": "审核不通过",
    "draw": "抽取样本",
    "pass": "测试合格",
    "fail": "测试不合格",
    "post": "发布公示",
    "state": "提交陈述申辩",
    "waive": "放弃陈述申辩",
    "approve": "同意",
    "reject": "不同意",
    "serve": "登记送达",
    "publish": "公布",
    "skip": "略过本步骤",
    "done": "生效",
}
"""What an outcome is called, on its button and in the record."""

WITH_REASON = frozenset({"return", "refuse", "reject", "skip", "state"})
"""Outcomes that nobody may choose without saying why; what is stated is the statement."""
WITHOUT_FORM = frozenset({"return", "skip", "draw", "waive"})
"""Outcomes for which the form of the step stays empty."""
