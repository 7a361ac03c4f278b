"""工作日历: an authority enters the days of a yearly notice and says when a year is complete; time limits that waited for
it are counted again, each in its own case."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q
from typing_extensions import TypedDict

from lunheng.accounts.models import Account, Seat
from lunheng.cases.acts import AlreadyDone, act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case, Deadline
from lunheng.cases.queries import parties_of, whose_turn
from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import format_due, morning_before
from lunheng.core.errors import Refused, require
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.moments import Unreadable, read_day
from lunheng.core.procedures.consequences import REMINDERS
from lunheng.core.procedures.files import DECLARE_YEAR, ENTER_DAYS, RECOUNT
from lunheng.core.verdict import refused
from lunheng.jurisdictions.models import RegionalHoliday, RegionalYear
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.messaging.texts import DEADLINE_RECOUNTED
from lunheng.pools import permissions, queries
from lunheng.pools.models import Pool
from lunheng.web.moments import FIRST_YEAR, LAST_YEAR, in_our_time

MOST_DAYS = 400
LONGEST_NOTICE = 200


class EnteredDay(TypedDict):
    """One day of a notice, as given."""

    day: str
    is_working_day: bool


@act(ENTER_DAYS)
def enter_days(*, pool_id: int, notice: str, days: list[EnteredDay], actor: Actor, at: datetime) -> Entry:
    """录入放假安排: days off and make-up working days of a notice, for the territory of the pool; of a day that was entered
    before the later word holds. An assumed day that is none is entered as what it is.

    Raises:
        Refused: not this office's; no notice; no day, no day of our time, or one day in two ways.
    """
    pool = Pool.objects.get(pk=pool_id)
    file = lock(pool.file_id)
    clause = require(permissions.may_keep_calendar(actor, pool, at)).reasons[0].clause
    name, found = _notice(notice, clause), _days(days, clause)
    for day, is_worked in sorted(found.items()):
        RegionalHoliday.objects.update_or_create(
            region=pool.division_id,
            day=day,
            defaults={"is_working_day": is_worked, "notice": name, "entered_at": at},
        )
    data: dict[str, JsonValue] = {
        "label": f"录入放假安排{len(found)}天：{name}",
        "clause": str(clause),
        "region": pool.division_id,
        "notice": name,
        "off": [str(day) for day, is_worked in sorted(found.items()) if not is_worked],
        "work": [str(day) for day, is_worked in sorted(found.items()) if is_worked],
    }
    return file.enter(actor=actor, at=at, data=data)


@act(DECLARE_YEAR)
def declare_year(*, pool_id: int, year: int, notice: str, actor: Actor, at: datetime) -> Entry:
    """全年放假安排已录完: nothing of the year is in doubt any more for the territory of the pool.

    Raises:
        Refused: not this office's; no notice; no year of our time; said before.
    """
    pool = Pool.objects.get(pk=pool_id)
    file = lock(pool.file_id)
    clause = require(permissions.may_keep_calendar(actor, pool, at)).reasons[0].clause
    name = _notice(notice, clause)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(refused(clause, "年份不合理", "填写四位年份，例如 2027", str(year)[:8]))
    _, is_new = RegionalYear.objects.get_or_create(
        region=pool.division_id, year=year, defaults={"notice": name, "declared_at": at}
    )
    if not is_new:
        message = "该年的放假安排已宣布录完"
        raise Refused(refused(clause, message, "需要更正的，直接录入更正的日期", f"{year}年"))
    data: dict[str, JsonValue] = {
        "label": f"{year}年放假安排已录完：{name}",
        "clause": str(clause),
        "region": pool.division_id,
        "notice": name,
        "year": year,
    }
    return file.enter(actor=actor, at=at, data=data)


@act(RECOUNT, is_public=False)
def recount_deadline(*, deadline_id: int, actor: Actor, at: datetime) -> Entry:
    """重新计算暂定期限: by the calendar as it is now; or, where it still may change, its people are told once that it has come.

    Raises:
        AlreadyDone: it does not wait for the calendar any more, or there is nothing to tell.
    """
    case = lock(Deadline.objects.filter(pk=deadline_id).order_by().values("case_id"))
    deadline = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline_id)
    limit = queries.counted_again(deadline, case)
    if deadline.met_at or deadline.performed_at or limit is None or not queries.is_news(deadline, limit, at):
        raise AlreadyDone(deadline.name)
    before, is_moved = deadline.due_at, limit.at != deadline.due_at or not limit.provisional
    deadline.due_at, deadline.is_provisional, deadline.steps = limit.at, limit.provisional, list(limit.steps)
    deadline.reminded_at = at if limit.provisional and at >= limit.at else None
    deadline.save(update_fields=("due_at", "is_provisional", "steps", "reminded_at"))
    _move_reminder(case, deadline, at)
    text = _in_words(deadline, before, is_moved=is_moved)
    _tell(case, deadline, text, at)
    data: dict[str, JsonValue] = {
        "label": text,
        "clause": deadline.clause,
        "deadline": deadline.name,
        "subject": deadline.subject,
        "before": before.isoformat(),
        "after": limit.at.isoformat(),
        "is_provisional": limit.provisional,
    }
    return case.enter(actor=actor, at=at, data=data, because=deadline.opened_by)


def _notice(notice: str, clause: Clause) -> str:
    name = " ".join(notice.split())
    if not 2 <= len(name) <= LONGEST_NOTICE or not name.isprintable():
        message = f"须写明所依据的通知（2至{LONGEST_NOTICE}字）"
        raise Refused(refused(clause, message, "填写通知的名称和文号", f"{len(name)}字"))
    return name


def _days(days: Sequence[EnteredDay], clause: Clause) -> dict[date, bool]:
    found: dict[date, bool] = {}
    if not 0 < len(days) <= MOST_DAYS:
        message = f"须录入1至{MOST_DAYS}天"
        raise Refused(refused(clause, message, "逐行填写日期和“放假”或“上班”", f"{len(days)}天"))
    for one in days:
        try:
            day = read_day(str(one["day"]))
        except Unreadable as fault:
            raise Refused(refused(clause, str(fault), "核对日期", str(one["day"])[:20])) from None
        if not in_our_time(day):
            raise Refused(refused(clause, "年份不合理", "核对日期", str(day)))
        if found.setdefault(day, one["is_working_day"]) != one["is_working_day"]:
            raise Refused(refused(clause, "同一天既列为放假又列为上班", "只保留一种", str(day)))
    return found


def _move_reminder(case: Case, deadline: Deadline, at: datetime) -> None:
    """The reminder before the limit goes with it, while it waits."""
    kind = REMINDERS.get(deadline.name)
    if kind is None:
        return
    moment = max(at, morning_before(deadline.due_at, case.law.calendar, case.law.region))
    waiting = case.deadlines.filter(name=kind, subject=deadline.subject, met_at=None, performed_at=None)
    waiting.update(due_at=moment)


def _in_words(deadline: Deadline, before: datetime, *, is_moved: bool) -> str:
    until = format_due(deadline.due_at, with_year=True)
    if not is_moved:
        return f"暂定期限已到（{until}），放假安排确定后重新计算；请尽快办理"
    tail = "（仍为暂定）" if deadline.is_provisional else ""
    if deadline.due_at == before:
        return f"期限确定为{until}"
    return f"期限由暂定的{format_due(before, with_year=True)}改为{until}{tail}"


def _tell(case: Case, deadline: Deadline, text: str, at: datetime) -> None:
    """Write to those who have to act by then."""
    word = "reminded" if deadline.reminded_at else "provisional" if deadline.is_provisional else "certain"
    Message.post_all(
        Message.draft(
            DEADLINE_RECOUNTED,
            key=f"{word}:{deadline.pk}:{deadline.due_at:%Y%m%d%H%M}:{account.pk}",
            case=case,
            account=account,
            at=at,
            text=text,
            page=f"/cases/{case.pk}/" if case.kind == Case.Kind.REVIEW else "/procedures/",
        )
        for account in _people(case)
    )


def _people(case: Case) -> list[Account]:
    """The organizers of a review and whose turn it is; of a matter the people who read it, and the offices that do."""
    own = Account.objects.none()
    if case.kind == Case.Kind.REVIEW:
        roles = {role.value for role in (Role.CONTRACTOR, Role.AGENCY, *whose_turn(case))}
        wanted = [
            Q(role=one.role, organization=one.organization_id)
            for one in parties_of(case)
            if one.role in roles
        ]
    else:
        readers = list(case.readers.all())
        wanted = [
            Q(division=one.division_id) & (Q(role=one.office) | Q(office=one.office))
            for one in readers
            if one.office
        ]
        own = Account.objects.filter(
            is_active=True, reference__in=[one.account for one in readers if one.account]
        )
    seats = Seat.objects.filter(reduce(or_, wanted), is_active=True) if wanted else Seat.objects.none()
    found = Account.objects.filter(Q(seats__in=seats) | Q(pk__in=own), is_active=True)
    return list(found.distinct().order_by("pk"))
