"""How a matter goes on, inside the act that moved it: the next turn, its time limit, and effects as deadlines due now."""

from datetime import date, datetime, time, timedelta
from typing import Any

from lunheng.accounts.models import Account, Seat
from lunheng.core.actor import Actor, Role
from lunheng.core.deadlines import CHINA
from lunheng.core.policy.proceedings import EFFECTS, END, Limit, Step
from lunheng.core.procedures.consequences import ANSWER_LIMIT, CONSEQUENCES
from lunheng.messaging.models import Message
from lunheng.messaging.texts import MEMBER_TOLD, MEMBERS_CALLED, PROCEEDING_TOLD, MessageKind
from lunheng.procedures import queries
from lunheng.procedures.models import Candidate, Proceeding
from lunheng.procedures.permissions import PEOPLE, clause_of, title_of
from lunheng.web.wording import write_date

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
    key = f"proceeding:{proceeding.pk}:{proceeding.steps_taken.count()}:{text[:40]}"
    Message.post(_draft(PROCEEDING_TOLD, key, proceeding, person.account, at, text=text))


def call_members(proceeding: Proceeding, at: datetime) -> None:
    """Write to everybody whom an office's matter concerns that it began: what is asked, until when, what follows."""
    here = proceeding.here
    if here is None or here.office != "member":
        return
    limit = f"，截止{write_date(date.fromisoformat(proceeding.data[here.until]))}24:00" if here.until else ""
    lists = [step for step in proceeding.rule.steps if step.picks == "applied"]
    law, title = proceeding.case.law, title_of(proceeding.case.law, here)
    left_out = f"没有申报的不能列入“{title_of(law, lists[0])}”。" if lists else ""
    given = {"step": title, "until": limit, "otherwise": left_out}
    key = f"proceeding:{proceeding.pk}:called"
    Message.post_all(
        _draft(MEMBERS_CALLED, f"{key}:{number}", proceeding, account, at, **given)
        for number, account in _accounts(proceeding).items()
    )


def tell_member(proceeding: Proceeding, candidate: Candidate, text: str, at: datetime) -> None:
    """Write to one of them what became of the matter for this person."""
    account = _accounts(proceeding, candidate).get(candidate.pk)
    if account is not None:
        key = f"proceeding:{proceeding.pk}:settled:{candidate.pk}"
        Message.post(_draft(MEMBER_TOLD, key, proceeding, account, at, text=text))


def _accounts(proceeding: Proceeding, *only: Candidate) -> dict[int, Account]:
    """The log-ins of the people of a matter, by candidate: two statements, however many they are."""
    people = only or list(proceeding.candidates.select_related("file"))
    files = {one.file.title: one.pk for one in people if one.file is not None}
    seats = Seat.objects.filter(expert__in=files, role=Role.EXPERT.value, is_active=True)
    return {files[seat.expert]: seat.account for seat in seats.select_related("account").order_by("-id")}


def _draft(
    kind: MessageKind, key: str, proceeding: Proceeding, account: Account, at: datetime, **words: object
) -> Message:
    return Message.draft(
        kind,
        key=key,
        case=proceeding.case,
        account=account,
        phone=account.phone or "",
        at=at,
        subject=f"proceeding:{proceeding.pk}",
        proceeding=proceeding.pk,
        **words,
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
