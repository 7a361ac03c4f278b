"""Who may object, and until when."""

from datetime import datetime, timedelta

from lunheng.accounts.throttle import Limit
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import format_due
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.notices.models import Notice

SHORTEST, LONGEST = 5, 2000
OBJECTIONS_OF_AN_ADDRESS = Limit("objection-address", 10, timedelta(hours=1))
"""By page and by interface together."""
PLATFORM = "论衡平台运行规则"
ORDER = Clause(PLATFORM, "第四条", "办理次序")
"""``platform.order`` of the platform's own pack."""


def clause_of(notice: Notice) -> Clause:
    """The clause on which the notice stands."""
    document, _, number = notice.clause.partition("》")
    return Clause(document.removeprefix("《") or PLATFORM, number or "第四条")


def may_object(notice: Notice, name: str, phone: str, text: str, at: datetime) -> Verdict:
    """Anybody may, by name and with a reason, while the notice runs; at its last moment nobody may any more."""
    clause = clause_of(notice)
    if notice.kind != Notice.Kind.NOTICE or not notice.is_running(at):
        ended = format_due(notice.ends_at, with_year=True) if notice.ends_at else "不接受异议"
        return refused(clause, "公示期已经结束，不能再提出异议", "可向主管部门反映情况或投诉举报", ended)
    if not name.strip() or not phone.strip():
        return refused(clause, "提出异议须写明姓名和联系电话", "填写姓名和联系电话", "未填写")
    length = len(text.strip())
    if not SHORTEST <= length <= LONGEST:
        message = f"异议理由须为{SHORTEST}至{LONGEST}字"
        return refused(clause, message, "写明异议的事实和理由", f"{length}字")
    return allowed(clause, "公示期内任何人可以提出异议")
