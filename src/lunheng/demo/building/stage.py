"""The stage: stories that run side by side in one order of time, while the platform does its own part.

A story is a generator that acts, then yields the moment at which it goes on. Between two moments everything happens
that would have happened: messages arrive, deadlines fall due, the sweep answers.
"""

import heapq
from collections.abc import Callable, Generator, Iterable
from datetime import datetime, time, timedelta
from typing import Any

from lunheng.cases.acts import REGISTRY, injected
from lunheng.cases.models import Deadline
from lunheng.clockwork.sweep import drain
from lunheng.core.actor import Actor
from lunheng.core.deadlines import CHINA
from lunheng.demo.building.chance import Chance
from lunheng.jobs import clock, entropy
from lunheng.jurisdictions.calendars import work_calendar
from lunheng.messaging.models import Message
from lunheng.messaging.sending import send_due

Story = Generator[datetime, None, None]
CARRIER = timedelta(seconds=9)
"""How long a short message takes."""


class StoryFault(Exception):
    """The platform could not do its part: a demo with a failed deadline is no demo."""


class Stage:
    """Moves the clock from the first story's beginning to ``now``."""

    def __init__(self, now: datetime, tell: Callable[[str], None] = lambda line: None) -> None:
        self.now = now
        self._tell, self._told = tell, 0
        self._today = now.astimezone(CHINA).date()
        self._calendar = work_calendar()
        self.clock = clock.FixedClock(now)

    def day(self, offset: int, at: str = "09:00") -> datetime:
        """A moment so many working days before (negative) or after today."""
        found, step = self._today, 1 if offset > 0 else -1
        while offset:
            found += timedelta(days=step)
            offset -= step if self._calendar.is_working_day(found) else 0
        return datetime.combine(found, time.fromisoformat(at), CHINA)

    def ago(self, **duration: float) -> datetime:
        """A moment shortly before now."""
        return self.now - timedelta(**duration)

    def act(self, name: str, actor: Actor, /, **arguments: Any) -> Any:
        """Perform an act now, as the person."""
        spec = REGISTRY[name]
        return spec.perform(**arguments, **injected(spec), actor=actor, at=self.clock.now())

    def play(self, stories: Iterable[Story]) -> None:
        """Play all stories to now. A story that wants to go on later stays where it is."""
        chance = Chance("seeds")
        entropy.install(lambda: chance.take(32))
        clock.install(self.clock)
        waiting: list[tuple[datetime, int, Story]] = []
        for number, story in enumerate(stories):
            heapq.heappush(waiting, (next(story), number, story))
        self.clock.set(waiting[0][0] if waiting else self.now)
        begin = self.clock.now()
        while waiting and waiting[0][0] <= self.now:
            moment, number, story = heapq.heappop(waiting)
            self._pass_time(moment)
            self._report(begin)
            following = next(story, None)
            self._settle()
            if following is not None:
                heapq.heappush(waiting, (following, number, story))
        self._pass_time(self.now)
        self._report(begin)

    def _report(self, begin: datetime) -> None:
        """Tell how far the stories have come, in tenths of the time that they take."""
        at = self.clock.now()
        tenths = int(10 * (at - begin) / max(self.now - begin, timedelta(seconds=1)))
        if tenths > self._told:
            self._told = tenths
            self._tell(f"论证案件：办到 {at.astimezone(CHINA):%Y年%m月%d日}（{tenths * 10}%）")

    def _pass_time(self, until: datetime) -> None:
        while (moment := self._next()) is not None and moment <= until:
            self.clock.set(max(moment, self.clock.now()))
            self._settle()
        self.clock.set(max(until, self.clock.now()))

    def _settle(self) -> None:
        """Let the carrier deliver what is on its way by now, and the sweep answer what is due."""
        at = self.clock.now()
        drain(at)
        if self._first_message() is not None:
            send_due(at)
            drain(at)
        if fault := Deadline.objects.filter(attempts__gt=0, performed_at__isnull=True).first():
            raise StoryFault(f"{fault.case.title}：{fault.name} {fault.fault}")

    def _next(self) -> datetime | None:
        waiting = Deadline.objects.filter(met_at__isnull=True, performed_at__isnull=True)
        due = waiting.order_by("due_at").values_list("due_at", flat=True).first()
        message = Message.objects.filter(state=Message.State.WAITING).order_by("send_after").first()
        moments = [due] if due else []
        moments += [message.send_after + CARRIER] if message else []
        return min(moments, default=None)

    def _first_message(self) -> Message | None:
        latest = self.clock.now() - CARRIER
        return Message.objects.filter(state=Message.State.WAITING, send_after__lte=latest).first()
