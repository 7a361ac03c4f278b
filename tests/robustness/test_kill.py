"""Workers die at any moment, by ``kill -9``; what they leave behind is whole, and the next one goes on from there."""

import os
import select
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, connections

from lunheng.cases.models import Case, Deadline
from lunheng.clockwork.sweep import sweep
from lunheng.messaging.models import Message
from lunheng.messaging.sending import send_due
from lunheng.panels.models import Member
from tests.factories.chance import draw_by
from tests.factories.story import Story
from tests.factories.world import build
from tests.robustness.swift import SwiftStory
from tests.robustness.wholeness import faults

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]


@dataclass
class Workers:
    """The process that forks workers on the test's database."""

    process: "subprocess.Popen[str]"
    written: int

    def send(self, manner: str, at: datetime) -> int:
        """Start a worker at this moment; returns its process id."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{manner} {at.isoformat()}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def work_then_die(self, at: datetime, *, rounds: int, delay: float, workers: int = 2) -> int:
        """Let some workers do so many rounds together and a little more, and kill them; returns the rounds heard of."""
        alive = [self.send("work", at) for _ in range(workers)]
        heard = 0
        while heard < rounds and select.select([self.written], [], [], 20)[0]:
            heard += len(os.read(self.written, 1))
        select.select([], [], [], delay)
        for worker in alive:
            os.kill(worker, signal.SIGKILL)
        while select.select([self.written], [], [], 0)[0]:
            heard += len(os.read(self.written, 4096))
        return heard

    def fall(self, manner: str, at: datetime) -> None:
        """Start a worker that dies in the middle of an act, and wait for its end."""
        self.send(manner, at)
        assert self.process.stdout
        assert self.process.stdout.readline() == "fallen\n"


@contextmanager
def running_workers() -> Iterator[Workers]:
    """Ready to fork workers on the database of this test."""
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.robustness.victim"],
        cwd=ROOT,
        env={**os.environ, "LUNHENG_DATABASE": address(), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
             "DJANGO_SETTINGS_MODULE": "lunheng.config.settings"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=write, text=True,
    )  # fmt: skip
    os.close(write)
    try:
        yield Workers(process, read)
    finally:
        process.kill()
        process.wait(10)
        os.close(read)


def address() -> str:
    """The test's own database, as ``LUNHENG_DATABASE`` writes it."""
    given = connections["default"].settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{str(given['NAME']).removeprefix('file:').partition('?')[0]}"
    return f"postgresql://{given['USER']}@{given['HOST']}:{given['PORT']}/{given['NAME']}"


def settle(at: datetime) -> None:
    """What a worker that lives does: everything that is due."""
    while send_due(at) + sweep(at, pause=lambda _: None):
        pass


@pytest.fixture
def workers(transactional_db: None) -> Iterator[Workers]:
    """Workers on this test's database."""
    with running_workers() as found:
        yield found


@dataclass
class Cities:
    """Reviews of both cities that wait for their experts."""

    qingdao: list[Story]
    nanning: list[Story]

    @property
    def clock(self) -> datetime:
        """The present moment."""
        return self.qingdao[0].clock.now()


def awaiting(first: Story, drawn: int, listed: int) -> Cities:
    """Qingdao: drawn, nothing has left yet. Nanning: the list was confirmed, nothing of it was carried out yet."""
    qingdao: list[Story] = []
    nanning: list[Story] = []
    for _ in range(drawn):
        story = SwiftStory(first.world, first.clock, papers=len(qingdao) * 3 + 1)
        story.ready()
        story.request()
        draw_by(story.as_("contractor").done, "panels.commit_draw", story.request_id)
        qingdao.append(story)
    world = build("nanning")
    for _ in range(listed):
        story = SwiftStory(world, first.clock, papers=len(nanning) * 3 + 100)
        story.ready()
        story.request()
        story.push()
        chosen = story.lawful_pick()
        story.pick(chosen)
        story.consent(chosen)
        keys = [member.pk for member in chosen]
        story.as_("contractor").done(
            "panels.confirm_list", request_id=story.request_id, member_ids=keys, leader_member_id=keys[0]
        )
        nanning.append(story)
    return Cities(qingdao, nanning)


def finish(cities: Cities) -> None:
    """One worker lives: after the longest wait of a lost message it finishes what the dead ones began, and all confirm."""
    clock = cities.qingdao[0].clock
    for _ in range(3):
        clock.advance(minutes=61)
        settle(clock.now())
    for story in cities.qingdao:
        for member in story.members("invited"):
            story.as_(story.seat_of(member)).done("panels.confirm_seat", member_id=member.pk)
    settle(clock.now())


def check(cities: Cities) -> None:
    """Every review of both cities has its whole panel, and everything hangs together."""
    clock = cities.qingdao[0].clock
    stories = [*cities.qingdao, *cities.nanning]
    states = Counter(
        Case.objects.filter(pk__in=[one.case_id for one in stories]).values_list("state", flat=True)
    )
    seated = {len(one.members("confirmed")) for one in stories}
    due = Deadline.objects.filter(due_at__lte=clock.now(), met_at=None, performed_at=None)
    assert (states, seated, list(due)) == (Counter({"preparing": len(stories)}), {5}, [])
    assert Message.objects.filter(state__in=("waiting", "sending"), send_after__lte=clock.now()).count() == 0
    assert faults() == []


def kill_again_and_again(cities: Cities, workers: Workers, kills: int, *, minutes: int = 20) -> int:
    """So many minutes pass between one death and the next; every worker gets a few rounds further."""
    heard = 0
    for index in range(kills):
        cities.qingdao[0].clock.advance(minutes=minutes)
        heard += workers.work_then_die(cities.clock, rounds=1 + index % 4, delay=(index * 7 % 23) / 1000)
    return heard


def test_workers_killed_twenty_times_leave_every_review_whole(qingdao: Story, workers: Workers) -> None:
    cities = awaiting(qingdao, drawn=4, listed=2)
    assert kill_again_and_again(cities, workers, 20) >= 20
    assert faults() == []
    assert Member.objects.filter(state="silent").exists()
    finish(cities)
    check(cities)


@pytest.mark.drill
def test_workers_killed_three_hundred_times_leave_every_review_whole(
    qingdao: Story, workers: Workers
) -> None:
    cities = awaiting(qingdao, drawn=10, listed=6)
    for _ in range(15):
        # A day in all: four times six hours of silence, for which the pool has experts enough.
        kill_again_and_again(cities, workers, 20, minutes=5)
        assert faults() == []
    finish(cities)
    check(cities)


def test_an_act_that_is_cut_in_the_middle_never_was(qingdao: Story, workers: Workers) -> None:
    cities = awaiting(qingdao, drawn=1, listed=1)
    workers.fall("fall", cities.clock + timedelta(hours=1))
    assert faults() == []
    finish(cities)
    check(cities)


def test_without_its_transaction_the_same_cut_would_be_found(qingdao: Story, workers: Workers) -> None:
    cities = awaiting(qingdao, drawn=1, listed=1)
    workers.fall("tear", cities.clock + timedelta(hours=1))
    assert ["answered 1 times, entered 0 times" in fault for fault in faults()] == [True]
