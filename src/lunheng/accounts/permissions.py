"""Who may come in by which door and open which workspace: the city's law judges, by its own clause."""

from enum import StrEnum

from lunheng.accounts.models import Account, Seat
from lunheng.core.actor import Role
from lunheng.core.policy import Law
from lunheng.core.policy.rules.security import Login, Workspace
from lunheng.core.verdict import Verdict, allowed, refused

UNPROVEN = "未完成实名认证"


class Entrance(StrEnum):
    """The doors of the log-in page."""

    COMPANY = "company"
    EXPERT = "expert"
    APPLICANT = "applicant"
    OFFICE = "office"

    @property
    def label(self) -> str:
        """The name on the door."""
        return {"company": "企业端", "expert": "专家端", "applicant": "申请人", "office": "主管部门"}[
            self.value
        ]


def may_log_in_by(mode: str, law: Law) -> Verdict:
    """Whether the city lets people in this way: ``oidc`` or ``phone_password``."""
    return law.judge("security.login", mode=mode)


def has_real_name(account: Account, law: Law) -> Verdict:
    """Whether the identity service has proved the name, where the city's log-in rests on it."""
    rule = law.rule("security.login")
    if isinstance(rule, Login) and rule.mode == "phone_password":
        return allowed(law.clause("security.login"), "本市以手机号码和密码登录")
    return law.judge("security.login", mode="oidc" if account.verified_by else UNPROVEN)


def may_use_organization_workspace(account: Account, law: Law) -> Verdict:
    """Whether the log-in may open pages of units and act for a unit."""
    return law.judge("security.organization_workspace", login_kind=account.kind)


def may_use_expert_workspace(account: Account, law: Law, seat: Seat | None = None) -> Verdict:
    """Whether the log-in may open pages of experts; ``seat`` is the expert's seat in question, if one is named."""
    seats = [seat] if seat else list(expert_seats(account))
    return law.judge(
        "security.expert_workspace",
        login_kind=account.kind,
        identity_matches=any(one.matches(account) for one in seats),
    )


def may_take(seat: Seat, account: Account, law: Law) -> Verdict:
    """Whether the log-in may act in this seat."""
    if seat.is_of_organization:
        return may_use_organization_workspace(account, law)
    if seat.role == Role.EXPERT:
        return may_use_expert_workspace(account, law, seat)
    return allowed(law.clause("security.login"), "主管部门岗位")


def may_enter(entrance: Entrance, account: Account, law: Law) -> Verdict:
    """Whether the account belongs to this door; the clause is the one of the door it belongs to, where the city
    has one for each."""
    if entrance == Entrance.EXPERT:
        return may_use_expert_workspace(account, law)
    if entrance == Entrance.COMPANY:
        return _at_the_company_door(account, law)
    if entrance == Entrance.APPLICANT:
        return _at_the_applicants_door(account, law)
    return _at_the_office_door(account, law)


def expert_seats(account: Account) -> list[Seat]:
    """The expert's seats of an account."""
    return list(account.seats.filter(is_active=True, role=Role.EXPERT.value))


def _at_the_company_door(account: Account, law: Law) -> Verdict:
    rule = law.rule("security.expert_workspace")
    has_own_door = isinstance(rule, Workspace) and rule.legal is not None
    if has_own_door and account.kind == Account.Kind.NATURAL and expert_seats(account):
        return refused(
            law.clause("security.expert_workspace"), "专家账号在专家端登录", "请改从专家端登录", "企业端"
        )
    return may_use_organization_workspace(account, law)


def _at_the_applicants_door(account: Account, law: Law) -> Verdict:
    """Whoever wants to enter a pool has no expert file yet: a person of whatever standing comes in."""
    clause = law.clause("security.expert_workspace")
    if account.kind == Account.Kind.NATURAL:
        return allowed(clause, "以申请人本人身份登录")
    message, remedy = (
        "入库由本人申请，须以个人身份登录",
        "请申请人用本人的账号登录；办理单位的事项请从企业端登录",
    )
    return refused(clause, message, remedy, "单位登录")


def _at_the_office_door(account: Account, law: Law) -> Verdict:
    if any(seat.is_office for seat in account.seats.filter(is_active=True)):
        return allowed(law.clause("security.login"), "主管部门岗位")
    is_legal = account.kind == Account.Kind.LEGAL
    key = "security.organization_workspace" if is_legal else "security.expert_workspace"
    remedy = "请改从企业端登录" if is_legal else "请改从专家端登录"
    return refused(law.clause(key), "该账号没有主管部门岗位", remedy, Entrance.OFFICE.label)
