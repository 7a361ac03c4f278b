"""How a matter begins, inside the act of whoever keeps the file that it concerns (a pool, a member)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from lunheng.accounts.models import Account
from lunheng.cases.models import Case, Reader
from lunheng.cases.opening import open_case
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.policy import Law
from lunheng.core.policy.proceedings import Procedure
from lunheng.core.verdict import refused
from lunheng.documents.models import Document
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions.models import PackRecord
from lunheng.organizations.models import Organization
from lunheng.procedures import answers, drafts, flow, permissions, places, queries
from lunheng.procedures.models import Candidate, Proceeding


def open_proceeding(
    about: Case,
    key: str,
    data: Mapping[str, Any],
    *,
    pack: PackRecord,
    members: Iterable[tuple[Case, str]] = (),
    evidence: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime,
) -> Proceeding:
    """A new matter about a locked file. An application is handed in with it; members are the files that an office's
    matter concerns, with their names. ``evidence`` is what the data say that open a matter by themselves.

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
    people = list(members)
    found = answers.read(procedure.fields_of(form), data, law, clause, at.astimezone(CHINA).date())
    _require_standing(procedure, found, about, clause, at)
    place = _place_of(procedure, found, about)
    divisions = _divisions(law, procedure, about, place, clause)
    case = open_case(
        Case.Kind.PROCEEDING,
        title=f"{procedure.title}：{found.get('name') or _name_of(people, procedure) or about.title}",
        division=about.division,
        at=at,
        pack=pack,
        requested_on=at.astimezone(CHINA).date(),
    )
    _let_read(case, divisions, actor.reference if is_application else "")
    proceeding = Proceeding.objects.create(
        case=case,
        about=about,
        procedure=key,
        step=procedure.first.id,
        step_began_at=at,
        place_id=place,
        data={} if is_application else {**found, **(evidence or {})},
        opened_by=actor.reference,
        opened_at=at,
    )
    drafts.forget(actor.reference, drafts.of_opening(about, key))
    if is_application:
        _apply(proceeding, found, people, actor, at)
    else:
        bind(proceeding, answers.documents_in(procedure.fields_of(form), found), actor, at)
        _concern(proceeding, people)
        flow.enter(proceeding, procedure.first.id, at)
        flow.call_members(proceeding, at)
    return proceeding


def _require_standing(
    procedure: Procedure, found: Mapping[str, Any], about: Case, clause: Clause, at: datetime
) -> None:
    """Who is in the pool, or barred from it, does not apply to come in, whatever account he uses."""
    is_entry = any(step.effect == "appoint" for step in procedure.steps)
    fields = procedure.fields_of(procedure.first.form) if is_entry else ()
    digests = [str(found[one.key]) for one in fields if one.type == "identity" and found.get(one.key)]
    if digests:
        require(permissions.may_enter(about, digests, at.astimezone(CHINA).date(), clause))


def _place_of(procedure: Procedure, found: Mapping[str, Any], about: Case) -> str:
    """Where whoever applies is at home: as he says, else where his unit is, else where the file is kept."""
    fields = [one for sheet in procedure.forms.values() for one in sheet.fields]
    places_said = [str(found[one.key]) for one in fields if one.type == "place" and found.get(one.key)]
    units = [str(found[one.key]) for one in fields if one.type == "unit" and found.get(one.key)]
    if places_said:
        return places_said[0]
    unit = Organization.objects.filter(code=units[0]).first() if units else None
    return unit.division_id if unit else queries.home_of(about)


def _divisions(law: Law, procedure: Procedure, about: Case, place: str, clause: Clause) -> dict[str, str]:
    """Where each office acts that takes part.

    Raises:
        Refused: the place has no office of a level that nobody may pass over.
    """
    found = places.divisions_of(law, permissions.offices_of(procedure), about.division_id, place)
    needed = {step.office for step in procedure.steps if step.no_skip} | {procedure.office}
    for office, division in found.items():
        if division is None and office in needed:
            name = permissions.office_name(law, office)
            message = f"所在地没有{name}，不能按本流程办理"
            raise Refused(
                refused(clause, message, "核对所在地或工作单位；须由该级机构办理的，向其咨询", place)
            )
    return {office: division for office, division in found.items() if division is not None}


def _name_of(people: list[tuple[Case, str]], procedure: Procedure) -> str:
    return people[0][1] if procedure.concerns in ("member", "review") and people else ""


def _let_read(case: Case, offices: Mapping[str, str], account: str) -> None:
    readers = [Reader(case=case, office=office, division_id=place) for office, place in offices.items()]
    readers += [Reader(case=case, account=account)] if account else []
    Reader.objects.bulk_create(readers)


def _apply(
    proceeding: Proceeding,
    found: dict[str, Any],
    people: list[tuple[Case, str]],
    actor: Actor,
    at: datetime,
) -> None:
    step = proceeding.rule.first
    account = Account.objects.get(reference=actor.reference)
    fields, clause = proceeding.rule.fields_of(step.form), permissions.clause_of(proceeding, step)
    require(permissions.is_own_identity(fields, found, account, clause))
    candidate = Candidate.objects.create(
        proceeding=proceeding,
        number=1,
        account=account,
        file=people[0][0] if people else None,
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
    is_one = proceeding.rule.concerns == "member"
    Candidate.objects.bulk_create(
        Candidate(
            proceeding=proceeding,
            number=number,
            file=file,
            name=name[:64],
            account=Account.objects.filter(seats__expert=file.title).first() if is_one else None,
        )
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
