"""入库、考评与监督: admission floor, ratings, study, inspections, findings."""

from collections.abc import Sequence

from lunheng.core.policy.judge.ground import Ground
from lunheng.core.policy.judge.registry import judges
from lunheng.core.policy.rules import Rule
from lunheng.core.policy.rules.upkeep import Checklist, Eligibility, OffPlatform, Training
from lunheng.core.verdict import Verdict


@judges("eligibility.floor")
def eligibility(
    rule: Eligibility, ground: Ground, *, has_senior_title: bool, years: int, has_rich_experience: bool
) -> Verdict:
    """`years` full years in the specialty; `has_rich_experience`: the proof was accepted."""
    if rule.senior_title and not has_senior_title:
        return ground.no("专家须具有高级专业技术职称", "取得高级职称后再申请", "无高级职称")
    if years >= rule.years or (rule.or_experience and has_rich_experience):
        return ground.yes("符合专家条件", f"{years}年")
    instead = "，或具有丰富的专业经验并经认可" if rule.or_experience else ""
    return ground.no(
        f"须从事专业工作{rule.years}年以上{instead}", "补充从业年限或丰富经验的证明", f"{years}年"
    )


@judges("admission.order")
def admission(rule: Rule, ground: Ground, *, step: str, done: Sequence[str]) -> Verdict:
    """application → approval → notice → publication; `done` are the steps behind us."""
    order = list(ground.labels["admission_steps"])
    missing = [before for before in order[: order.index(step)] if before not in done]
    name = ground.name("admission_steps", step)
    if not missing:
        return ground.yes(f"可以进行{name}", name)
    names = ground.names("admission_steps", missing)
    return ground.no(f"{name}之前须先完成{names}", f"先完成{names}", names)


@judges("rating.once")
def rating(rule: Rule, ground: Ground, *, closed: bool, is_client: bool, rated: bool) -> Verdict:
    """The client of a closed review rates each expert once."""
    if not is_client:
        return ground.no("只有本次论证的组织单位或委托单位可以评分", "请由组织单位或委托单位评分", "其他单位")
    if not closed:
        return ground.no("论证办结之后才能评分", "待论证办结后评分", "未办结")
    if rated:
        return ground.no("每位专家每次论证只能评分一次", "如需更正请联系专家库管理机构", "已评分")
    return ground.yes("可以评分")


@judges("training.hours")
def training(rule: Training, ground: Ground, *, hours: int) -> Verdict:
    """Class hours of one calendar year."""
    if rule.hours is None:
        return ground.yes("本规则不要求学时数", f"{hours}课时")
    if hours >= rule.hours:
        return ground.yes("学时符合要求", f"{hours}课时")
    return ground.no(
        f"每年不得少于{rule.hours}课时，尚差{rule.hours - hours}课时",
        "参加管理机构组织的学习",
        f"{hours}课时",
    )


@judges("appraisal.yearly")
def appraisal(rule: Rule, ground: Ground, *, without_result: Sequence[str]) -> Verdict:
    """May the year be closed?"""
    if not without_result:
        return ground.yes("全部专家已有年度考核结果")
    names = "、".join(without_result)
    return ground.no(f"尚有专家没有年度考核结果：{names}", "完成考核后再关闭本年度", names)


@judges("supervision.checks")
def checks(rule: Checklist, ground: Ground, *, answered: Sequence[str]) -> Verdict:
    """May the inspection be closed?"""
    missing = [point for point in rule.points if point not in answered]
    if not missing:
        return ground.yes("检查事项均已填写")
    names = ground.names("check_points", missing)
    return ground.no(f"检查记录缺少必查内容：{names}", "逐项填写后再关闭检查", names)


@judges("supervision.off_platform")
def off_platform(rule: OffPlatform, ground: Ground, *, actor_role: str, heard: bool) -> Verdict:
    """May this actor decide on a review held without the platform's draw?"""
    who = ground.names("roles", rule.deciders)
    if actor_role not in rule.deciders:
        return ground.no(
            f"对未通过平台抽取专家的认定由{who}作出", f"请报{who}决定", ground.name("roles", actor_role)
        )
    if rule.hearing and not heard:
        return ground.no("作出认定前须听取企业陈述", "先告知企业并记录其陈述", "未听取陈述")
    return ground.yes("可以认定：论证无效，通报并记入信用")


@judges("conduct.title_use")
def title_use(rule: Rule, ground: Ground, *, has_consent: bool) -> Verdict:
    """Service outside under the title of the bureau's review expert."""
    if has_consent:
        return ground.yes("已经主管部门同意")
    message = "未经主管部门同意，不得以评审专家名义对外开展活动"
    return ground.no(message, "先取得主管部门同意并登记用途和期限", "无同意记录")


@judges("conduct.confidential_report")
def confidential_report(rule: Rule, ground: Ground, *, is_regulator: bool, is_reporter: bool) -> Verdict:
    """Who may read an expert's report of improper acts."""
    if is_regulator or is_reporter:
        return ground.yes("可以查看举报")
    return ground.no("专家的举报仅监督机构可以查看", "如需了解处理结果请联系监督机构", "非监督机构")
