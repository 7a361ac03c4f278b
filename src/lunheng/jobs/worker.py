"""The worker: periodic duties that one worker at a time wins, and side work from the queue. Any number may run."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import close_old_connections

from lunheng.jobs import clock, ticks

log = structlog.get_logger(__name__)

BEAT = 0.2
"""Seconds between two looks at what is due."""
ROUNDS = 1_000
"""After so many rounds ``drain`` says that something is never done."""


@dataclass(frozen=True)
class Duty:
    """Something to be done again and again; ``perform`` is given the moment and answers how much it did."""

    every: timedelta
    perform: Callable[[datetime], int]


PERIODIC: dict[str, Duty] = {}
"""Every duty by name; the apps register theirs when they are ready."""


def register(name: str, *, every: timedelta, perform: Callable[[datetime], int]) -> None:
    """Make something a duty of the worker."""
    PERIODIC[name] = Duty(every, perform)


def run(stop: threading.Event) -> None:
    """Work until ``stop`` is set: duties in one thread, the queue in another, so that neither waits for the other."""
    duties = threading.Thread(target=beat, args=(stop, beat_once), name="duties", daemon=True)
    duties.start()
    beat(stop, work_queue)
    duties.join()


def beat(stop: threading.Event, once: Callable[[], int]) -> None:
    """Call ``once`` again and again; a failure is told and does not end the worker."""
    while not stop.is_set():
        close_old_connections()
        try:
            is_busy = once() > 0
        except Exception:
            log.exception("worker failed", part=getattr(once, "__name__", ""))
            is_busy = False
        stop.wait(0 if is_busy else BEAT)
    close_old_connections()


def beat_once() -> int:
    """Do the duties whose tick this worker wins; a duty that fails does not keep the others from their turn."""
    done = 0
    for name, duty in list(PERIODIC.items()):
        at = clock.now()
        try:
            if ticks.claim(name, every=duty.every, at=at):
                done += duty.perform(at)
        except Exception:
            log.exception("duty failed", duty=name)
    return done


def work_queue() -> int:
    """Do what waits in the queue of side work; how much that was is the queue's own record."""
    if settings.TASKS["default"]["BACKEND"] != "django_tasks_db.DatabaseBackend":
        return 0
    from django_tasks_db.management.commands.db_worker import Worker

    Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"lunheng-{threading.get_native_id()}",
        excluded_queue_names=[],
    ).run()
    return 0


def drain(at: datetime | None = None) -> int:
    """Do every duty, ticks aside, until none finds anything to do (tests, and the demo after it moved its clock)."""
    total = 0
    for _ in range(ROUNDS):
        done = sum(duty.perform(at or clock.now()) for duty in list(PERIODIC.values()))
        total += done
        if not done:
            return total
    raise RuntimeError("有后台任务始终未完成")
