"""Jobs: in one transaction, tried again with growing pauses, every attempt on record."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import F
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from lunheng.jobs import worker
from lunheng.jobs.clock import FixedClock
from lunheng.jobs.models import Tick
from lunheng.jobs.tasks import job

ATTEMPTS: list[int] = []


@job(attempts=3)
def note(number: int, *, failures: int) -> None:
    """Write a row, then fail so many times."""
    Tick.objects.create(name=f"{number}-{len(ATTEMPTS)}", due_at="2026-11-24T09:00:00+08:00")
    ATTEMPTS.append(number)
    if len(ATTEMPTS) <= failures:
        raise RuntimeError("broken")


@pytest.fixture(autouse=True)
def queue(settings: Settings) -> Iterator[None]:
    """The queue of the database, as a site has it."""
    ATTEMPTS.clear()
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    yield
    ATTEMPTS.clear()


def work_off(times: int) -> list[str]:
    """Let the worker work off what is there, as if every pause had passed; returns the states of all attempts."""
    for _ in range(times):
        DBTaskResult.objects.filter(status="READY").update(run_after=F("enqueued_at") - timedelta(days=1))
        worker.work_queue()
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_job_is_done(clock: FixedClock) -> None:
    note.enqueue(1, failures=0)
    assert (work_off(1), ATTEMPTS, Tick.objects.count()) == (["SUCCESSFUL"], [1], 1)


@pytest.mark.django_db(transaction=True)
def test_a_failing_job_is_tried_again_and_leaves_nothing_half_done(clock: FixedClock) -> None:
    note.enqueue(1, failures=2)
    assert (work_off(3), ATTEMPTS, Tick.objects.count()) == (["FAILED", "FAILED", "SUCCESSFUL"], [1, 1, 1], 1)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_always_fails_stops_after_its_attempts(clock: FixedClock) -> None:
    note.enqueue(1, failures=9)
    assert (work_off(5), Tick.objects.count()) == (["FAILED", "FAILED", "FAILED"], 0)
