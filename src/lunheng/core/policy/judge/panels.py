"""专家组: size, extras, leader, final list."""

from collections.abc import Sequence

from lunheng.core.policy.judge.ground import Ground
from lunheng.core.policy.judge.registry import judges
from lunheng.core.policy.rules.panels import ConfirmedList, Extras, Headcount, Leader
from lunheng.core.verdict import Verdict, combine


@judges("panel.size")
def size(rule: Headcount, ground: Ground, *, main: int, extras: int) -> Verdict:
    """`main` experts of the specialty concerned, `extras` of touched specialties."""
    value = f"{main}+{extras}名" if extras else f"{main}名"
    fault = rule.fault(main, extras)
    if fault is None:
        return ground.yes("专家组人数符合规定", value)
    return ground.no(fault, rule.remedy(), value)


@judges("panel.extras")
def extras(rule: Extras, ground: Ground, *, extras: int, touched: bool) -> Verdict:
    """`touched` says that the plan was marked as touching other specialties."""
    value = f"增选{extras}名"
    if extras == 0:
        return ground.yes("没有增选专家", value)
    if not touched:
        return ground.no(
            "方案内容未涉及其它专业，不得增选专家", "先勾选方案涉及的其它专业，或取消增选", value
        )
    if not rule.minimum <= extras <= rule.maximum:
        message = f"可增选涉及专业{rule.minimum}至{rule.maximum}名专家，现为{extras}名"
        return ground.no(message, f"把增选人数改为{rule.minimum}至{rule.maximum}名", value)
    return ground.yes("增选人数符合规定", value)


@judges("panel.leader")
def leader(rule: Leader, ground: Ground, *, named_by: str, elected: bool, has_leader: bool) -> Verdict:
    """`named_by` is the role that names the leader, empty when nobody does."""
    if rule.mode == "elected":
        return _elected(ground, named_by, elected or has_leader)
    namers = ground.names("roles", rule.namers)
    if elected:
        return ground.no(f"组长由{namers}在确认名单时确定", f"由{namers}确定组长", "推选")
    if named_by and named_by not in rule.namers:
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


@judges("panel.confirmed_list")
def confirmed_list(
    rule: ConfirmedList, ground: Ground, *, without_consent: Sequence[str], has_leader: bool
) -> Verdict:
    """`without_consent` names the listed experts whose consent is not recorded."""
    names = "、".join(without_consent)
    consent = (
        ground.no(f"{names}没有同意参加的记录，不得列入最终名单", "联系专家并记录其同意，或移出名单", names)
        if without_consent
        else ground.yes("名单中的专家均已同意")
    )
    head = (
        ground.no("确认名单时须同时确定专家组组长", "从名单中指定一名组长", "无组长")
        if rule.leader and not has_leader
        else ground.yes("组长已确定")
    )
    return combine(consent, head)
