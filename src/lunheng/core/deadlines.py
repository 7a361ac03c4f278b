"""期限: typed durations, the moment at which they end, and each step of the count in words.

Days are counted from the day after the event and end at 24:00 (民法典第二百零一条 to 二百零三条). A limit
that ends at 24:00 is stored as the midnight that follows, so that being late is simply `at >= due.at`.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from lunheng.core.calendar import WorkCalendar
from lunheng.core.clauses import Clause

CHINA = ZoneInfo("Asia/Shanghai")
"""The time of every legal moment on the platform."""

ROLLING = Clause("中华人民共和国民法典", "第二百零三条", "期间最后一日的顺延")
"""Why a limit that ends on a day off ends on the next working day."""

Unit = Literal["hours", "days", "working_days", "months", "years"]
Direction = Literal["after", "before"]
Anchor = str
"""The key of the event from which a limit is counted; the known ones have a name in Chinese."""

_ONE_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
_UNITS: dict[Unit, str] = {
    "hours": "小时",
    "days": "日",
    "working_days": "个工作日",
    "months": "个月",
    "years": "年",
}
_ANCHORS = {
    "meeting": "论证会召开",
    "meeting_end": "论证会结束",
    "conclusion": "论证结论作出",
    "request": "提出申请",
    "delivery": "通知送达",
    "notice": "公示发布",
    "appointment": "聘任生效",
    "term_end": "聘期届满",
    "removal": "移出专家库",
    "step": "转入本步骤",
}


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time that knows what it is counted from.

    `value` counts `unit`s `after` or `before` the event `anchor`; `inclusive` counts the day of the event;
    `roll` carries a limit that ends on a day off to the next working day (never a lead time, never hours);
    `clear` asks for so many full days between the last moment and the event (lead times in days only).
    Raises ValueError for a negative value and for `clear` where it has no meaning.
    """

    value: int
    unit: Unit
    anchor: Anchor
    direction: Direction
    inclusive: bool = False
    roll: bool = False
    clear: bool = False

    def __post_init__(self) -> None:
        if self.value < 0:
            raise ValueError("期限不能为负数")
        if self.clear and (self.direction == "after" or self.unit == "hours"):
            raise ValueError("只有以日计的提前期限才能要求中间满足完整天数")

    @property
    def is_rolling(self) -> bool:
        """Does the limit move when it ends on a day off?"""
        return self.roll and self.direction == "after" and self.unit != "hours"

    def __str__(self) -> str:
        side = "前" if self.direction == "before" else "后"
        return f"{_ANCHORS.get(self.anchor, '起算事件')}{side}{self.value}{_UNITS[self.unit]}"


@dataclass(frozen=True, slots=True)
class Due:
    """The first moment that is too late, the steps of the count, and whether the calendar may yet change.

    `duration` and `anchor_at` say from what it was counted, so that it can be counted again. `surely` is the first moment
    that is too late whatever the calendar turns out to be, where a provisional limit has one: so many working days
    before an event are never fewer than so many days.
    Raises ValueError for a moment without time zone.
    """

    at: datetime
    steps: tuple[str, ...]
    provisional: bool = False
    duration: Duration | None = field(default=None, compare=False)
    anchor_at: datetime | None = field(default=None, compare=False)
    surely: datetime | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("期限须带时区")

    @property
    def is_binding(self) -> bool:
        """May a refusal rest on it? A provisional limit never binds."""
        return not self.provisional

    def is_late(self, at: datetime) -> bool:
        """Is `at` past the limit that binds: this one, or while it is provisional the one of any calendar?"""
        limit = self.at if self.is_binding else self.surely
        return limit is not None and at >= limit

    @property
    def counted(self) -> dict[str, Any]:
        """From what it was counted, as plain data; empty where nobody counted."""
        if self.duration is None or self.anchor_at is None:
            return {}
        return {**asdict(self.duration), "from": self.anchor_at.isoformat()}


class Provisional(datetime):
    """A moment that nobody is held to yet: the calendar under it may still change."""


def shown(moment: datetime, *, provisional: bool) -> datetime:
    """A limit as pages carry it: one that does not bind says so by its kind."""
    if not provisional:
        return moment
    return Provisional.combine(moment.date(), moment.timetz(), moment.tzinfo)


def is_over(limit: datetime | None, at: datetime) -> bool:
    """Has a limit run out that binds?"""
    return limit is not None and at >= limit and not isinstance(limit, Provisional)


def due(duration: Duration, anchor_at: datetime, calendar: WorkCalendar, region: str = "") -> Due:
    """The end of `duration` counted from the moment `anchor_at`, by the working days of `region`.

    Raises ValueError for a moment without time zone.
    """
    if anchor_at.tzinfo is None:
        raise ValueError("起算时刻须带时区")
    event = anchor_at.astimezone(CHINA)
    if duration.unit == "hours":
        return _due_in_hours(duration, event)
    found = _Count(duration, event.date(), calendar, region).due()
    return replace(found, duration=duration, anchor_at=event)


def due_again(counted: Mapping[str, Any], calendar: WorkCalendar, region: str = "") -> Due:
    """The same count by the calendar as it is now; `counted` is what `Due.counted` gave."""
    given = dict(counted)
    anchor_at = datetime.fromisoformat(str(given.pop("from")))
    return due(Duration(**given), anchor_at, calendar, region)


def morning_before(limit: datetime, calendar: WorkCalendar, region: str = "") -> datetime:
    """Nine in the morning of the working day before a limit's last day."""
    last_day = (limit - timedelta(seconds=1)).astimezone(CHINA).date()
    return datetime.combine(calendar.add_working_days(last_day, -1, region), time(9), CHINA)


def format_due(limit: Due | datetime, *, with_year: bool = False) -> str:
    """The limit as people write it: 6月13日24:00, or hour and minute when it does not end with the day."""
    at = (limit.at if isinstance(limit, Due) else limit).astimezone(CHINA)
    is_end_of_day = at.time() == time.min
    day = at.date() - _ONE_DAY if is_end_of_day else at.date()
    year = f"{day.year}年" if with_year else ""
    return f"{year}{day.month}月{day.day}日{'24:00' if is_end_of_day else f'{at:%H:%M}'}"


def _due_in_hours(duration: Duration, event: datetime) -> Due:
    """Natural hours from the instant; nights and days off count (the texts say nothing else)."""
    span = timedelta(hours=duration.value)
    at = event + span if duration.direction == "after" else event - span
    steps = (
        f"起算：{event.year}年{event.month}月{event.day}日{event:%H:%M}",
        f"{duration}，按自然小时连续计算，夜间和休息日不扣除",
        f"截止：{format_due(at, with_year=True)}",
    )
    return Due(at, steps)


@dataclass(frozen=True, slots=True)
class _Count:
    """One count in days, which remembers the days it had to ask the calendar about."""

    duration: Duration
    event: date
    calendar: WorkCalendar
    region: str

    def due(self) -> Due:
        last = self._last_day()
        end = self.calendar.next_working_day(last, self.region) if self.duration.is_rolling else last
        first_late_day = end if self.duration.clear else end + _ONE_DAY
        at = datetime.combine(first_late_day, time.min, tzinfo=CHINA)
        uncertain = self._uncertain_years(last, end)
        steps = [*self._opening(last), *self._rolled(last, end), f"截止：{format_due(at, with_year=True)}"]
        steps += [
            f"{year}年放假安排尚未公布或有待核实，本期限为暂定，不作为拒绝办理的依据" for year in uncertain
        ]
        return Due(at, tuple(steps), bool(uncertain), surely=self._surely() if uncertain else None)

    def _surely(self) -> datetime | None:
        """What is late even if every day turns out to be a working day; a limit after an event has no such moment."""
        if self.duration.unit != "working_days" or self.duration.direction == "after":
            return None
        return _Count(replace(self.duration, unit="days"), self.event, self.calendar, self.region).due().at

    def _last_day(self) -> date:
        count = self.duration.value if self.duration.direction == "after" else -self.duration.value
        if self.duration.unit in ("months", "years"):
            return self._corresponding_day(count if self.duration.unit == "months" else 12 * count)
        # When the day of the event counts, the count starts one day earlier (later, for a lead time).
        start = self.event - self._inward if self.duration.inclusive and count else self.event
        if self.duration.unit == "days":
            return start + timedelta(days=count)
        return self.calendar.add_working_days(start, count, self.region)

    def _corresponding_day(self, months: int) -> date:
        end = _add_months(self.event, months)
        # A month without the corresponding day ends on its last day, whether or not the first day counts.
        is_shorter = self.duration.inclusive and months and end.day == self.event.day
        return end - self._inward if is_shorter else end

    @property
    def _inward(self) -> timedelta:
        return _ONE_DAY if self.duration.direction == "after" else -_ONE_DAY

    def _uncertain_years(self, last: date, end: date) -> list[int]:
        """The years of which a day was asked for and could not be answered for certain."""
        asked: set[date] = set()
        if self.duration.unit == "working_days":
            asked |= _days_between(self.event, last)
            asked -= set() if self.duration.inclusive else {self.event}
        if self.duration.is_rolling:
            asked |= _days_between(last, end)
        return sorted({day.year for day in asked if not self.calendar.is_certain(day, self.region)})

    def _opening(self, last: date) -> list[str]:
        duration = self.duration
        counted = "计入" if duration.inclusive else "不计入"
        kind = "工作日（以公布的放假调休安排为准）" if duration.unit == "working_days" else "自然日"
        if duration.unit in ("months", "years"):
            kind = "到期月的对应日"
        last_step = f"{duration}，按{kind}计算，至{_written(last)}"
        if duration.clear:
            last_step += "，且自当日起须为完整天数"
        return [f"起算：{_written(self.event)}为{self._event_name()}当日，{counted}", last_step]

    def _event_name(self) -> str:
        return _ANCHORS.get(self.duration.anchor, "起算事件")

    def _rolled(self, last: date, end: date) -> list[str]:
        if last == end:
            return []
        return [f"{_written(last)}为休息日，依{ROLLING}顺延至{_written(end)}"]


def _add_months(day: date, count: int) -> date:
    """The corresponding day so many months on, or the last of that month when there is none (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _days_between(one: date, other: date) -> set[date]:
    first, last = sorted((one, other))
    return {first + timedelta(days=number) for number in range((last - first).days + 1)}


def _written(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS[day.weekday()]}）"
