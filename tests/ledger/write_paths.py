"""What every way of writing writes and enters, as the database's own notes say; and the ways that lead past the main road."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from lunheng.cases import acts, entering
from lunheng.cases.models import Deadline
from lunheng.cases.running import Run
from lunheng.experts.models import Expert
from lunheng.ledger import registers
from lunheng.ledger.models import Entry, RowState
from tests.access.walking import Walk
from tests.factories.chance import PROMISE, draw_by


@dataclass
class Way:
    """One way of writing: what one performance may enter, and the tables in which all of them wrote."""

    enters: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)

    def as_row(self) -> dict[str, list[str]]:
        """As the reviewed table has it."""
        return {"enters": sorted(self.enters), "writes": sorted(self.writes)}


@dataclass
class Record:
    """Every act and every change of the registers while somebody watched."""

    ways: dict[str, Way] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    """Acts that entered one event more than once in a file."""
    sets: dict[str, set[str]] = field(default_factory=dict)
    """By the first event of an act, the kinds of what it set due."""
    bare: set[str] = field(default_factory=set)
    """Acts of which a first entry bound no row."""

    def note_act(self, name: str, run: Run) -> None:
        """What an act has just entered, and the tables of the rows that its entries bind."""
        lines = [(case.kind, case.pk, entry.event) for case, _, entry in run.lines]
        if len(set(lines)) != len(lines):
            self.twice.append(name)
        if not RowState.objects.filter(entry=run.lines[0][2].pk).exists():
            self.bare.add(name)
        opened = Deadline.objects.filter(opened_by__in=[entry.pk for _, _, entry in run.lines])
        kinds = set(opened.order_by().values_list("name", flat=True))
        self.sets.setdefault(lines[0][2], set()).update(kinds)
        files = sorted({f"{kind} {event}" for kind, _, event in lines})
        self._note(name, " + ".join(files), [entry for _, _, entry in run.lines])

    def note_registers(self, event: str, label: str, entry: Entry | None) -> None:
        """What a keeper of registers has just entered."""
        if entry is not None:
            self._note(label, f"{registers.SUBJECT} {event}", [entry])

    def _note(self, name: str, files: str, entries: list[Entry]) -> None:
        way = self.ways.setdefault(name, Way())
        way.enters.add(files)
        bound = RowState.objects.filter(entry_id__in=[entry.pk for entry in entries])
        way.writes |= set(bound.values_list("table_name", flat=True))


def performing() -> str:
    """The name under which the act that is running is registered."""
    frame = sys._getframe()
    while frame.f_code.co_name != "perform" or frame.f_code.co_filename != acts.__file__:
        assert frame.f_back is not None
        frame = frame.f_back
    return str(frame.f_locals["name"])


@contextmanager
def recording() -> Iterator[Record]:
    """Watch the two doors through which everything goes that is entered."""
    record = Record()
    finish, enter = entering.finish, registers.enter

    def finish_watched(run: Run, since: int) -> None:
        finish(run, since)
        record.note_act(performing(), run)

    def enter_watched(event: str, label: str, rows: registers.Rows, at: datetime) -> Entry | None:
        entry = enter(event, label, rows, at)
        record.note_registers(event, label, entry)
        return entry

    entering.finish, registers.enter = finish_watched, enter_watched
    try:
        yield record
    finally:
        entering.finish, registers.enter = finish, enter


class WatchedWalk(Walk):
    """The walk with what else might have happened at every turn of it, taken back each time."""

    def turn(self, place: str) -> None:
        """Go the other ways."""
        for other in OTHER_WAYS[place]:
            with self.meanwhile():
                other(self)


def wait_for(story: Walk, name: str) -> None:
    """Let the hour come at which the platform acts by itself."""
    waiting = Deadline.objects.filter(name=name, met_at=None, performed_at=None)
    story.clock.set(waiting.latest("due_at").due_at)
    story.sweep()


def keep_the_share(story: Walk) -> None:
    """The applicant commits and does not reveal."""
    story.as_("contractor").done("panels.commit_draw", request_id=story.request_id, commitment=PROMISE)
    wait_for(story, "panels.withhold_draw")


def withdraw(story: Walk) -> None:
    """The applicant withdraws while the draw waits."""
    contractor = story.as_("contractor")
    contractor.done("panels.commit_draw", request_id=story.request_id, commitment=PROMISE)
    contractor.done("plans.cancel_request", request_id=story.request_id, reason="会期有变")


def draw_without_share(story: Walk) -> None:
    """A browser without script: the platform's link completes the draw at once."""
    story.as_("contractor").done("panels.commit_draw", request_id=story.request_id, has_share=False)


def run_dry(story: Walk) -> None:
    """Somebody declines, and nobody of the pool is left who could be drawn."""
    station, member = story.as_("station"), story.members("invited")[0]
    for expert in Expert.objects.filter(pool=story.world.pool, membership__state="active", sittings=None):
        station.done("experts.change_state", expert_id=expert.pk, state="suspended", reason="本人申请")
    story.as_(story.seat_of(member)).done("panels.decline_seat", member_id=member.pk, reason="外出")
    story.sweep()


def lose_the_messages(story: Walk) -> None:
    """No invitation arrives."""
    draw_by(story.as_("contractor").done, "panels.commit_draw", story.request_id)
    wait_for(story, "panels.give_up_undelivered")


def stay_silent(story: Walk) -> None:
    """Nobody answers an invitation."""
    wait_for(story, "panels.expire_invitation")


def become_related(story: Walk) -> None:
    """A member goes to work for the owner."""
    member, unit = story.members("confirmed")[0], story.world.unit("owner")
    story.as_("station").done("experts.change_unit", expert_id=member.expert_id, organization_code=unit.code)
    story.sweep()


def come_unprepared(story: Walk) -> None:
    """The meeting begins without a first opinion."""
    story.commit_all()
    story.start_meeting()


def disagree(story: Walk) -> None:
    """One member votes otherwise, and the panel is called again."""
    story.vote(m0="not_approved")
    story.end_meeting()
    story.as_("contractor").done("reports.reopen_votes", case_id=story.case_id, reason="补充材料后再议")


def forget_the_upload(story: Walk) -> None:
    """Nobody uploads anything."""
    wait_for(story, "reports.record_overdue")


def lose_the_leader(story: Walk) -> None:
    """Of six who are left one leaves by chance, and another leads."""
    contractor, leader = story.as_("contractor"), story.leader()
    contractor.done("panels.report_loss", member_id=leader.pk, ground="因病不能到会")
    draw_by(contractor.done, "panels.reduce_list", story.request_id)
    left = story.members("confirmed")
    contractor.done("panels.name_leader", case_id=story.case_id, member_id=left[0].pk)
    story.sweep()


def reduce_without_share(story: Walk) -> None:
    """The platform's link alone says who leaves."""
    contractor, leader = story.as_("contractor"), story.leader()
    contractor.done("panels.report_loss", member_id=leader.pk, ground="因病不能到会")
    contractor.done("panels.reduce_list", request_id=story.request_id, has_share=False)


def sign_in_the_browser(story: Walk) -> None:
    """A meeting by video, whose report every member signs at home."""
    story.prereview()
    story.start_meeting()
    story.vote()
    story.end_meeting()
    report_id = story.compile()
    for member in story.members("confirmed"):
        story.as_(story.seat_of(member)).done("reports.sign_report", report_id=report_id)
    story.sweep()


OTHER_WAYS: dict[str, tuple[Callable[[Walk], None], ...]] = {
    "requested": (keep_the_share, withdraw, draw_without_share, lose_the_messages),
    "drawn": (stay_silent, run_dry),
    "seated": (become_related, come_unprepared),
    "met": (disagree,),
    "reported": (forget_the_upload,),
    "listed": (lose_the_leader, reduce_without_share, sign_in_the_browser),
}
