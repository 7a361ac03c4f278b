"""How a matter begins, inside the act of whoever keeps the file that it concerns (a pool, a member)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from lunheng.accounts.models import Account
from lunheng.cases.models import Case, Reader
from lunheng.cases.opening import open_case
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.verdict import refused
from lunheng.documents.models import Document
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions.models import PackRecord
from lunheng.procedures import answers, flow, permissions
from lunheng.procedures.models import Candidate, Proceeding


def open_proceeding(
    about: Case,
    key: str,
    data: Mapping[str, Any],
    *,
    pack: PackRecord,
    members: Iterable[tuple[Case, str]] = (),
    actor: Actor,
    at: datetime,
) -> Proceeding:
    """A new matter about a locked file. An application is handed in with it; members are the files that an office's
    matter concerns, with their names.

    Raises:
        Refused: no such procedure; not this actor's; the form is not complete; the same matter is running already.
    """
    law = laws.of(pack.digest)
    clause = law.clause("roles.pool")
    if key not in law.pack.procedures:
        raise Refused(refused(clause, "本市规则没有这一办理流程", "从列出的办理事项中选择", key))
    procedure = law.procedure(key)
    clause = require(permissions.may_open(actor, law, key, about)).reasons[0].clause
    is_application = procedure.opened_by == "application"
    running = Proceeding.objects.filter(about=about, procedure=key, state=Proceeding.State.RUNNING)
    if (running.filter(opened_by=actor.reference) if is_application else running).exists():
        whose = "您" if is_application else "本专家库"
        message = f"{whose}已有一件{procedure.title}正在办理"
        raise Refused(refused(clause, message, "在“办理事项”中继续办理", procedure.title))
    form = procedure.first.form if is_application else procedure.form
    found = answers.read(procedure.fields_of(form), data, law, clause, at.astimezone(CHINA).date())
    case = open_case(
        Case.Kind.PROCEEDING,
        title=f"{procedure.title}：{found.get('name') or about.title}",
        division=about.division,
        at=at,
        pack=pack,
        requested_on=at.astimezone(CHINA).date(),
    )
    _let_read(case, permissions.offices_of(procedure), actor.reference if is_application else "")
    proceeding = Proceeding.objects.create(
        case=case,
        about=about,
        procedure=key,
        step=procedure.first.id,
        step_began_at=at,
        data={} if is_application else found,
        opened_by=actor.reference,
        opened_at=at,
    )
    if is_application:
        _apply(proceeding, found, actor, at)
    else:
        _concern(proceeding, members)
        flow.enter(proceeding, procedure.first.id, at)
    return proceeding


def _let_read(case: Case, offices: Iterable[str], account: str) -> None:
    readers = [Reader(case=case, office=office, division_id=case.division_id) for office in offices]
    readers += [Reader(case=case, account=account)] if account else []
    Reader.objects.bulk_create(readers)


def _apply(proceeding: Proceeding, found: dict[str, Any], actor: Actor, at: datetime) -> None:
    step = proceeding.rule.first
    account = Account.objects.get(reference=actor.reference)
    fields, clause = proceeding.rule.fields_of(step.form), permissions.clause_of(proceeding, step)
    require(permissions.is_own_identity(fields, found, account, clause))
    candidate = Candidate.objects.create(
        proceeding=proceeding,
        number=1,
        account=account,
        name=str(found.get("name") or account.name)[:64],
        data=found,
        applied_at=at,
    )
    bind(proceeding, answers.documents_in(fields, found), actor, at)
    require(permissions.meets_needs(proceeding, step, "submit", candidate.data, ""))
    proceeding.take(step, "submit", actor=actor, at=at, data=found, candidate=candidate)
    flow.go_on(proceeding, step, "submit", at)
    here = proceeding.here
    following = permissions.title_of(proceeding.case.law, here) if here else proceeding.get_state_display()
    flow.tell(proceeding, f"已提交。下一步：{following}", at)


def _concern(proceeding: Proceeding, members: Iterable[tuple[Case, str]]) -> None:
    Candidate.objects.bulk_create(
        Candidate(proceeding=proceeding, number=number, file=file, name=name[:64])
        for number, (file, name) in enumerate(members, 1)
    )


def bind(proceeding: Proceeding, document_ids: Iterable[int], actor: Actor, at: datetime) -> None:
    """Make files part of the matter; they stay sealed with it.

    Raises:
        Refused: no such file; it belongs to another case; somebody else uploaded it.
    """
    keys = list(dict.fromkeys(document_ids))
    documents = list(Document.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    if len(documents) != len(keys):
        clause = proceeding.case.law.procedure_clause(proceeding.procedure, proceeding.rule)
        raise Refused(refused(clause, "没有这份文件", "重新上传文件", "文件号不正确"))
    for document in documents:
        document.bind(proceeding.case, Document.Kind.PROOF, actor=actor, at=at)
