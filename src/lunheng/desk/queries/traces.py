"""What was refused and who opened what: for the office that supervises, and for whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from lunheng.accounts.models import Account
from lunheng.cases.acts import REGISTRY
from lunheng.cases.models import Case, Reader
from lunheng.core.actor import Actor, Role
from lunheng.core.events import words_of
from lunheng.desk.queries.listing import visible_cases
from lunheng.experts.models import Expert
from lunheng.jurisdictions import territory
from lunheng.ledger.models import Access, RefusedAttempt

FILES = (Case.Kind.POOL, Case.Kind.EXPERT, Case.Kind.PROJECT)
KINDS: Mapping[str, str] = {
    "case": "打开案件",
    "timeline": "打开办理记录",
    "proceeding": "打开办理事项",
    "view": "查看档案",
    "export": "导出",
    "login": "登录",
    "logout": "退出",
    "password_code": "获取验证码",
    "password_reset": "重置密码",
    "seat": "切换身份",
}
"""What was done, by the word under which it is kept."""
LOOKS: Mapping[str, str] = {
    "cases.view_case": "查看案件",
    "experts.view": "查阅专家档案",
    "procedures.view": "查看办理事项",
    "accounts.open_page": "打开页面",
}
"""What was tried, where it is no act."""


def supervised_subjects(actor: Actor) -> Q:
    """Rows about a review that the office supervises, or a pool, an expert's file or a project of its territory."""
    reviews = visible_cases(actor).order_by().values("reference")
    inside = territory.below(actor.jurisdiction)
    files = Case.objects.filter(kind__in=FILES, division_id__in=inside).order_by().values("reference")
    return Q(subject__in=reviews) | Q(subject__in=files)


def own_files(account: Account, expert: str) -> QuerySet[Case]:
    """The files that are about this person: as an expert, and the matters of which the person is a reader."""
    experts = Expert.objects.filter(Q(account=account) | Q(reference=expert or "-")).order_by().values("file")
    read = Reader.objects.filter(account=account.reference).order_by().values("case")
    return Case.objects.filter(Q(pk__in=experts) | Q(pk__in=read)).order_by()


def refusals_for(actor: Actor) -> QuerySet[RefusedAttempt]:
    """What was refused in what the office supervises, newest first."""
    return RefusedAttempt.objects.filter(supervised_subjects(actor)).order_by("-id")


def accesses_for(actor: Actor) -> QuerySet[Access]:
    """Who opened what of what the office supervises, newest first."""
    return Access.objects.filter(supervised_subjects(actor)).order_by("-id")


def own_refusals(account: Account) -> QuerySet[RefusedAttempt]:
    """What was refused to this person, newest first."""
    return RefusedAttempt.objects.filter(account=account.reference).order_by("-id")


def own_accesses(account: Account, expert: str) -> QuerySet[Access]:
    """Who opened the files of this person, and what this person opened, newest first."""
    about = Q(subject__in=own_files(account, expert).values("reference"))
    return Access.objects.filter(about | Q(account=account.reference)).order_by("-id")


@dataclass(frozen=True)
class Trace:
    """One row of either list, with the name of who it was where the reader may know it."""

    row: RefusedAttempt | Access
    name: str

    @property
    def role(self) -> str:
        """In which role."""
        return Role(self.row.role).label if self.row.role in set(Role) else ""

    @property
    def deed(self) -> str:
        """What was tried or done, in words."""
        if isinstance(self.row, Access):
            return KINDS.get(self.row.kind, "查看")
        spec = REGISTRY.get(self.row.act)
        return words_of(spec.event) if spec else LOOKS.get(self.row.act, "查看页面")

    @property
    def what(self) -> str:
        """What it was about, where that was kept in words for people."""
        said = self.row.what if isinstance(self.row, Access) else ""
        return said if any("一" <= sign <= "鿿" for sign in said) else ""

    @property
    def reasons(self) -> list[dict[str, str]]:
        """Why it was refused."""
        return list(self.row.reasons) if isinstance(self.row, RefusedAttempt) else []


def traces(rows: Iterable[RefusedAttempt | Access]) -> Iterator[Trace]:
    """The rows with names (one query). Experts are not named: who was drawn is sealed, and a look would tell it."""
    found = list(rows)
    seen = {row.account for row in found if row.role != Role.EXPERT}
    names = dict(Account.objects.filter(reference__in=seen).values_list("reference", "name"))
    for row in found:
        yield Trace(row, names.get(row.account, "") if row.role != Role.EXPERT else "")
