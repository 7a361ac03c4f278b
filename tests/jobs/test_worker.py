"""The worker: every duty in its turn, one winner, nobody stopped by another's failure, a clean end."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from lunheng.jobs import tasks, ticks, worker
from lunheng.jobs.clock import FixedClock

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def own_duties() -> Iterator[None]:
    """Only the duties of the test."""
    kept = dict(worker.PERIODIC)
    worker.PERIODIC.clear()
    yield
    worker.PERIODIC.clear()
    worker.PERIODIC.update(kept)


@pytest.mark.django_db
def test_a_duty_is_done_once_in_its_interval(clock: FixedClock) -> None:
    done: list[datetime] = []

    def note(at: datetime) -> int:
        done.append(at)
        return 1

    worker.register("trial", every=10 * SECOND, perform=note)
    start = clock.now()
    for _ in range(4):
        worker.beat_once()
        clock.advance(seconds=5)
    assert done == [start, start + 10 * SECOND]


@pytest.mark.django_db
def test_one_worker_wins_a_tick(clock: FixedClock) -> None:
    wins = [ticks.claim("trial", every=SECOND, at=clock.now()) for _ in range(3)]
    clock.advance(seconds=1)
    assert [*wins, ticks.claim("trial", every=SECOND, at=clock.now())] == [True, False, False, True]


@pytest.mark.django_db
def test_a_failing_duty_does_not_keep_the_others_from_their_turn(clock: FixedClock) -> None:
    done: list[str] = []

    def fail(at: datetime) -> int:
        raise RuntimeError("broken")

    def succeed(at: datetime) -> int:
        done.append("second")
        return 1

    worker.register("first", every=SECOND, perform=fail)
    worker.register("second", every=SECOND, perform=succeed)
    assert (worker.beat_once(), done) == (1, ["second"])


def test_drain_works_until_nothing_is_left(clock: FixedClock) -> None:
    left = {"a": 3, "b": 1}

    def take(name: str) -> int:
        left[name] -= left[name] > 0
        return int(left[name] > 0)

    worker.register("a", every=timedelta(hours=1), perform=lambda at: take("a"))
    worker.register("b", every=timedelta(hours=1), perform=lambda at: take("b"))
    assert (worker.drain(), left) == (2, {"a": 0, "b": 0})


def test_drain_says_when_something_is_never_done(clock: FixedClock) -> None:
    worker.register("endless", every=SECOND, perform=lambda at: 1)
    with pytest.raises(RuntimeError, match="始终未完成"):
        worker.drain()


@pytest.mark.django_db
def test_the_worker_ends_when_it_is_told_to() -> None:
    stop, beats = threading.Event(), []

    def once() -> int:
        beats.append(1)
        stop.set()
        return 0

    worker.beat(stop, once)
    assert beats == [1]


@pytest.mark.django_db
def test_a_failure_does_not_end_the_worker() -> None:
    stop, beats = threading.Event(), []

    def once() -> int:
        beats.append(1)
        if len(beats) == 2:
            stop.set()
            return 0
        raise RuntimeError("broken")

    worker.beat(stop, once)
    assert beats == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_duties_and_queue_run_side_by_side_until_the_end(clock: FixedClock) -> None:
    stop, threads = threading.Event(), set()

    def finish(at: datetime) -> int:
        threads.add(threading.current_thread().name)
        stop.set()
        return 1

    worker.register("trial", every=SECOND, perform=finish)
    worker.run(stop)
    assert (threads, [thread.name for thread in threading.enumerate() if thread.name == "duties"]) == (
        {"duties"},
        [],
    )


def running_job(started_at: datetime) -> Any:
    """A job that a worker took at this moment."""
    return DBTaskResult.objects.create(
        status="RUNNING",
        started_at=started_at,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="x.y",
        backend_name="default",
        run_after=started_at,
    )


@pytest.mark.django_db
def test_a_job_whose_worker_died_is_given_back(clock: FixedClock) -> None:
    lost = running_job(clock.now() - timedelta(minutes=16))
    living = running_job(clock.now() - timedelta(minutes=14))
    assert tasks.reap(clock.now()) == 1
    states = dict(DBTaskResult.objects.values_list("pk", "status"))
    assert states == {lost.pk: "READY", living.pk: "RUNNING"}
