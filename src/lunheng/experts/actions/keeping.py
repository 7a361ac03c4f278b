"""Acts of whoever keeps the pool, and of an expert on the own file."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal

from lunheng.accounts.identity import identity_digest
from lunheng.cases.acts import act
from lunheng.cases.locks import lock, lock_many
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.identity import clean_name, mobile_number, person_number, read
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.files import (
    ADMIT_EXPERT,
    CHANGE_STATE,
    CHANGE_UNIT,
    RECORD_INTEREST,
    RENEW_TERM,
)
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import combine, refused
from lunheng.experts import permissions, queries
from lunheng.experts.enrolling import (
    enroll,
    is_new,
    is_own_phone,
    known_specialties,
    organization,
    years_before,
)
from lunheng.experts.holding import hold, look_again
from lunheng.experts.models import Expert, Interest
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.messaging.texts import FILE_CHANGED
from lunheng.pools import permissions as pool_permissions
from lunheng.pools.models import Pool
from lunheng.pools.queries import law_of
from lunheng.web.wording import write_date

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
            known_specialties(specialties, law, clause),
            is_new(pool, digest, clause),
            is_own_phone(phone, digest, clause),
        )
    )
    expert = enroll(
        pool,
        specialties,
        at,
        name=name,
        phone=phone,
        identity_digest=digest,
        unit=organization(organization_code, clause),
        title=title.strip(),
        registration=registration.strip(),
        has_senior_title=has_senior_title,
        has_rich_experience=has_rich_experience,
        practicing_since=years_before(on, years),
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
    *, expert_id: int, organization_code: str, ground: GivenReason, actor: Actor, at: datetime
) -> Entry:
    """登记利害关系: a unit with which the expert has an interest; running reviews look again at once."""
    expert = queries.expert(expert_id)
    reviews = lock_many(queries.open_reviews_of(expert.reference))
    file = lock(expert.file_id)
    clause = require(permissions.may_declare(actor, expert, at)).reasons[0].clause
    require(judge_reason(ground, clause, "登记利害关系须写明关系", "填写与该单位的关系"))
    unit = organization(organization_code, clause)
    Interest.objects.create(expert=expert, organization=unit, ground=ground.strip(), recorded_at=at)
    look_again(reviews, expert, "专家登记利害关系，重新核对回避", actor, at)
    data = {"label": "登记利害关系", "clause": str(clause), "unit": unit.code, "ground": ground.strip()}
    return file.enter(actor=actor, at=at, data=data)


@act(CHANGE_UNIT)
def change_unit(*, expert_id: int, organization_code: str, actor: Actor, at: datetime) -> Entry:
    """变更工作单位: recusal follows the present unit, so reviews in which the expert sits look again."""
    expert = queries.expert(expert_id)
    reviews = lock_many(queries.open_reviews_of(expert.reference))
    file = lock(expert.file_id)
    clause = require(permissions.may_change(actor, expert, at)).reasons[0].clause
    unit = organization(organization_code, clause)
    expert = queries.expert_for_update(expert_id)
    before, expert.unit = expert.unit, unit
    expert.save(update_fields=("unit",))
    look_again(reviews, expert, "专家变更工作单位，重新核对回避", actor, at)
    data = {"label": "变更工作单位", "clause": str(clause), "before": before.code, "after": unit.code}
    return file.enter(actor=actor, at=at, data=data)


@act(CHANGE_STATE)
def change_state(*, expert_id: int, state: State, reason: GivenReason, actor: Actor, at: datetime) -> Entry:
    """暂停、恢复、移出: who is suspended or removed is no longer drawn; open panels look again."""
    expert = queries.expert(expert_id)
    held = hold(expert.reference, expert.file_id)
    file, standing = held.file, held.standing
    clause = require(permissions.may_change(actor, expert, at)).reasons[0].clause
    require(judge_reason(reason, clause, "变更专家状态须写明理由", "填写理由"))
    before, standing.state = standing.state, state
    standing.save(update_fields=("state",))
    label = f"专家状态变为“{standing.get_state_display()}”"
    look_again(held.reviews, expert, f"{label}，重新核对", actor, at)
    _tell(expert, f"{label}，理由：{reason.strip()}", clause, at)
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
    _tell(expert, f"续聘，聘期至{write_date(ends_on - timedelta(days=1))}", clause, at)
    data = {
        "label": "续聘",
        "clause": str(clause),
        "before": str(before) if before else "",
        "after": str(ends_on),
    }
    return file.enter(actor=actor, at=at, data=data)


def _tell(expert: Expert, text: str, clause: Clause, at: datetime) -> None:
    """Nobody learns of a change of his standing from a page that he has to look for."""
    key = f"file:{expert.file_id}:{at.timestamp()}"
    Message.post(
        Message.draft(
            FILE_CHANGED,
            key=key,
            case=expert.file,
            account=expert.account,
            phone=expert.phone,
            at=at,
            pool=expert.pool.name,
            text=text,
            clause=clause,
        )
    )
