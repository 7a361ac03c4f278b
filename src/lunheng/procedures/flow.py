"""How a matter goes on, inside the act that moved it: the next turn, its time limit, and effects as deadlines due now."""

from datetime import date, datetime, time, timedelta
from typing import Any

from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.policy.proceedings import EFFECTS, END, Limit, Step
from lunheng.core.procedures.consequences import ANSWER_LIMIT, CONSEQUENCES
from lunheng.messaging.models import Message
from lunheng.procedures import queries
from lunheng.procedures.models import Candidate, Proceeding
from lunheng.procedures.permissions import PEOPLE, clause_of

TURNED_DOWN = ("refuse", "reject", "fail")


def go_on(proceeding: Proceeding, step: Step, outcome: str, at: datetime) -> None:
    """Where the outcome of a step leads."""
    target = proceeding.rule.after(step.id, outcome)
    if target == END:
        is_well = proceeding.rule.is_completed_by(step.id, outcome)
        proceeding.end(Proceeding.State.COMPLETED if is_well else Proceeding.State.REFUSED, at)
        return
    enter(proceeding, target, at)


def enter(proceeding: Proceeding, target: str, at: datetime) -> None:
    """The turn of a step comes: its limit begins, or its effect is asked for."""
    proceeding.go(target, at)
    here = proceeding.rule.by_id[target]
    if here.kind == "notice":
        # What was posted before the matter went back says nothing of what is posted now.
        for notice in proceeding.case.notices.filter(kind="notice", withdrawn_at__isnull=True):
            notice.withdraw(at)
    if _has_nobody(proceeding, here):
        reason = "申请人所在地没有该级机构，按规则略过本步骤"
        proceeding.take(here, "skip", actor=Actor.system(), at=at, reason=reason)
        leave(proceeding, here, at)
    elif here.kind == "effect":
        _ask(proceeding, here, at)
    elif here.until:
        due = day_end(date.fromisoformat(proceeding.data[here.until]))
        proceeding.case.due(ANSWER_LIMIT, key=here.id, due=due, clause=clause_of(proceeding, here))
    elif here.limit is not None:
        limit = proceeding.case.law.limit(here.limit, _since(proceeding, here.limit, at))
        proceeding.case.due(ANSWER_LIMIT, key=here.id, due=limit, clause=clause_of(proceeding, here))


def leave(proceeding: Proceeding, step: Step, at: datetime) -> None:
    """A step that ends by itself: on to the one that follows."""
    target = step.on.get("done") or proceeding.rule.following(step.id)
    if target == END:
        is_well = not any(
            one.outcome in TURNED_DOWN for one in proceeding.steps_taken.order_by("-number")[:1]
        )
        proceeding.end(Proceeding.State.COMPLETED if is_well else Proceeding.State.REFUSED, at)
    else:
        enter(proceeding, target, at)


def effected(
    proceeding: Proceeding, candidate: Candidate, at: datetime, *, file_id: int | None = None
) -> None:
    """What the present effect was to do for one candidate is done: inside the act above that did it."""
    here = proceeding.here
    proceeding.effected(candidate, at, file_id=file_id)
    if here is not None and here.document == "list":
        # One list names all whom it concerns.
        for other in queries.unfinished(proceeding, here):
            proceeding.effected(other, at)
    if here is not None and not queries.unfinished(proceeding, here).exists():
        leave(proceeding, here, at)


def _has_nobody(proceeding: Proceeding, step: Step) -> bool:
    """Whether no office of this name is there for the place, and the pack lets the step be passed over."""
    is_office = bool(step.office) and step.office not in PEOPLE
    return is_office and not step.no_skip and not proceeding.case.readers.filter(office=step.office).exists()


def _since(proceeding: Proceeding, limit: Limit, at: datetime) -> datetime:
    """From when a limit is counted: a day of the forms, else the moment at which the turn came."""
    if not limit.since:
        return at
    person = queries.applicant(proceeding)
    known = {**proceeding.data, **(person.data if person else {})}
    return datetime.combine(date.fromisoformat(known[limit.since]), time.min, CHINA)


def day_end(day: date) -> datetime:
    """24:00 of a day: the first moment that is too late."""
    return datetime.combine(day + timedelta(days=1), time.min, CHINA)


def tell(proceeding: Proceeding, text: str, at: datetime) -> None:
    """Write to the applicant what became of the matter, and what comes next."""
    person = queries.applicant(proceeding)
    if proceeding.rule.concerns not in ("applicant", "member") or person is None or person.account is None:
        return
    Message.post(
        key=f"proceeding:{proceeding.pk}:{proceeding.steps_taken.count()}:{text[:40]}",
        template="proceeding.told",
        at=at,
        case=proceeding.case,
        account=person.account,
        context={"text": text},
        subject=f"proceeding:{proceeding.pk}",
        link=f"/procedures/{proceeding.pk}/",
    )


def public_lines(proceeding: Proceeding, candidate: Candidate, words: dict[str, str]) -> list[list[str]]:
    """What a public notice tells of a candidate: the fields that the pack calls public; `words` by key."""
    rule = proceeding.rule
    fields = [field for sheet in rule.forms.values() for field in sheet.fields if field.public]
    return [[field.label, words.get(field.key, "")] for field in fields if field.key in candidate.data]


def outlook(proceeding: Proceeding) -> list[dict[str, Any]]:
    """Every step with done, now or todo, for the bar."""
    rule, here = proceeding.rule, proceeding.step
    steps, index = list(rule.steps), -1
    for number, step in enumerate(steps):
        index = number if step.id == here else index
    if not here:
        index = len(steps) if proceeding.state == Proceeding.State.COMPLETED else -1
    return [
        {"step": step, "state": "done" if number < index else "now" if number == index else "todo"}
        for number, step in enumerate(steps)
    ]


def _ask(proceeding: Proceeding, step: Step, at: datetime) -> None:
    """One deadline due now for each person; where there is nobody, nothing remains to be done."""
    waiting = list(queries.unfinished(proceeding, step))
    if step.document == "list":
        waiting = waiting[:1]
    clause = clause_of(proceeding, step)
    for candidate in waiting:
        proceeding.case.due(
            CONSEQUENCES[EFFECTS[step.effect].deadline], key=candidate.pk, due=at, clause=clause
        )
    if not waiting:
        leave(proceeding, step, at)
