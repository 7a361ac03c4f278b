"""Acts on the file of an expert: admission, term, state, unit, interests."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from lunheng.cases.acts import act
from lunheng.cases.locks import lock, lock_many
from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.errors import Refused, require
from lunheng.core.verdict import refused
from lunheng.experts import permissions, queries
from lunheng.experts.models import Expert, Interest
from lunheng.ledger.models import Entry
from lunheng.organizations.models import Organization

RECHECK = "panels.recheck_relations"
State = Literal["active", "suspended", "removed"]


@act("expert.interest_recorded/1")
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


@act("expert.unit_changed/1")
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


@act("expert.state_changed/1")
def change_state(*, expert_id: int, state: State, reason: str, actor: Actor, at: datetime) -> Entry:
    """暂停、恢复、移出: who is suspended or removed is no longer drawn; open panels look again."""
    expert = queries.expert(expert_id)
    reviews = lock_many(queries.open_reviews_of(expert.reference))
    file = lock(expert.file_id)
    clause = require(permissions.may_change(actor, expert, at)).reasons[0].clause
    _needs_text(reason, clause, "变更专家状态须写明理由", "填写理由")
    expert = queries.expert_for_update(expert_id)
    before, expert.state = expert.state, state
    expert.save(update_fields=("state",))
    file.memberships.filter(pool_id=expert.pool_id).update(state=_membership_state(state))
    _look_again(reviews, expert, f"专家状态变为“{expert.get_state_display()}”，重新核对", actor, at)
    label = f"专家状态变为“{expert.get_state_display()}”"
    data = {"label": label, "clause": str(clause), "before": before, "after": state, "reason": reason.strip()}
    return file.enter(actor=actor, at=at, data=data)


@act("expert.renewed/1")
def renew_term(*, expert_id: int, ends_on: date, actor: Actor, at: datetime) -> Entry:
    """续聘: the term ends on another day (that day is no longer part of it)."""
    expert = queries.expert(expert_id)
    file = lock(expert.file_id)
    clause = require(permissions.may_change(actor, expert, at)).reasons[0].clause
    expert = queries.expert_for_update(expert_id)
    before = expert.ends_on
    if ends_on <= expert.appointed_on:
        raise Refused(refused(clause, "聘期截止日须晚于聘任日", "重新选择截止日", str(ends_on)))
    expert.ends_on = ends_on
    expert.save(update_fields=("ends_on",))
    file.memberships.filter(pool_id=expert.pool_id).update(ends_on=ends_on)
    data = {
        "label": "续聘",
        "clause": str(clause),
        "before": str(before) if before else "",
        "after": str(ends_on),
    }
    return file.enter(actor=actor, at=at, data=data)


def _membership_state(state: str) -> str:
    return "ended" if state == Expert.State.REMOVED else state


def _look_again(reviews: Iterable[Case], expert: Expert, label: str, actor: Actor, at: datetime) -> None:
    """Every locked review checks its panel anew, as a consequence due now."""
    for review in reviews:
        clause = review.law.clause("recusal.relations")
        if not review.deadlines.filter(
            name=RECHECK, subject="", met_at__isnull=True, performed_at__isnull=True
        ).exists():
            review.due(RECHECK, due=at, clause=clause, watch=expert.reference)
        data = {"label": label, "clause": str(clause), "expert": expert.reference}
        review.enter(actor=actor, at=at, data=data)


def _organization(code: str, clause: Clause) -> Organization:
    found = Organization.objects.filter(code=code.strip()).first()
    if found is None:
        raise Refused(
            refused(clause, "没有这一统一社会信用代码的单位", "核对代码，或请平台管理员先登记该单位", code)
        )
    return found


def _needs_text(text: str, clause: Clause, message: str, remedy: str) -> None:
    if not text.strip():
        raise Refused(refused(clause, message, remedy, "未填写"))
