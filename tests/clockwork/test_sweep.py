"""Deadlines are answered by themselves, once, whoever sweeps; one failure never stops the others."""

from datetime import datetime, timedelta

import pytest

from lunheng.cases.acts import REGISTRY, AlreadyDone, act
from lunheng.cases.answering import FallenDue, answers
from lunheng.cases.models import Case
from lunheng.cases.opening import open_case
from lunheng.clockwork.sweep import alarms, drain, sweep
from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.procedures.consequences import DUTY, Consequence
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions.models import Division
from lunheng.ledger.models import Entry
from lunheng.ledger.queries import entries_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
CLAUSE = Clause("测试办法", "第二条")
ACTOR = Actor("tester", Role.STATION)
FAULTY = "faulty"


NAME = "clockwork.answer_duty"
KIND = Consequence(NAME, DUTY)


@answers(KIND, "duty.answered/1")
def answer_duty(*, due: FallenDue, actor: Actor, at: datetime) -> Entry:
    """What the platform does when the hour has come."""
    deadline = due.deadline
    if deadline.subject == FAULTY:
        raise RuntimeError("the act fails")
    return due.case.enter(actor=actor, at=at, data={"subject": deadline.subject}, because=deadline.opened_by)


@act("duty.set/1", is_public=False)
def set_duties(*, subjects: tuple[str, ...], due_at: datetime, actor: Actor, at: datetime) -> Case:
    """Open a file with duties."""
    division, _ = Division.objects.get_or_create(code="370200", name="青岛市")
    case = open_case(Case.Kind.PROJECT, title="虚构工程", division=division, at=at)
    for subject in subjects:
        case.due(KIND, key=subject, due=due_at, clause=CLAUSE)
    case.enter(actor=actor, at=at, data={})
    return case


def duties(clock: FixedClock, *subjects: str) -> Case:
    return set_duties(subjects=subjects, due_at=clock.now() + timedelta(hours=6), actor=ACTOR, at=clock.now())


def test_nothing_happens_before_the_hour(clock: FixedClock) -> None:
    duties(clock, "a")
    clock.advance(hours=6, microseconds=-1)
    assert drain(clock.now()) == 0


def test_at_the_hour_the_act_is_performed_at_its_legal_moment(clock: FixedClock) -> None:
    case = duties(clock, "a")
    due_at = clock.now() + timedelta(hours=6)
    clock.advance(days=2)
    drain(clock.now())
    assert entries_of(case.reference).last().at == due_at  # type: ignore[union-attr]


def test_a_second_sweep_finds_nothing(clock: FixedClock) -> None:
    case = duties(clock, "a", "b")
    clock.advance(hours=6)
    assert (drain(clock.now()), drain(clock.now()), entries_of(case.reference).count()) == (2, 0, 3)


def test_who_comes_second_does_nothing(clock: FixedClock) -> None:
    case = duties(clock, "a")
    clock.advance(hours=6)
    deadline = case.deadlines.get()
    REGISTRY[NAME].perform(deadline_id=deadline.pk, actor=Actor.system(), at=deadline.due_at)
    with pytest.raises(AlreadyDone):
        REGISTRY[NAME].perform(deadline_id=deadline.pk, actor=Actor.system(), at=deadline.due_at)
    assert entries_of(case.reference).count() == 2


def test_one_failure_never_stops_the_others(clock: FixedClock) -> None:
    case = duties(clock, FAULTY, "b")
    clock.advance(hours=6)
    drain(clock.now())
    failed = case.deadlines.get(subject=FAULTY)
    assert (failed.attempts, failed.performed_at, failed.fault) == (1, None, "RuntimeError: the act fails")
    assert case.deadlines.get(subject="b").performed_at is not None


def test_a_failure_waits_longer_each_time_and_alarms_at_last(clock: FixedClock) -> None:
    duties(clock, FAULTY)
    clock.advance(hours=6)
    for _ in range(5):
        sweep(clock.now())
        clock.advance(hours=1)
    assert alarms() == 1


def test_the_answer_names_the_entry_that_opened_the_deadline(clock: FixedClock) -> None:
    case = duties(clock, "a")
    opened_by = case.deadlines.get().opened_by
    clock.advance(hours=6)
    drain(clock.now())
    assert str(opened_by) in bytes(entries_of(case.reference).last().body).decode()  # type: ignore[union-attr]
