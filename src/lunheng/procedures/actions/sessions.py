"""集中评审: a group looks at one batch of files together; each file has its own result and its own entry."""

from datetime import date, datetime
from typing import Any

from lunheng.cases.acts import act
from lunheng.cases.locks import lock_many
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.policy.proceedings import Step
from lunheng.core.policy.proceedings.kinds import OUTCOMES
from lunheng.core.procedures.proceedings import TAKE_STEP
from lunheng.core.reasons import cut
from lunheng.core.verdict import refused
from lunheng.procedures import checks, flow, permissions, queries
from lunheng.procedures.models import Candidate, Proceeding, StepTaken


@act(TAKE_STEP)
def review_jointly(
    *,
    step: str,
    results: list[dict[str, Any]],
    group: list[str],
    held_on: date,
    actor: Actor,
    at: datetime,
) -> StepTaken:
    """登记集中评审结果: all or nothing. Each result names ``proceeding_id``, ``outcome`` and, where it is turned down, why.

    Raises:
        Refused: no result; a file twice, or of another procedure; not this office's; not its turn; too few in the group; a
            member of the group judges the own file; a file turned down without a reason.
    """
    told = {
        int(one["proceeding_id"]): one for one in results if str(one.get("proceeding_id", "")).isdecimal()
    }
    proceedings = _locked(told)
    if not proceedings or len(told) != len(results):
        raise Refused(permissions.UNKNOWN)
    taken = [_one(one, step, told[one.pk], actor, at) for one in proceedings]
    here = proceedings[0].rule.by_id[step]
    kinds = {(one.procedure, one.case.pack_id) for one in proceedings}
    if len(kinds) > 1:
        clause = permissions.clause_of(proceedings[0], here)
        raise Refused(refused(clause, "一次评审只能办理同一流程的事项", "分批登记", f"{len(kinds)}种流程"))
    people = [person for _, person, _ in taken]
    require(checks.may_sit(proceedings, here, group, people, held_on, at))
    names = [name.strip() for name in group]
    rows = [
        _enter(one, here, person, told[one.pk], {"group": names, "held_on": str(held_on)}, actor, at)
        for one, person, _ in taken
    ]
    return rows[0]


def _locked(told: dict[int, dict[str, Any]]) -> list[Proceeding]:
    found = {one.pk: one for one in Proceeding.objects.filter(pk__in=told)}
    if len(found) != len(told):
        raise Refused(permissions.UNKNOWN)
    cases = lock_many(one.case_id for one in found.values()) if found else []
    return [queries.proceeding_for_update(case) for case in cases]


def _one(
    proceeding: Proceeding, step: str, told: dict[str, Any], actor: Actor, at: datetime
) -> tuple[Proceeding, Candidate, Step]:
    """One file of the batch, when the actor may judge it now."""
    here = proceeding.rule.by_id.get(step)
    if here is None or here.kind != "joint_review":
        clause = proceeding.case.law.procedure_clause(proceeding.procedure, proceeding.rule)
        refusal = refused(clause, "本流程没有这一评审步骤", "从等待评审的事项中选择", step[:32])
        permissions.require_known(actor, proceeding, refusal)
    assert here is not None
    person = queries.applicant(proceeding)
    assert person is not None
    permissions.require_known(
        actor,
        proceeding,
        permissions.may_take(actor, proceeding, here, person),
        permissions.is_in_order(proceeding, here),
    )
    require(permissions.may_choose(proceeding, here, _outcome(told), _reason(told)))
    require(permissions.is_in_time(proceeding, here, at))
    known = {**proceeding.data, **person.data}
    require(permissions.meets_needs(proceeding, here, _outcome(told), known, _reason(told)))
    return proceeding, person, here


def _enter(
    proceeding: Proceeding,
    here: Step,
    person: Candidate,
    told: dict[str, Any],
    session: dict[str, Any],
    actor: Actor,
    at: datetime,
) -> StepTaken:
    outcome, reason = _outcome(told), _reason(told)
    taken = proceeding.take(here, outcome, actor=actor, at=at, reason=reason, data=session, candidate=person)
    flow.go_on(proceeding, here, outcome, at)
    title = permissions.title_of(proceeding.case.law, here)
    flow.tell(proceeding, f"{title}：{OUTCOMES[outcome]}{'，理由：' + reason if reason else ''}", at)
    entry: dict[str, JsonValue] = {
        "label": f"{title}：{OUTCOMES[outcome]}",
        "clause": taken.clause,
        "step": here.id,
        "outcome": outcome,
        "reason": reason,
        **session,
    }
    proceeding.case.enter(actor=actor, at=at, data=entry)
    return taken


def _outcome(told: dict[str, Any]) -> str:
    return str(told.get("outcome", ""))


def _reason(told: dict[str, Any]) -> str:
    return cut(str(told.get("reason") or "").strip())
