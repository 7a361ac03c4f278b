"""What finished procedures do to the standing of a member: renewed, ended, suspended, restored, barred."""

from datetime import date, datetime, timedelta

from lunheng.cases.answering import FallenDue, answers
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.consequences import (
    BAR_CANDIDATE,
    END_CANDIDATE,
    RENEW_CANDIDATE,
    RESTORE_CANDIDATE,
    SUSPEND_CANDIDATE,
)
from lunheng.core.procedures.files import (
    BAR_MEMBER,
    END_TERM,
    RENEW_TERM,
    RESTORE_MEMBER,
    SUSPEND_MEMBER,
)
from lunheng.core.terms import bar_until
from lunheng.experts import queries
from lunheng.experts.holding import Held, hold, look_again
from lunheng.ledger.models import Entry
from lunheng.pools.models import Membership
from lunheng.procedures import flow
from lunheng.procedures.effects import Effecting, effecting
from lunheng.web.wording import write_date

State = Membership.State


@answers(RENEW_CANDIDATE, RENEW_TERM)
def renew_candidate(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """续聘: the term of somebody on the list ends on the day of the procedure."""
    return _set_term(due, "续聘", actor, at, is_shortened=False)


@answers(END_CANDIDATE, END_TERM)
def end_candidate(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """聘期届满: the term of somebody left out ends with the day of the procedure; the file is kept."""
    return _set_term(due, "未续聘，聘期届满", actor, at, is_shortened=True)


@answers(SUSPEND_CANDIDATE, SUSPEND_MEMBER)
def suspend_candidate(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """暂停: from now on nobody draws the member, until he is restored; running panels look again."""
    found, held, on = _held(due, at)
    standing = held.standing
    if standing.state == State.REMOVED:
        return _enter(found, held, "已移出专家库，无须暂停", actor)
    standing.state, standing.suspended_from = State.SUSPENDED, on
    until = found.day("until")
    if until is None and found.step.period is not None:
        until = bar_until(on, found.step.period)
    standing.suspended_until = until
    standing.save(update_fields=("state", "suspended_from", "suspended_until"))
    look_again(held.reviews, held.expert, "专家被暂停资格，重新核对", actor, at)
    return _enter(found, held, "暂停专家资格", actor, until=str(until or ""))


@answers(RESTORE_CANDIDATE, RESTORE_MEMBER)
def restore_candidate(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """恢复: the suspension is over, and it stays in the record."""
    found, held, _ = _held(due, at)
    standing = held.standing
    if standing.state != State.SUSPENDED:
        return _enter(found, held, f"现为“{standing.get_state_display()}”，无须恢复", actor)
    standing.state = State.ACTIVE
    standing.save(update_fields=("state",))
    return _enter(found, held, "恢复专家资格", actor)


@answers(BAR_CANDIDATE, BAR_MEMBER)
def bar_candidate(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """禁入: removed from the pool, and not let in again up to the last day of the bar; a longer bar is not cut short."""
    found, held, on = _held(due, at)
    standing = held.standing
    until = None if found.step.for_life or found.step.period is None else bar_until(on, found.step.period)
    standing.bar(on, until)
    look_again(held.reviews, held.expert, "专家被移出专家库，重新核对", actor, at)
    last = str(standing.barred_until) if standing.barred_until else "终身"
    return _enter(found, held, "移出专家库并禁入", actor, barred_until=last)


def _held(due: FallenDue, at: datetime) -> tuple[Effecting, Held, date]:
    """What is due, and the member with everything that a change of standing touches."""
    found = effecting(due)
    file = found.candidate.file
    assert file is not None
    return found, hold(file.title, file.pk), at.astimezone(CHINA).date()


def _enter(found: Effecting, held: Held, label: str, actor: Actor, **more: JsonValue) -> Entry:
    data: dict[str, JsonValue] = {"label": label, **more}
    return found.enter([held.file], data, actor, {"expert": held.expert.reference})


def _set_term(due: FallenDue, label: str, actor: Actor, at: datetime, *, is_shortened: bool) -> Entry:
    found = effecting(due)
    expert = queries.expert_of_candidate_for_update(found.candidate.file_id)
    standing = queries.membership_for_update(expert)
    before, ends_on = standing.ends_on, found.day("ends_on")
    assert ends_on is not None
    if is_shortened and before is not None:
        ends_on = min(ends_on, before)
    if standing.state != State.REMOVED:
        standing.ends_on = ends_on
        standing.save(update_fields=("ends_on",))
        last_day = write_date(ends_on - timedelta(days=1))
        flow.tell_member(found.proceeding, found.candidate, f"{label}，聘期至{last_day}", at)
    data: dict[str, JsonValue] = {
        "label": label,
        "before": str(before or ""),
        "after": str(standing.ends_on or ""),
    }
    return found.enter([expert.file], data, actor, {"expert": expert.reference})
