"""办理一个步骤: apply, certify, check, post, decide, publish: one act for every kind, as the pack says."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.policy.proceedings import Step
from lunheng.core.policy.proceedings.kinds import OUTCOMES, WITHOUT_FORM
from lunheng.core.procedures.consequences import ANSWER_LIMIT, END_NOTICE
from lunheng.core.procedures.proceedings import TAKE_STEP
from lunheng.core.reasons import GivenStatement
from lunheng.core.verdict import refused
from lunheng.notices.models import Notice
from lunheng.notices.queries import notice_of
from lunheng.procedures import answers, checks, drafts, flow, permissions, queries
from lunheng.procedures.models import Candidate, Proceeding, StepTaken
from lunheng.procedures.opening import bind


@dataclass
class Choice:
    """What is about to be done, with everything that was given for it."""

    proceeding: Proceeding
    step: Step
    outcome: str
    reason: str
    last_day: date | None
    picked: list[int]
    actor: Actor
    at: datetime
    candidate: Candidate | None = None
    checked: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    """Of a sample: what was looked into and is right, and what is not."""


@act(TAKE_STEP)
def take_step(
    *,
    proceeding_id: int,
    step: str,
    outcome: str,
    reason: GivenStatement = "",
    data: dict[str, Any] | None = None,
    candidate_ids: list[int] | None = None,
    last_day: date | None = None,
    checked: list[str] | None = None,
    wrong: list[str] | None = None,
    actor: Actor,
    at: datetime,
) -> StepTaken:
    """办理步骤: one outcome of one step, in its turn, by whom the pack names, under the conditions it sets.

    ``candidate_ids`` is the list of a decision that names one; ``last_day`` the last day of a public notice; ``checked`` and
    ``wrong`` are what was found of a sample.

    Raises:
        Refused: not this actor's step; not its turn; too late; unknown outcome; no reason; a form that is not complete;
            a condition that does not hold.
    """
    found = queries.proceeding(proceeding_id)
    if found is None:
        raise Refused(permissions.UNKNOWN)
    case = lock(found.case_id)
    proceeding = queries.proceeding_for_update(case)
    here = _step(proceeding, step, actor)
    choice = Choice(proceeding, here, outcome, reason, last_day, list(candidate_ids or ()), actor, at)
    choice.checked, choice.wrong = tuple(checked or ()), tuple(wrong or ())
    choice.candidate = _candidate(choice)
    _require(choice)
    filled = _fill(choice, data or {})
    taken = proceeding.take(
        here,
        outcome,
        actor=actor,
        at=at,
        reason=reason,
        data=_kept(choice, filled),
        candidate=choice.candidate,
    )
    drafts.forget(actor.reference, drafts.of_step(proceeding, here))
    _follow(choice)
    entry: dict[str, JsonValue] = {
        "label": f"{permissions.title_of(case.law, here)}：{OUTCOMES[outcome]}",
        "clause": taken.clause,
        "step": here.id,
        "outcome": outcome,
        "reason": taken.reason,
    }
    case.enter(actor=actor, at=at, data=entry)
    return taken


def _kept(choice: Choice, filled: dict[str, Any]) -> dict[str, Any]:
    if choice.step.kind != "sample":
        return filled
    return {**filled, "checked": sorted(choice.checked), "wrong": sorted(choice.wrong)}


def _step(proceeding: Proceeding, step: str, actor: Actor) -> Step:
    found = proceeding.rule.by_id.get(step)
    if found is None:
        clause = proceeding.case.law.procedure_clause(proceeding.procedure, proceeding.rule)
        refusal = refused(clause, "本流程没有这一步骤", "按页面列出的步骤办理", step[:32])
        permissions.require_known(actor, proceeding, refusal)
    assert found is not None
    return found


def _candidate(choice: Choice) -> Candidate | None:
    """Whom the step is about: the one who acts for himself, else the applicant; nobody where it is about all."""
    if choice.step.office in permissions.PEOPLE:
        own = queries.candidate_of(choice.proceeding, choice.actor)
        if own is not None or choice.step.office != "unit":
            return own and queries.candidate_for_update(choice.proceeding, own.pk)
    if choice.proceeding.rule.concerns == "members":
        return None
    person = queries.applicant(choice.proceeding)
    return person and queries.candidate_for_update(choice.proceeding, person.pk)


def _require(choice: Choice) -> None:
    proceeding, step = choice.proceeding, choice.step
    may = permissions.may_take(choice.actor, proceeding, step, choice.candidate)
    permissions.require_known(choice.actor, proceeding, may)
    permissions.require_known(choice.actor, proceeding, permissions.is_in_order(proceeding, step))
    require(permissions.may_choose_alone(proceeding, step, choice.outcome, choice.reason))
    require(permissions.is_in_time(proceeding, step, choice.at))
    if step.is_collecting and choice.candidate is not None and choice.candidate.applied_at is not None:
        clause = permissions.clause_of(proceeding, step)
        raise Refused(refused(clause, "您已经申报", "无须再办理；等待办理结果", choice.candidate.name))
    if step.kind == "notice":
        _require_notice(choice)
    if step.kind == "sample":
        found = choice.checked, choice.wrong, choice.reason
        require(checks.sample_is_settled(proceeding, step, choice.outcome, *found))


def _require_notice(choice: Choice) -> None:
    """Once it is posted, a notice ends by its day and its objections alone: nobody posts another or skips it."""
    clause = permissions.clause_of(choice.proceeding, choice.step)
    if choice.outcome == "post":
        require(permissions.may_end_on(choice.proceeding, choice.step, choice.last_day, choice.at))
    running = notice_of(choice.proceeding.case)
    if running is not None:
        raise Refused(refused(clause, "公示已经发布", "等待公示期结束，或答复异议", running.title))


def _fill(choice: Choice, given: dict[str, Any]) -> dict[str, Any]:
    """The form of the step, read and laid over what is known of the person; then the conditions are asked."""
    proceeding, step = choice.proceeding, choice.step
    law, clause = proceeding.case.law, permissions.clause_of(proceeding, step)
    fields = proceeding.rule.fields_of(step.form) if choice.outcome not in WITHOUT_FORM else ()
    today = choice.at.astimezone(CHINA).date()
    filled = answers.read(fields, given, law, clause, today) if fields or given else {}
    bind(proceeding, answers.documents_in(fields, filled), choice.actor, choice.at)
    if choice.candidate is not None:
        require(permissions.is_of_account(proceeding, choice.candidate, filled))
    if step.kind == "apply" and any(one.effect == "appoint" for one in proceeding.rule.steps):
        digests = [str(filled[one.key]) for one in fields if one.type == "identity"]
        require(permissions.may_enter(proceeding.about, digests, today, clause))
    if step.kind == "test" and choice.outcome != "skip":
        require(checks.mark_fits(proceeding, step, choice.outcome, filled))
    if step.kind == "serve" and choice.outcome != "skip":
        require(checks.is_served(proceeding, step, filled, choice.at))
    if choice.candidate is not None and filled:
        choice.candidate.data = {**choice.candidate.data, **filled}
        choice.candidate.name = str(filled.get("name") or choice.candidate.name)[:64]
        choice.candidate.save(update_fields=("data", "name"))
    known = {**proceeding.data, **(choice.candidate.data if choice.candidate else {}), **filled}
    require(permissions.meets_needs(proceeding, step, choice.outcome, known, choice.reason))
    return filled


def _follow(choice: Choice) -> None:
    """What comes of it; a step in which many take part does not end with one of them."""
    proceeding, step, at = choice.proceeding, choice.step, choice.at
    if step.kind == "apply" and choice.candidate is not None:
        choice.candidate.applied_at = at
        choice.candidate.save(update_fields=("applied_at",))
        if step.is_collecting:
            return
    if choice.outcome == "post":
        _post(choice)
        return
    if step.picks and choice.outcome == "approve":
        _pick(choice)
    if choice.outcome == "publish":
        _announce(choice, Notice.Kind.ANNOUNCEMENT, None)
    flow.go_on(proceeding, step, choice.outcome, at)
    flow.tell(proceeding, _told(choice), at)


def _post(choice: Choice) -> None:
    assert choice.last_day is not None
    ends_at = flow.day_end(choice.last_day)
    notice = _announce(choice, Notice.Kind.NOTICE, ends_at)
    clause = permissions.clause_of(choice.proceeding, choice.step)
    choice.proceeding.case.met(ANSWER_LIMIT, at=choice.at, key=choice.step.id)
    choice.proceeding.case.due(END_NOTICE, key=notice.pk, due=ends_at, clause=clause)
    flow.tell(choice.proceeding, f"已公示，至{choice.last_day.month}月{choice.last_day.day}日24时", choice.at)


def _announce(choice: Choice, kind: str, ends_at: datetime | None) -> Notice:
    proceeding, step = choice.proceeding, choice.step
    law = proceeding.case.law
    lines: list[list[str]] = []
    for candidate in proceeding.candidates.all():
        fields = [field for sheet in proceeding.rule.forms.values() for field in sheet.fields]
        words = {field.key: text for field, text in answers.shown(fields, candidate.data, law)}
        lines += flow.public_lines(proceeding, candidate, words)
    return Notice.post(
        proceeding.case,
        kind,
        title=f"{proceeding.case.title} {permissions.title_of(law, step)}",
        lines=lines,
        issuer=permissions.office_name(law, step.office),
        clause=permissions.clause_of(proceeding, step).__str__(),
        at=choice.at,
        ends_at=ends_at,
    )


def _pick(choice: Choice) -> None:
    proceeding = choice.proceeding
    everybody = proceeding.candidates.select_for_update(of=("self",))
    picked = list(everybody.filter(pk__in=choice.picked))
    require(permissions.may_pick(proceeding, choice.step, picked, choice.picked))
    keys = [one.pk for one in picked]
    proceeding.candidates.filter(pk__in=keys).update(result=Candidate.Result.PICKED)
    proceeding.candidates.exclude(pk__in=keys).update(result=Candidate.Result.LEFT_OUT)


def _told(choice: Choice) -> str:
    law, proceeding = choice.proceeding.case.law, choice.proceeding
    done = f"{permissions.title_of(law, choice.step)}：{OUTCOMES[choice.outcome]}"
    words = choice.reason.strip().rstrip("。")
    reason = f"，理由：{words}" if words else ""
    here = proceeding.here
    next_step = f"下一步：{permissions.title_of(law, here)}" if here else proceeding.get_state_display()
    return f"{done}{reason}。{next_step}"
