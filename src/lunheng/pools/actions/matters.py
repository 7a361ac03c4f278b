"""Matters about a pool, one of its members or one review: begun by a person, by an office, or by what the records say."""

from datetime import datetime
from typing import Any

from lunheng.cases.acts import AlreadyDone, act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.policy import Law
from lunheng.core.procedures.closing import INVALIDATE
from lunheng.core.procedures.proceedings import OPEN_PROCEEDING
from lunheng.core.procedures.table import may_move
from lunheng.core.verdict import refused
from lunheng.core.workflow import ReviewState
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions.models import PackRecord
from lunheng.pools import permissions, queries
from lunheng.pools.models import Pool
from lunheng.procedures import opening
from lunheng.procedures.models import Proceeding


@act(OPEN_PROCEEDING)
def open_proceeding(
    *,
    pool_id: int,
    procedure: str,
    data: dict[str, Any],
    file_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> Proceeding:
    """启动或申请: a matter about the pool under a procedure of its pack; an application is handed in with it.

    ``file_id`` is the file of the member, or the review, that a matter of this kind is about.

    Raises:
        Refused: no pack in force, no such procedure, not this actor's; the form is not complete; it runs already; a
            person who is in the pool applies to enter it; the file belongs to another pool.
    """
    pool = Pool.objects.select_related("division").get(pk=pool_id)
    record, law = _in_force(pool, at)
    concerns = law.procedure(procedure).concerns if procedure in law.pack.procedures else ""
    file, people = _about(pool, law, procedure, concerns, file_id, actor)
    require(permissions.may_begin(actor, pool, law, procedure, at.astimezone(CHINA).date()))
    if concerns == "members":
        people = queries.members_with_names(pool)
    proceeding = opening.open_proceeding(
        file, procedure, data, pack=record, members=people, actor=actor, at=at
    )
    told = law.procedure(procedure)
    label = f"{'申请' if told.opened_by == 'application' else '启动'}{told.title}"
    _enter(proceeding, label, pool, law, actor, at)
    return proceeding


@act(OPEN_PROCEEDING, is_public=False)
def open_by_records(*, pool_id: int, procedure: str, file_id: int, actor: Actor, at: datetime) -> Proceeding:
    """按记录启动: so many records of a kind in one file within the window begin a matter; they decide nothing.

    Raises:
        AlreadyDone: the records do not reach the number any more, or a matter about them was begun.
    """
    pool = Pool.objects.select_related("division").get(pk=pool_id)
    record, law = _in_force(pool, at)
    file = lock(file_id)
    rule = law.procedure(procedure)
    counted = queries.counted_records(file, procedure, rule)
    if not counted:
        raise AlreadyDone(procedure)
    evidence = {"records": [one.pk for one in counted]}
    people = [(file, queries.name_of(file))]
    proceeding = opening.open_proceeding(
        file, procedure, {}, pack=record, members=people, evidence=evidence, actor=actor, at=at
    )
    label = f"按记录启动{rule.title}（{len(counted)}次{counted[-1].get_kind_display()}）"
    _enter(proceeding, label, pool, law, actor, at)
    return proceeding


def _in_force(pool: Pool, at: datetime) -> tuple[PackRecord, Law]:
    record = laws.in_force(pool.pack_id, at.astimezone(CHINA).date())
    if record is None:
        raise Refused(permissions.no_law(pool))
    return record, laws.of(record.digest)


def _about(
    pool: Pool, law: Law, procedure: str, concerns: str, file_id: int | None, actor: Actor
) -> tuple[Case, list[tuple[Case, str]]]:
    """The file that the matter is about, locked; and whom it names, where that is one."""
    if concerns not in ("member", "review"):
        return lock(pool.file_id), []
    clause = law.procedure_clause(procedure, law.procedure(procedure))
    if file_id is None and actor.expert:
        file_id = queries.file_of(pool, actor.expert)
    if concerns == "member":
        return _member(pool, file_id, clause)
    review = Case.objects.filter(pk=file_id or 0, kind=Case.Kind.REVIEW, pack__pack_id=pool.pack_id).first()
    if review is None:
        raise Refused(
            refused(clause, "没有这一论证，或者不适用本规则", "从本市的论证中选择", str(file_id or "未选择"))
        )
    if not may_move(review.kind, review.state, ReviewState.VOID.value, by=[INVALIDATE.event]):
        message = "论证尚未形成结论，或者已经终止，不能办理"
        raise Refused(refused(clause, message, "核对论证的状态", review.state_label))
    return lock(review), [(review, review.title)]


def _member(pool: Pool, file_id: int | None, clause: Clause) -> tuple[Case, list[tuple[Case, str]]]:
    if not pool.memberships.filter(file_id=file_id).exists():
        raise Refused(refused(clause, "本专家库没有这名专家", "从专家名册中选择", str(file_id or "未选择")))
    assert file_id is not None
    file = lock(file_id)
    return file, [(file, queries.name_of(file))]


def _enter(proceeding: Proceeding, label: str, pool: Pool, law: Law, actor: Actor, at: datetime) -> None:
    entry: dict[str, JsonValue] = {
        "label": label,
        "clause": str(law.procedure_clause(proceeding.procedure, proceeding.rule)),
        "pool": pool.key,
        "procedure": proceeding.procedure,
    }
    proceeding.case.enter(actor=actor, at=at, data=entry)
