"""The closed kinds of steps, with the outcomes that each knows and what people call them.

A thirteenth kind is a release. Kinds of `WAITING` belong to the vocabulary and are not run yet: a pack that uses one is
refused by the check, so that nothing pretends.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FORWARD, BACK, OUT = "forward", "back", "out"
"""Where an outcome leads unless the step says otherwise: to the next step, back to be mended, to the end."""


@dataclass(frozen=True)
class StepKind:
    """One kind: its name, outcome → where it leads, and what the button of an outcome says."""

    label: str
    outcomes: Mapping[str, str]
    by_itself: bool = False
    """Done by the platform, never by a person."""


KINDS: Mapping[str, StepKind] = {
    "apply": StepKind("申请", {"submit": FORWARD}),
    "certify": StepKind("单位审查盖章", {"certify": FORWARD, "return": BACK}),
    "check": StepKind("审核", {"accept": FORWARD, "return": BACK, "refuse": OUT}),
    "notice": StepKind("公示", {"post": FORWARD}),
    "decide": StepKind("决定", {"approve": FORWARD, "reject": OUT}),
    "publish": StepKind("公布", {"publish": FORWARD}),
    "effect": StepKind("生效", {}, by_itself=True),
}
"""What this release runs."""

WAITING: Mapping[str, str] = {
    "sample": "随机抽查",
    "joint_review": "集中评审",
    "test": "测试考核",
    "statement": "陈述申辩",
    "serve": "送达",
}
"""Kinds of the vocabulary that a later release runs."""

OUTCOMES: Mapping[str, str] = {
    "submit": "提交申请",
    "certify": "审查盖章",
    "accept": "审核通过",
    "return": "退回补正",
    "refuse": "审核不通过",
    "post": "发布公示",
    "approve": "同意",
    "reject": "不同意",
    "publish": "公布",
    "skip": "略过本步骤",
}
"""What an outcome is called, on its button and in the record."""

WITH_REASON = frozenset({"return", "refuse", "reject", "skip"})
"""Outcomes that nobody may choose without saying why."""
