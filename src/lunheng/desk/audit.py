"""被拒记录与查阅记录: refused attempts and accesses, for the supervising office and for the person concerned."""

from typing import Any

from lunheng.cases.listing import Asked, Column, Listing
from lunheng.core.actor import Role
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.desk.permissions import ACCESS
from lunheng.desk.queries import traces
from lunheng.ledger.models import Access
from lunheng.web.cells import Cell, Cited, Code, Mark, Note
from lunheng.web.narrowing import Choice, Days, Sort

ROLES = [(role.value, role.label) for role in Role if role is not Role.SYSTEM]
DAYS = (Days("since", "日期从", "at"), Days("until", "到", "at", is_last=True))
ORDER = (Sort("newest", "新的在前", ("-id",)), Sort("oldest", "早的在前", ("id",)))


def may_read_traces(asked: Asked) -> Verdict:
    """Whether this seat is of an office; of which files, the query says."""
    if asked.actor.role.is_office:
        return allowed(ACCESS, "监督机构查看被拒记录和查阅记录")
    return refused(
        ACCESS, "这些记录只供负责监督的机构查看", "本人的记录请在“我的查阅记录”和“我的被拒记录”中查看"
    )


def _who(trace: traces.Trace) -> Cell:
    return trace.name or None, Note(trace.role)


def _why(trace: traces.Trace) -> Cell:
    parts: list[Any] = []
    for reason in trace.reasons:
        parts += [reason.get("message", ""), Cited(reason["clause"]) if reason.get("clause") else None]
    return tuple(parts)


def _outcome(trace: traces.Trace) -> Cell:
    is_allowed = isinstance(trace.row, Access) and trace.row.allowed
    return Mark("good", "已打开") if is_allowed else Mark("late", "未准许")


WHEN = Column("时间", lambda one: one.row.at)
WHO = Column("何人", _who)
DEED = Column("事项", lambda one: one.deed)
WHAT = Column("内容", lambda one: one.what)
SUBJECT = Column("案件或档案", lambda one: Code(one.row.subject))
REFUSALS = Listing(
    name="desk.refusals",
    address="desk:refusals",
    title="被拒记录",
    needs_person=True,
    may=may_read_traces,
    rows=lambda asked: traces.refusals_for(asked.actor),
    dress=lambda asked, rows: traces.traces(rows),
    search=("subject",),
    search_label="案件或档案编号",
    filters=(Choice("role", "身份", ROLES, "role"), *DAYS),
    sorts=ORDER,
    columns=(
        WHEN,
        WHO,
        Column("想办理的事项", lambda one: one.deed),
        SUBJECT,
        Column("为什么没有办理", _why),
    ),
    empty=(
        "没有被拒的办理",
        "本机构监督的论证和档案中，不符合规定而没有办理的事项会连同理由和依据列在这里。",
    ),
)
ACCESSES = Listing(
    name="desk.accesses",
    address="desk:accesses",
    title="查阅记录",
    needs_person=True,
    may=may_read_traces,
    rows=lambda asked: traces.accesses_for(asked.actor),
    dress=lambda asked, rows: traces.traces(rows),
    search=("subject", "what"),
    search_label="案件、档案编号或内容",
    filters=(
        Choice("kind", "事项", list(traces.KINDS.items()), "kind"),
        Choice("role", "身份", ROLES, "role"),
        *DAYS,
    ),
    sorts=ORDER,
    columns=(WHEN, WHO, DEED, WHAT, SUBJECT, Column("结果", _outcome)),
    empty=("没有查阅记录", "本机构监督的案件和档案被打开、导出时，何人何时查阅会列在这里。"),
)
OWN_REFUSALS = Listing(
    name="desk.own_refusals",
    address="desk:own_refusals",
    title="我的被拒记录",
    needs_person=True,
    rows=lambda asked: traces.own_refusals(asked.request.user),  # type: ignore[arg-type]
    dress=lambda asked, rows: traces.traces(rows),
    filters=DAYS,
    sorts=ORDER,
    columns=(WHEN, Column("想办理的事项", lambda one: one.deed), Column("为什么没有办理", _why)),
    empty=("没有被拒的办理", "您办理而不符合规定的事项，会连同理由和依据列在这里。"),
)
OWN_ACCESSES = Listing(
    name="desk.own_accesses",
    address="desk:own_accesses",
    title="我的查阅记录",
    needs_person=True,
    rows=lambda asked: traces.own_accesses(asked.request.user, asked.actor.expert),  # type: ignore[arg-type]
    dress=lambda asked, rows: traces.traces(rows),
    filters=(
        Choice(
            "whose",
            "何人",
            (("others", "别人查阅我的档案"), ("own", "我自己的查阅和登录")),
            narrow=lambda rows, value, asked: (
                rows.filter(account=asked.request.user.reference)
                if value == "own"
                else rows.exclude(account=asked.request.user.reference)
            ),
        ),
        *DAYS,
    ),
    sorts=ORDER,
    columns=(WHEN, Column("何人", lambda one: one.role), DEED, WHAT, Column("结果", _outcome)),
    empty=("没有查阅记录", "有人查看您的专家档案或办理事项，以及您登录和查阅时，会列在这里。"),
)
