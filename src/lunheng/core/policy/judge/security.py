"""登录、保密与平台规则."""

from collections.abc import Sequence

from lunheng.core.policy.judge.ground import Ground
from lunheng.core.policy.judge.registry import judges
from lunheng.core.policy.rules import Rule
from lunheng.core.policy.rules.upkeep import Files, Login, Workspace
from lunheng.core.verdict import Verdict

_WAYS = {"oidc": "统一身份认证平台实名认证", "phone_password": "手机号码和密码"}


@judges("security.login")
def login(rule: Login, ground: Ground, *, mode: str) -> Verdict:
    """`mode` by which the person came in: oidc or phone_password."""
    way = _WAYS[rule.mode]
    if mode == rule.mode:
        return ground.yes(f"已以{way}登录")
    return ground.no(f"须以{way}登录", f"退出后以{way}登录", _WAYS.get(mode, mode))


@judges("security.organization_workspace")
def organization_workspace(rule: Rule, ground: Ground, *, login_kind: str) -> Verdict:
    """`login_kind` legal or natural."""
    if login_kind == "legal":
        return ground.yes("以法人身份登录")
    return ground.no("单位工作台须以法人身份登录", "退出后选择法人登录", "个人登录")


@judges("security.expert_workspace")
def expert_workspace(rule: Workspace, ground: Ground, *, login_kind: str, identity_matches: bool) -> Verdict:
    """`identity_matches`: the identity that logged in is the one of the expert file."""
    if login_kind != "natural":
        clause = ground.cite(rule.legal) if rule.legal else ground.clause
        return ground.no_by(clause, "专家工作台须以个人身份登录", "退出后以专家本人身份登录", "单位登录")
    if not identity_matches:
        return ground.no(
            "登录身份与专家档案不一致", "请专家本人登录；信息有误的请联系专家库管理机构", "身份不一致"
        )
    return ground.yes("以专家本人身份登录")


@judges("security.secrecy")
def secrecy(rule: Rule, ground: Ground, *, is_party: bool) -> Verdict:
    """`is_party`: party of this review or its supervising authority."""
    if is_party:
        return ground.yes("可以查看，每次查看均有记录")
    return ground.no(
        "论证资料仅限本次论证各方和监督机构查看", "如确需查阅，请向监督机构申请", "非本次论证各方"
    )


@judges("security.commitment")
def commitment(rule: Rule, ground: Ground, *, signed: bool) -> Verdict:
    """Before the first invitation or push."""
    if signed:
        return ground.yes("已签署廉洁与保密承诺")
    return ground.no("专家尚未签署廉洁与保密承诺，不得接受邀请", "登录后签署承诺书", "未签署")


@judges("security.plan_access")
def plan_access(rule: Rule, ground: Ground, *, signed: bool) -> Verdict:
    """Before the plan of a case is opened."""
    if signed:
        return ground.yes("已签署保密承诺，可以查阅方案")
    return ground.no("尚未签署保密承诺，不得查阅方案", "签署保密承诺后再打开", "未签署")


@judges("platform.files")
def files(rule: Files, ground: Ground, *, kind: str, size: int) -> Verdict:
    """`kind` is the file's type as an extension, `size` in bytes."""
    if kind.lower() not in rule.types:
        return ground.no(f"不接受 {kind} 类型的文件", f"请上传：{'、'.join(rule.types)}", kind)
    if size < rule.minimum_bytes:
        return ground.no("文件是空的", "请核对后重新上传", f"{size} 字节")
    if size > rule.maximum_bytes:
        limit = rule.maximum_bytes // 1_048_576
        return ground.no(f"文件超过 {limit} MB 上限", "压缩或拆分后上传", f"{size} 字节")
    return ground.yes("文件符合要求", f"{size} 字节")


@judges("platform.vote")
def vote(rule: Rule, ground: Ground, *, voted: bool) -> Verdict:
    """One vote each."""
    if voted:
        return ground.no("每人只能投一票，你已经投过票", "等待其他成员投票", "已投票")
    return ground.yes("可以投票")


@judges("platform.order")
def order(rule: Rule, ground: Ground, *, state: str, act: str, lawful: Sequence[str]) -> Verdict:
    """`state` and `act` as people read them; `lawful` acts of this state."""
    if act in lawful:
        return ground.yes(f"当前状态可以办理“{act}”", state)
    next_step = f"当前可以办理：{'、'.join(lawful)}" if lawful else "本事项已经办结"
    return ground.no(f"当前状态（{state}）不能办理“{act}”", next_step, state)


@judges("platform.access")
def access(rule: Rule, ground: Ground, *, concerned: bool) -> Verdict:
    """Whether the one who asks has to do with the file."""
    if not concerned:
        return ground.no("您与这份档案无关，不能查看", "请使用与本案有关的身份登录", "无关")
    return ground.yes("与本档案有关")


@judges("platform.clock")
def clock(rule: Rule, ground: Ground, *, deviation: str, within: bool) -> Verdict:
    """Whether the server's clock lies between those of the last checkpoint and of the witnesses."""
    if not within:
        return ground.no("服务器时钟超出存证允许的范围", "请运维人员校准服务器时钟", deviation)
    return ground.yes("服务器时钟在存证允许的范围内")
