"""登录与保密: how people come in, and what is opened to whom."""

from typing import Literal

from lunheng.core.policy.rules.base import Citation, Rule, Silence
from lunheng.core.policy.rules.ground import Ground
from lunheng.core.verdict import Verdict

TOPICS = {"security": "登录与保密"}


_WAYS = {"oidc": "统一身份认证平台实名认证", "phone_password": "手机号码和密码"}


class Login(Rule):
    """登录: the way in."""

    key = "security.login"
    heading = "登录方式"
    silence = Silence.REFUSE
    words = {"mode": "方式"}
    values = {"oidc": "统一身份认证", "phone_password": "手机号码和密码"}

    mode: Literal["oidc", "phone_password"]

    def judge(self, ground: Ground, /, *, mode: str) -> Verdict:
        """`mode` by which the person came in: oidc or phone_password."""
        way = _WAYS[self.mode]
        if mode == self.mode:
            return ground.yes(f"已以{way}登录")
        return ground.no(f"须以{way}登录", f"退出后以{way}登录", _WAYS.get(mode, mode))


class OrganizationWorkspace(Rule):
    """单位工作台: pages of units."""

    key = "security.organization_workspace"
    heading = "单位工作台"
    silence = Silence.REFUSE

    def judge(self, ground: Ground, /, *, login_kind: str) -> Verdict:
        """`login_kind` legal or natural."""
        if login_kind == "legal":
            return ground.yes("以法人身份登录")
        return ground.no("单位工作台须以法人身份登录", "退出后选择法人登录", "个人登录")


class Workspace(Rule):
    """工作台: `legal` is the clause that keeps units out of the experts' entrance, when it is another one."""

    key = "security.expert_workspace"
    heading = "专家工作台"
    silence = Silence.REFUSE
    words = {"legal": "单位误入的依据"}

    legal: Citation | None = None

    def judge(self, ground: Ground, /, *, login_kind: str, identity_matches: bool) -> Verdict:
        """`identity_matches`: the identity that logged in is the one of the expert file."""
        if login_kind != "natural":
            clause = ground.cite(self.legal) if self.legal else ground.clause
            return ground.no_by(clause, "专家工作台须以个人身份登录", "退出后以专家本人身份登录", "单位登录")
        if not identity_matches:
            return ground.no(
                "登录身份与专家档案不一致", "请专家本人登录；信息有误的请联系专家库管理机构", "身份不一致"
            )
        return ground.yes("以专家本人身份登录")


class Secrecy(Rule):
    """保密: the material of a review is for its parties and its supervisor."""

    key = "security.secrecy"
    heading = "论证资料的保密"
    silence = Silence.REFUSE

    def judge(self, ground: Ground, /, *, is_party: bool) -> Verdict:
        """`is_party`: party of this review or its supervising authority."""
        if is_party:
            return ground.yes("可以查看，每次查看均有记录")
        return ground.no(
            "论证资料仅限本次论证各方和监督机构查看", "如确需查阅，请向监督机构申请", "非本次论证各方"
        )


class Commitment(Rule):
    """承诺: signed before the first invitation or push."""

    key = "security.commitment"
    heading = "廉洁与保密承诺"
    silence = Silence.FREE

    def judge(self, ground: Ground, /, *, signed: bool) -> Verdict:
        """Before the first invitation or push."""
        if signed:
            return ground.yes("已签署廉洁与保密承诺")
        found = ground.no("专家尚未签署廉洁与保密承诺，不得接受邀请", "登录后签署承诺书", "未签署")
        return ground.as_read("", found)


class PlanAccess(Rule):
    """查阅方案: after the commitment is signed."""

    key = "security.plan_access"
    heading = "查阅方案"
    silence = Silence.REFUSE

    def judge(self, ground: Ground, /, *, signed: bool) -> Verdict:
        """Before the plan of a case is opened."""
        if signed:
            return ground.yes("已签署保密承诺，可以查阅方案")
        found = ground.no("尚未签署保密承诺，不得查阅方案", "签署保密承诺后再打开", "未签署")
        return ground.as_read("", found)
