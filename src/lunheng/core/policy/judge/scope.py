"""范围与职责: may this review be held under this pack, and may this actor do that."""

from datetime import date

from lunheng.core.policy.judge.ground import Ground
from lunheng.core.policy.judge.registry import judges
from lunheng.core.policy.rules import Citation, Rule
from lunheng.core.policy.rules.scope import (
    Coverage,
    Organiser,
    PlatformOnly,
    PoolKeepers,
    Supervision,
    Transition,
)
from lunheng.core.policy.rules.upkeep import Agency
from lunheng.core.verdict import Verdict

_CITY = 4
"""How many digits of a division code name its city."""


@judges("scope.coverage")
def coverage(rule: Coverage, ground: Ground, *, project_kind: str, division: str, on: date) -> Verdict:
    """Territory, kind of project, and the day of the request."""
    if not rule.is_inside(division):
        return ground.no("项目不在本规则适用的行政区域内", "请改用项目所在地的规则", f"行政区划 {division}")
    if project_kind not in rule.project_kinds:
        kind = ground.name("project_kinds", project_kind)
        covered = ground.names("project_kinds", rule.project_kinds)
        message = f"本规则只适用于{covered}，没有规则覆盖本市的{kind}"
        return ground.no(message, f"{kind}的论证请向当地主管部门另行办理；不得套用本规则", kind)
    if not rule.is_in_force(on):
        clause = ground.cite(Citation(clause=rule.from_clause, source=rule.source, title=rule.title))
        message = f"本规则{rule.period}施行，{on}提出的论证不适用"
        return ground.no_by(clause, message, "按申请当日有效的规定办理", str(on))
    return ground.yes(
        "属于本规则的适用范围", f"{ground.name('project_kinds', project_kind)}，{division}，{on}"
    )


@judges("scope.transition")
def transition(
    rule: Transition, ground: Ground, *, requested_on: date, meeting_on: date, has_proof: bool
) -> Verdict:
    """A review engaged before the first day, whose meeting falls on or after it."""
    if requested_on >= rule.from_on:
        return ground.yes("申请在启用之后，按本规则办理", str(requested_on))
    if meeting_on < rule.from_on:
        return ground.no(
            f"论证会在{rule.from_on}启用之前召开，不录入本平台",
            "由当地主管部门按原规定留存资料",
            str(meeting_on),
        )
    if rule.legacy_needs_proof and not has_proof:
        return ground.no(
            f"{rule.from_on}启用前已约定的论证，没有约定证明不得录入",
            "上传启用前聘请专家的合同、函件等证明",
            str(requested_on),
        )
    mark = ground.warn("本论证标记为“启用前”，并报监督机构知悉", value=str(requested_on))
    return ground.yes("凭启用前的约定证明录入", str(requested_on), mark)


@judges("scope.platform_only")
def platform_only(
    rule: PlatformOnly, ground: Ground, *, activity: str, has_draw: bool, reason: str
) -> Verdict:
    """Was it done on the platform, and if not, may it be done outside for this reason?"""
    name = ground.name("activities", activity)
    if has_draw:
        return ground.yes(f"{name}的专家由平台抽取")
    if activity not in rule.offline_allowed_for:
        return ground.no(
            f"{name}没有在平台抽取专家，不得上传结论",
            "在平台提出抽取申请，由抽取的专家重新论证",
            "无平台抽取记录",
        )
    if not reason.strip():
        return ground.no(
            f"{name}不在平台办理的，须由主管部门写明理由", "由主管部门填写理由后再办理", "未填写理由"
        )
    return ground.yes(f"{name}经主管部门说明理由，可以不在平台办理", reason)


@judges("roles.supervision")
def supervision(
    rule: Supervision,
    ground: Ground,
    *,
    city_run: bool,
    project_division: str,
    project_district: str,
    actor_role: str,
    actor_division: str,
) -> Verdict:
    """Who supervises this project: by city-run or not, then by place (GB/T 2260 codes)."""
    in_city = actor_division[:_CITY] == project_division[:_CITY]
    if actor_role in rule.overall and in_city:
        return ground.yes("市级主管部门可以监督全市项目")
    charged = rule.city_run if city_run else rule.other
    is_local = actor_division == project_district if charged == "district" else in_city
    if actor_role == charged and is_local:
        return ground.yes("本项目由本单位监督")
    kind = "市直管项目" if city_run else "非市直管项目"
    who = ("项目所在" if charged == "district" else "") + ground.name("roles", charged)
    place = project_district if charged == "district" else project_division
    return ground.no(
        f"{kind}的论证由{who}监督，你单位不能打开本项目的监督页面",
        f"请联系负责监督的{who}（区划 {place}）",
        f"{ground.name('roles', actor_role)} {actor_division}",
    )


@judges("roles.pool")
def pool(rule: PoolKeepers, ground: Ground, *, actor_role: str, action: str) -> Verdict:
    """`action` is change (admit, renew, remove) or publish."""
    keepers = rule.publishers if action == "publish" else rule.managers
    what = "公布入库专家和通告" if action == "publish" else "变更专家库"
    who = ground.names("roles", keepers)
    if actor_role in keepers:
        return ground.yes(f"{what}由{who}办理")
    return ground.no(f"{what}只能由{who}办理", f"请由{who}的用户操作", ground.name("roles", actor_role))


@judges("roles.organiser")
def organiser(
    rule: Organiser,
    ground: Ground,
    *,
    actor_role: str,
    is_general_contractor: bool,
    has_general_contractor: bool,
    on_behalf: bool,
    entrusted: bool,
    confirmed_count: int,
    change: bool,
) -> Verdict:
    """Who may start or change a review, in whose name."""
    if change and (rule.switch_until == "never" or confirmed_count > 0):
        return ground.no(
            "已有专家确认，不得再更换组织方式",
            "按现有组织方式完成本次论证；确需更换的，先取消本次论证",
            f"已确认{confirmed_count}名",
        )
    if actor_role == "agency":
        return _agency(rule, ground, on_behalf, entrusted)
    if actor_role not in rule.initiators:
        who = ground.names("roles", rule.initiators)
        return ground.no(f"论证由{who}组织", f"请由{who}提出申请", ground.name("roles", actor_role))
    if has_general_contractor and not is_general_contractor:
        return ground.no(
            "实行施工总承包的，论证由施工总承包单位组织", "请由施工总承包单位提出申请", "分包单位"
        )
    return ground.yes("由施工单位组织论证")


def _agency(rule: Organiser, ground: Ground, on_behalf: bool, entrusted: bool) -> Verdict:
    if not rule.agency_allowed:
        return ground.no(
            "本规则下论证由施工单位自行组织，论证机构不得代为组织", "请由施工单位提出申请", "论证机构"
        )
    if not (on_behalf and entrusted):
        return ground.no(
            "论证机构只能办理施工单位已委托并经接受的论证",
            "先由施工单位在平台委托，论证机构接受后办理",
            "无有效委托",
        )
    return ground.yes("论证机构在委托范围内组织论证")


@judges("roles.agency")
def agency(rule: Agency, ground: Ground, *, is_legal_person: bool, organised: int, accepted: bool) -> Verdict:
    """What an agency must have shown before it takes a commission."""
    if not is_legal_person:
        return ground.no("论证机构须具有独立法人资格", "补充营业执照和统一社会信用代码", "无独立法人资料")
    if organised < rule.organised_minimum:
        return ground.no(
            "论证机构须有丰富的论证组织工作经验", "补充以往组织论证的清单", f"已登记{organised}项"
        )
    if rule.center_accepts and not accepted:
        return ground.no("论证机构的资料尚未经管理机构认可", "请管理机构审核后再接受委托", "未认可")
    return ground.yes("论证机构具备接受委托的条件", f"已登记{organised}项")


@judges("platform.coverage")
def no_pack(rule: Rule, ground: Ground, *, division: str) -> Verdict:
    """No pack covers the place: nothing can be judged there."""
    return ground.no(
        "平台没有适用于该地区的政策包", "请平台管理员先载入当地规则的政策包", f"行政区划 {division}"
    )
