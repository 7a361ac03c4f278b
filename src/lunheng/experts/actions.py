"""Acts on the file of an expert: admission, term, state, unit, interests."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

from lunheng.accounts.identity import identity_digest
from lunheng.accounts.models import Account, Seat
from lunheng.cases.acts import AlreadyDone, act
from lunheng.cases.locks import lock, lock_many
from lunheng.cases.models import Case, Deadline
from lunheng.cases.opening import open_case
from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.identity import clean_name, mobile_number, person_number, read
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.policy import Law
from lunheng.core.policy.proceedings import Step
from lunheng.core.procedures.consequences import RECHECK_RELATIONS
from lunheng.core.procedures.files import (
    ADMIT_EXPERT,
    APPOINT_EXPERT,
    CHANGE_STATE,
    CHANGE_UNIT,
    END_TERM,
    RECORD_INTEREST,
    RENEW_TERM,
)
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.experts import permissions, queries
from lunheng.experts.models import Expert, ExpertSpecialty, Interest
from lunheng.ledger.models import Entry
from lunheng.organizations import queries as units
from lunheng.organizations.models import Organization
from lunheng.pools import permissions as pool_permissions
from lunheng.pools.models import Membership, Pool
from lunheng.pools.queries import law_of
from lunheng.procedures import flow
from lunheng.procedures import permissions as procedures
from lunheng.procedures import queries as procedure_queries
from lunheng.procedures.models import Candidate, Proceeding

State = Literal["active", "suspended", "removed"]


@act(ADMIT_EXPERT)
def admit_expert(
    *,
    pool_id: int,
    name: str,
    phone: str,
    identity_number: str,
    organization_code: str,
    title: str,
    specialties: list[str],
    years: int,
    has_senior_title: bool,
    has_rich_experience: bool = False,
    registration: str = "",
    ends_on: date | None = None,
    actor: Actor,
    at: datetime,
) -> Expert:
    """入库: an expert whom the keeper of the pool found to meet 31号（八）; log-in and seat come with it.

    The identity number is kept only as its keyed digest.
    """
    pool = Pool.objects.select_related("division").get(pk=pool_id)
    # Two clerks who admit the same person at once: the second looks after the first has entered.
    lock(pool.file_id)
    on = at.astimezone(CHINA).date()
    clause = require(pool_permissions.may_change(actor, pool, at, "admit_member")).reasons[0].clause
    law = law_of(pool, on)
    assert law is not None
    floor = {"years": years, "has_senior_title": has_senior_title, "has_rich_experience": has_rich_experience}
    name, phone = read(clean_name, name, clause), read(mobile_number, phone, clause)
    digest = identity_digest(read(partial(person_number, on=on), identity_number, clause))
    require(
        combine(
            law.judge("eligibility.floor", **floor),
            _known(specialties, law, clause),
            _is_new(pool, digest, clause),
            _is_own_phone(phone, digest, clause),
        )
    )
    expert = _enroll(
        pool,
        specialties,
        at,
        name=name,
        phone=phone,
        identity_digest=digest,
        unit=_organization(organization_code, clause),
        title=title.strip(),
        registration=registration.strip(),
        ends_on=ends_on,
    )
    data: dict[str, JsonValue] = {
        "label": "专家入库",
        "clause": str(clause),
        "pool": pool.key,
        "years": years,
    }
    expert.file.enter(actor=actor, at=at, data={**data, "unit": expert.unit.code, "specialties": specialties})
    return expert


@act(RECORD_INTEREST)
def record_interest(
    *, expert_id: int, organization_code: str, ground: str, actor: Actor, at: datetime
) -> Entry:
    """登记利害关系: a unit with which the expert has an interest; running reviews look again at once."""
    expert = queries.expert(expert_id)
    reviews = lock_many(queries.open_reviews_of(expert.reference))
    file = lock(expert.file_id)
    clause = require(permissions.may_declare(actor, expert, at)).reasons[0].clause
    _needs_text(ground, clause, "登记利害关系须写明关系", "填写与该单位的关系")
    unit = _organization(organization_code, clause)
    Interest.objects.create(expert=expert, organization=unit, ground=ground.strip(), recorded_at=at)
    _look_again(reviews, expert, "专家登记利害关系，重新核对回避", actor, at)
    data = {"label": "登记利害关系", "clause": str(clause), "unit": unit.code, "ground": ground.strip()}
    return file.enter(actor=actor, at=at, data=data)


@act(CHANGE_UNIT)
def change_unit(*, expert_id: int, organization_code: str, actor: Actor, at: datetime) -> Entry:
    """变更工作单位: recusal follows the present unit, so reviews in which the expert sits look again."""
    expert = queries.expert(expert_id)
    reviews = lock_many(queries.open_reviews_of(expert.reference))
    file = lock(expert.file_id)
    clause = require(permissions.may_change(actor, expert, at)).reasons[0].clause
    unit = _organization(organization_code, clause)
    expert = queries.expert_for_update(expert_id)
    before, expert.unit = expert.unit, unit
    expert.save(update_fields=("unit",))
    _look_again(reviews, expert, "专家变更工作单位，重新核对回避", actor, at)
    data = {"label": "变更工作单位", "clause": str(clause), "before": before.code, "after": unit.code}
    return file.enter(actor=actor, at=at, data=data)


@act(CHANGE_STATE)
def change_state(*, expert_id: int, state: State, reason: str, actor: Actor, at: datetime) -> Entry:
    """暂停、恢复、移出: who is suspended or removed is no longer drawn; open panels look again."""
    expert = queries.expert(expert_id)
    reviews = lock_many(queries.open_reviews_of(expert.reference))
    file = lock(expert.file_id)
    clause = require(permissions.may_change(actor, expert, at)).reasons[0].clause
    _needs_text(reason, clause, "变更专家状态须写明理由", "填写理由")
    standing = queries.membership_for_update(expert)
    before, standing.state = standing.state, state
    standing.save(update_fields=("state",))
    label = f"专家状态变为“{standing.get_state_display()}”"
    _look_again(reviews, expert, f"{label}，重新核对", actor, at)
    data = {"label": label, "clause": str(clause), "before": before, "after": state, "reason": reason.strip()}
    return file.enter(actor=actor, at=at, data=data)


@act(RENEW_TERM)
def renew_term(*, expert_id: int, ends_on: date, actor: Actor, at: datetime) -> Entry:
    """续聘: the term ends on another day (that day is no longer part of it)."""
    expert = queries.expert(expert_id)
    file = lock(expert.file_id)
    clause = require(permissions.may_change(actor, expert, at)).reasons[0].clause
    standing = queries.membership_for_update(expert)
    before = standing.ends_on
    if ends_on <= standing.appointed_on:
        raise Refused(refused(clause, "聘期截止日须晚于聘任日", "重新选择截止日", str(ends_on)))
    standing.ends_on = ends_on
    standing.save(update_fields=("ends_on",))
    data = {
        "label": "续聘",
        "clause": str(clause),
        "before": str(before) if before else "",
        "after": str(ends_on),
    }
    return file.enter(actor=actor, at=at, data=data)


@act(APPOINT_EXPERT, is_public=False)
def appoint_candidate(*, deadline_id: int, actor: Actor, at: datetime) -> Entry:
    """聘任: whom a finished procedure lets into the pool gets file, standing and seat; entered in both files.

    Who has come in by another way meanwhile gets no second file: the matter ends and says so.
    """
    case, deadline, proceeding, candidate = _effect(deadline_id, also_about=True)
    pool = Pool.objects.select_related("division").get(file_id=proceeding.about_id)
    given, clause = proceeding.arguments(candidate), procedures.clause_of(proceeding, _here(proceeding))
    verdict = combine(
        _is_new(pool, given["identity_number"], clause),
        procedures.is_of_account(proceeding, candidate, candidate.data),
    )
    deadline.perform(at)
    if not verdict.is_allowed:
        told = f"未能入库：{verdict.reasons[0].message}"
        proceeding.end(Proceeding.State.REFUSED, at)
        flow.tell(proceeding, told, at)
        label: dict[str, JsonValue] = {"label": told, "clause": str(clause), "pool": pool.key}
        return case.enter(actor=actor, at=at, data=label, because=deadline.opened_by)
    expert = _enroll(
        pool,
        given["specialties"],
        at,
        account=candidate.account,
        name=candidate.name,
        phone=str(candidate.account.phone or "") if candidate.account else "",
        identity_digest=given["identity_number"],
        unit=_organization(given["organization_code"], clause),
        title=given["title"][:32],
        registration=str(given.get("registration", ""))[:64],
        ends_on=_day(given.get("ends_on")),
    )
    flow.effected(proceeding, candidate, at, file_id=expert.file_id)
    flow.tell(proceeding, f"已进入{pool.name}", at)
    data: dict[str, JsonValue] = {"label": "专家聘任入库", "clause": str(clause), "pool": pool.key}
    expert.file.enter(
        actor=actor, at=at, data={**data, "proceeding": case.reference}, because=deadline.opened_by
    )
    return case.enter(
        actor=actor, at=at, data={**data, "expert": expert.reference}, because=deadline.opened_by
    )


@act(RENEW_TERM, is_public=False)
def renew_candidate(*, deadline_id: int, actor: Actor, at: datetime) -> Entry:
    """续聘: the term of somebody on the list ends on the day of the procedure."""
    return _set_term(deadline_id, "续聘", actor, at, is_shortened=False)


@act(END_TERM, is_public=False)
def end_candidate(*, deadline_id: int, actor: Actor, at: datetime) -> Entry:
    """聘期届满: the term of somebody left out ends with the day of the procedure; the file is kept."""
    return _set_term(deadline_id, "未续聘，聘期届满", actor, at, is_shortened=True)


def _set_term(deadline_id: int, label: str, actor: Actor, at: datetime, *, is_shortened: bool) -> Entry:
    case, deadline, proceeding, candidate = _effect(deadline_id)
    expert = queries.expert_of_file_for_update(candidate.file_id)
    standing = queries.membership_for_update(expert)
    clause, before = procedures.clause_of(proceeding, _here(proceeding)), standing.ends_on
    ends_on = _day(proceeding.arguments(candidate)["ends_on"])
    assert ends_on is not None
    if is_shortened and before is not None:
        ends_on = min(ends_on, before)
    deadline.perform(at)
    if standing.state != Membership.State.REMOVED:
        standing.ends_on = ends_on
        standing.save(update_fields=("ends_on",))
    flow.effected(proceeding, candidate, at)
    data: dict[str, JsonValue] = {
        "label": label,
        "clause": str(clause),
        "before": str(before or ""),
        "after": str(standing.ends_on or ""),
    }
    expert.file.enter(
        actor=actor, at=at, data={**data, "proceeding": case.reference}, because=deadline.opened_by
    )
    return case.enter(
        actor=actor, at=at, data={**data, "expert": expert.reference}, because=deadline.opened_by
    )


def _effect(deadline_id: int, *, also_about: bool = False) -> tuple[Case, Deadline, Proceeding, Candidate]:
    """The matter that asks for an effect, and for whom: matter, and the files it changes, locked in one order."""
    found = Deadline.objects.select_related("case__proceeding").get(pk=deadline_id)
    matter = found.case.proceeding
    person = matter.candidates.get(pk=int(found.subject))
    others = {matter.about_id} if also_about else {person.file_id} - {None}
    case = next(one for one in lock_many([found.case_id, *others]) if one.pk == found.case_id)
    deadline = procedure_queries.deadline_for_update(deadline_id)
    proceeding = procedure_queries.proceeding_for_update(case)
    candidate = procedure_queries.candidate_for_update(proceeding, person.pk)
    if proceeding.here is None or proceeding.here.kind != "effect":
        raise AlreadyDone
    return case, deadline, proceeding, candidate


def _here(proceeding: Proceeding) -> Step:
    assert proceeding.here is not None
    return proceeding.here


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def _enroll(
    pool: Pool,
    specialties: list[str],
    at: datetime,
    *,
    ends_on: date | None,
    account: Account | None = None,
    **fields: Any,
) -> Expert:
    """The file, the log-in, the expert and the membership of somebody new."""
    on = at.astimezone(CHINA).date()
    file = open_case(Case.Kind.EXPERT, title=fields["name"], division=pool.division, at=at)
    file.title = file.reference
    file.save(update_fields=("title",))
    account = _account(
        fields["name"], fields["phone"], fields["identity_digest"], file.reference, at, account
    )
    standing = Membership.objects.create(pool=pool, file=file, appointed_on=on, ends_on=ends_on)
    expert = Expert.objects.create(
        file=file, reference=file.reference, pool=pool, membership=standing, account=account, **fields
    )
    ExpertSpecialty.objects.bulk_create(
        ExpertSpecialty(expert=expert, specialty=one) for one in dict.fromkeys(specialties)
    )
    return expert


def _known(specialties: list[str], law: Law, clause: Clause) -> Verdict:
    labels = law.choices("specialties")
    unknown = [one for one in specialties if one not in labels]
    if unknown or not specialties:
        return refused(clause, "专业须从专业目录中选择", "重新选择专业", "、".join(unknown) or "未选择")
    return allowed(clause, "专业在目录之内")


def _is_new(pool: Pool, digest: str, clause: Clause) -> Verdict:
    if Expert.objects.filter(pool=pool, identity_digest=digest).exists():
        return refused(clause, "该专家已在库内", "在其档案中办理续聘或恢复", pool.name)
    return allowed(clause, "库内没有此人")


def _is_own_phone(phone: str, digest: str, clause: Clause) -> Verdict:
    holder = Account.objects.filter(phone=phone).first()
    if holder is not None and holder.identity_digest not in ("", digest):
        return refused(clause, "该手机号已由另一人登记", "核对手机号和身份证号码", f"尾号{phone[-4:]}")
    return allowed(clause, "手机号属于本人或尚未登记")


def _account(
    name: str, phone: str, digest: str, reference: str, at: datetime, known: Account | None = None
) -> Account:
    """The person's log-in, known by identity wherever it was made, or by phone; made when there is none."""
    people = Account.objects.filter(kind=Account.Kind.NATURAL, identity_digest=digest)
    account = (
        known
        or people.first()
        or Account.objects.filter(phone=phone).first()
        or Account.objects.create_account(phone=phone, name=name, identity_digest=digest, created_at=at)
    )
    if known is not None and not known.identity_digest:
        known.identity_digest = digest
        known.save(update_fields=("identity_digest",))
    Seat.objects.create(account=account, role=Role.EXPERT.value, expert=reference)
    return account


def _look_again(reviews: Iterable[Case], expert: Expert, label: str, actor: Actor, at: datetime) -> None:
    """Every locked review checks its panel anew, as a consequence due now."""
    for review in reviews:
        clause = review.law.clause("recusal.relations")
        if not review.awaits(RECHECK_RELATIONS):
            review.due(RECHECK_RELATIONS, due=at, clause=clause, watch=expert.reference)
        data = {"label": label, "clause": str(clause), "expert": expert.reference}
        review.enter(actor=actor, at=at, data=data)


def _organization(code: str, clause: Clause) -> Organization:
    found = units.by_given_code(code)
    if found is None:
        raise Refused(units.unknown(code, clause))
    return found


def _needs_text(text: str, clause: Clause, message: str, remedy: str) -> None:
    if not text.strip():
        raise Refused(refused(clause, message, remedy, "未填写"))
