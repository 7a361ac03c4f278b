"""方案、抽取与人选: is the plan ready, is the request complete, do the experts fit."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from lunheng.core.deadlines import CHINA, format_due
from lunheng.core.policy.judge.ground import Ground
from lunheng.core.policy.judge.registry import judges
from lunheng.core.policy.rules import Rule, Timed
from lunheng.core.policy.rules.draws import (
    Breadth,
    DistinctUnits,
    DrawMode,
    DrawRequest,
    Lottery,
    Match,
    MixedSpecialties,
    Overlap,
    Risk,
)
from lunheng.core.policy.rules.plans import Delivery, Readiness
from lunheng.core.verdict import Verdict, combine


@judges("plan.readiness")
def readiness(
    rule: Readiness,
    ground: Ground,
    *,
    parts: Sequence[str],
    approvals: Sequence[str],
    by_subcontractor: bool,
    site_statement: bool,
) -> Verdict:
    """`parts` and `approvals` are those present."""
    return combine(
        _parts(rule, ground, parts),
        _approvals(rule, ground, approvals, by_subcontractor),
        _statement(rule, ground, site_statement),
    )


def _parts(rule: Readiness, ground: Ground, present: Sequence[str]) -> Verdict:
    missing = [part for part in rule.parts if part not in present]
    if not missing:
        return ground.yes("方案内容齐全")
    names = ground.names("plan_parts", missing)
    return ground.no(f"专项施工方案缺少：{names}", "补充缺少的部分并填写所在页码", names)


def _approvals(rule: Readiness, ground: Ground, present: Sequence[str], by_subcontractor: bool) -> Verdict:
    own = [name for name in rule.approvals if name not in present]
    subs = [name for name in rule.subcontract_approvals if name not in present] if by_subcontractor else []
    missing = [*own, *(name for name in subs if name not in own)]
    if not missing:
        return ground.yes("审批签章齐全")
    names = ground.names("approvals", missing)
    further = [ground.cite(rule.subcontract)] if rule.subcontract and subs else []
    whose = "分包单位编制的专项施工方案" if subs else "专项施工方案"
    return ground.no(f"{whose}缺少签字盖章的审批：{names}", "完成审批签字盖章后上传", names, *further)


def _statement(rule: Readiness, ground: Ground, given: bool) -> Verdict:
    if given or not rule.site_statement:
        return ground.yes("方案符合现场实际情况")
    return ground.no(
        "缺少施工单位关于方案符合施工现场实际情况的说明", "由项目负责人签署现场相符说明后提交", "未签署"
    )


@judges("plan.delivery")
def delivery(rule: Delivery, ground: Ground, *, delivered_at: datetime, meeting_at: datetime) -> Verdict:
    """Did this expert have the plan, or the notice to download it, early enough?"""
    latest = ground.due(meeting_at)
    if latest.is_late(delivered_at):
        return ground.no(
            f"专项施工方案最迟应于{format_due(latest)}前送达专家，实际于{_moment(delivered_at)}送达",
            f"推迟论证会，使送达与会议之间满足{rule.value}日",
            _moment(delivered_at),
        )
    return ground.yes("方案已按时送专家审阅", _moment(delivered_at))


def _moment(at: datetime) -> str:
    local = at.astimezone(CHINA)
    return f"{local.year}年{local.month}月{local.day}日{local:%H:%M}"


@judges("draw.mode")
def draw_mode(rule: DrawMode, ground: Ground, *, picked: int, outside_push: Sequence[str]) -> Verdict:
    """`picked` experts requested (direct) or chosen among those pushed (push)."""
    if outside_push:
        names = "、".join(outside_push)
        return ground.no(f"{names}不在系统推送的专家之列", "只能从推送的专家中选取", names)
    if picked < rule.minimum_pick:
        verb = "选取" if rule.mode == "push" else "抽取"
        return ground.no(
            f"至少{verb}{rule.minimum_pick}名专家", f"把人数增加到{rule.minimum_pick}名以上", f"{picked}名"
        )
    return ground.yes("人数符合抽取规则", f"{picked}名")


@judges("draw.request")
def request(rule: DrawRequest, ground: Ground, *, missing: Sequence[str]) -> Verdict:
    """Which of the required parts are missing; what the rule does not require is not asked for."""
    lacking = [part for part in rule.required if part in missing]
    if not lacking:
        return ground.yes("抽取申请填写完整")
    names = ground.names("request_parts", lacking)
    return ground.no(f"抽取申请缺少：{names}", "补充后重新提交；本次未抽取任何专家", names)


@judges("draw.risk")
def risk(rule: Risk, ground: Ground, *, confirmed: bool, level: str) -> Verdict:
    """Has the client confirmed that specialties and numbers fit this level of risk?"""
    if confirmed:
        return ground.yes("已确认所选专家与工程风险程度相对应", level)
    message = f"尚未确认所选专业和人数与工程风险等级（{level}）相对应"
    remedy = "核对风险等级后勾选确认"
    if rule.effect == "refuse":
        return ground.no(message, remedy, level)
    return ground.yes("未确认风险程度，不影响办理", level, ground.warn(message, remedy, level))


@judges("draw.match")
def match(rule: Match, ground: Ground, *, work_kind: str, specialties: Sequence[str]) -> Verdict:
    """Does at least one of the specialties fit the kind of works?"""
    kind = ground.name("work_kinds", work_kind)
    fitting = rule.specialties.get(work_kind)
    if fitting is None:
        return ground.ask(f"政策包没有为{kind}列出对应专业", "请专家库管理机构判定专业是否匹配", kind)
    if any(word in fitting for word in specialties):
        return ground.yes(f"专业与{kind}相匹配", ground.names("specialties", specialties))
    offered = ground.names("specialties", specialties) or "未选专业"
    return ground.no(
        f"所选专业（{offered}）与{kind}不匹配",
        f"除增选外，只能选择对应专业：{ground.names('specialties', fitting)}",
        offered,
    )


@judges("draw.units")
def units(rule: DistinctUnits, ground: Ground, *, units: Sequence[tuple[str, str]]) -> Verdict:
    """`units` pairs each expert's name with the unit."""
    by_unit: dict[str, list[str]] = {}
    for name, unit in units:
        by_unit.setdefault(unit, []).append(name)
    shared = [f"{'、'.join(names)}同属{unit}" for unit, names in by_unit.items() if len(names) > 1]
    if not rule.distinct or not shared:
        return ground.yes("专家来自不同单位")
    return ground.no(
        f"专家组应由不同单位的专家组成：{'；'.join(shared)}",
        "每个单位只保留一名，其余另选",
        "；".join(shared),
    )


@judges("draw.specialties")
def specialties(
    rule: MixedSpecialties, ground: Ground, *, specialties: Sequence[Sequence[str]], available: int
) -> Verdict:
    """The fitting specialties of each expert, and how many fitting specialties the pool holds."""
    different = len({frozenset(words) for words in specialties})
    if different >= rule.different_at_least:
        return ground.yes("专家组由不同专业的专家组成", f"{different}种专业")
    message = f"专家组应由不同专业的专家组成，至少{rule.different_at_least}种，现为{different}种"
    value = f"{different}种专业"
    if available < rule.different_at_least and rule.shortage == "allow_recorded":
        note = ground.warn(
            f"库内对应专业不足{rule.different_at_least}种，记录在案", value=f"库内{available}种"
        )
        return ground.yes("库内专业不足，准予并记录", value, note)
    if rule.effect == "refuse":
        return ground.no(message, "换入另一对应专业的专家", value)
    return ground.yes("专业单一，不影响办理", value, ground.warn(message, "请说明理由", value))


@judges("draw.breadth")
def breadth(rule: Breadth, ground: Ground, *, kinds: Mapping[str, int]) -> Verdict:
    """How many kinds of works of the project each expert would review."""
    limit = rule.maximum_kinds
    broad = {name: count for name, count in kinds.items() if limit is not None and count > limit}
    warnings = (
        ground.warn(f"同一专家不宜不分专业参与所有论证：{name}将参与{count}类", "可另选专家", f"{count}类")
        for name, count in broad.items()
    )
    return ground.yes("不宜事项只作提示，不影响办理", "", *warnings)


@judges("draw.same_plan")
def same_plan(rule: Rule, ground: Ground, *, earlier: Sequence[Mapping[str, str]], organiser: str) -> Verdict:
    """`earlier` reviews of any version of this plan: name of the expert, organiser then."""
    other = [entry for entry in earlier if entry["organiser"] != organiser]
    if not other:
        return ground.yes("没有为其他组织单位论证过本方案")
    told = "；".join(f"{entry['name']}曾参加由{entry['organiser']}组织的本方案论证" for entry in other)
    return ground.no(f"同一专家不得参与不同机构组织的对同一方案的论证：{told}", "另选专家", told)


@judges("draw.by_hand")
def by_hand(rule: Rule, ground: Ground) -> Verdict:
    """Nobody joins a panel but through the draw."""
    return ground.no("论证专家应从平台抽取，不得指定、添加、跳过或更换人员", "提出抽取或补抽申请", "人工指定")


@judges("draw.suitability")
def suitability(rule: Rule, ground: Ground, *, expert_specialties: Sequence[str], specialty: str) -> Verdict:
    """Does the expert hold the specialty that is asked for?"""
    name = ground.name("specialties", specialty)
    if specialty in expert_specialties:
        return ground.yes(f"专家具有{name}专业", name)
    held = ground.names("specialties", expert_specialties) or "无"
    return ground.no(f"专家的专业（{held}）与所需的{name}不相适应", f"由{name}专业的专家承担", held)


@judges("platform.draw_window")
def draw_window(
    rule: Timed, ground: Ground, *, promised: bool, waits: str, withheld: int, explained: bool
) -> Verdict:
    """Before a draw is committed: the applicant `promised` a share, no other draw `waits` (its commit), and after draws
    that were `withheld` it is `explained` why there is another."""
    if waits:
        message = "本申请已有一次抽取作出承诺，正在等待揭示"
        return ground.no(message, "先揭示；逾时未揭示的自动作废并公开", waits)
    if not promised:
        message = "抽取须由申请人的浏览器先承诺一个随机数（64位小写十六进制）"
        return ground.no(message, "请启用浏览器脚本后在本页抽取", "未提供")
    if withheld and not explained:
        message = f"本申请已有{withheld}次抽取未揭示而作废，再次抽取须写明理由，次数和理由一并公开"
        return ground.no(message, "填写再次抽取的理由", f"作废{withheld}次")
    return ground.yes("可以抽取")


@judges("platform.overlap")
def overlap(rule: Overlap, ground: Ground, *, elsewhere: Sequence[str]) -> Verdict:
    """`elsewhere` are the expert's other reviews that begin at the same time, in words."""
    if elsewhere:
        message = f"专家在前后{rule.apart}小时内已参加其他论证"
        return ground.no(message, "另选其他专家或调整论证时间", "；".join(elsewhere))
    return ground.yes("同一时段没有其他论证")


@judges("draw.lottery")
def lottery(rule: Lottery, ground: Ground, *, hash_name: str) -> Verdict:
    """Whether a chain or a record uses the hash function of the law."""
    if hash_name != rule.hash:
        return ground.no(f"抽取的杂凑算法为 {rule.hash}", f"按 {rule.hash} 重新生成", hash_name)
    return ground.yes("杂凑算法符合规定", hash_name)
