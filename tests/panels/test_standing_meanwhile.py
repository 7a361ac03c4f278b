"""A suspension that comes while a draw is being entered: whoever is suspended does not stay on the panel.

The draw has read who serves and has not entered it yet when the station suspends one of those drawn. Both take the locks in
one order (review, file, expert); the suspension waits, finds the seat afterwards, and lets the review look again.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection, connections

from lunheng.cases.acts import REGISTRY
from lunheng.experts.models import Expert
from lunheng.panels.chance import outcomes
from lunheng.panels.models import Member
from lunheng.procedures.models import Proceeding
from tests.panels.conftest import Scene
from tests.procedures.synthetic import beside, read

Tell = Callable[..., Scene]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.only(
        "postgresql", "SQLite lets one writer in at a time: nothing comes between read and entry"
    ),
]
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
PATIENCE = 20


@contextmanager
def held_between_read_and_entry() -> Iterator[tuple[Event, Event, list[str]]]:
    """The draw stops when it has read who serves, tells whom it drew, and goes on when it may."""
    has_read, may_go, drawn = Event(), Event(), list[str]()
    invite = outcomes._invite

    def stop(case: Any, members: Any, barred: Any, at: Any) -> None:
        people = list(members)
        if not drawn:
            drawn.extend(one.expert.reference for one in people)
            has_read.set()
            assert may_go.wait(PATIENCE)
        invite(case, people, barred, at)

    with patch.object(outcomes, "_invite", stop):
        yield has_read, may_go, drawn


def closing(work: Callable[[], Any]) -> Callable[[], Any]:
    """Leave no connection behind."""

    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    return run


def is_blocked_or_done(other: "Future[Any]") -> None:
    """Until the other waits for a lock, or has committed because nothing held it."""
    while not other.done():
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return


def suspended_by_the_station(scene: Scene, expert: Expert) -> Callable[[], Any]:
    """The act of whoever keeps the pool."""
    given = {"expert_id": expert.pk, "state": "suspended", "reason": "本人申请"}
    actor, at = scene.world.actor("station"), scene.clock.now()
    return lambda: REGISTRY["experts.change_state"].perform(**given, actor=actor, at=at)


def barred_by_a_matter(scene: Scene, expert: Expert) -> Callable[[], Any]:
    """The effect of a matter that was decided before."""
    rule = read("absences", ('effect = "suspend"', 'effect = "bar"\nfor_life = true'))
    with beside(absences=rule):
        matter = Proceeding.objects.get(about=expert.file)
        decide = {"proceeding_id": matter.pk, "step": "decision", "outcome": "approve"}
        actor, at = scene.world.actor("station"), scene.clock.now()
        REGISTRY["procedures.take_step"].perform(**decide, actor=actor, at=at)
    due = matter.case.deadlines.get(name="experts.bar_candidate")

    def bar() -> Any:
        with beside(absences=rule):
            spec = REGISTRY["experts.bar_candidate"]
            from lunheng.core.actor import Actor

            return spec.perform(deadline_id=due.pk, actor=Actor.system(), at=at)

    return bar


def opened_about(scene: Scene, expert: Expert) -> None:
    """A matter that waits for its decision, about one expert."""
    rule = read("absences", ('effect = "suspend"', 'effect = "bar"\nfor_life = true'))
    with beside(absences=rule):
        from lunheng.clockwork import records
        from lunheng.pools.models import ServiceRecord

        for number in range(3):
            at = scene.clock.now() - timedelta(days=number)
            ServiceRecord.write(expert.file, "absent", at, "《虚构规则》一", f"第{number}次")
        assert records.watch(scene.clock.now()) == 1


@pytest.mark.parametrize("how", ["suspended", "barred"])
def test_who_is_suspended_or_barred_between_the_read_and_the_entry_of_a_draw_does_not_stay(
    qingdao: Tell, how: str
) -> None:
    scene = qingdao()
    if how == "barred":
        for one in Expert.objects.filter(pool=scene.world.pool):
            opened_about(scene, one)
    with held_between_read_and_entry() as (has_read, may_go, drawn), ThreadPoolExecutor(2) as threads:
        draw = threads.submit(closing(lambda: scene.chance("commit_draw")))
        assert has_read.wait(PATIENCE), (
            draw.exception(timeout=0) if draw.done() else "the draw did not come so far"
        )
        expert = Expert.objects.get(reference=drawn[0])
        work = suspended_by_the_station if how == "suspended" else barred_by_a_matter
        other = threads.submit(closing(work(scene, expert)))
        is_blocked_or_done(other)
        may_go.set()
        draw.result(PATIENCE)
        other.result(PATIENCE)
    scene.sweep()

    member = Member.objects.get(expert=expert, case_id=scene.case_id)
    assert member.state == "removed", "the review looked again and let the member go"
    living = Member.objects.filter(case_id=scene.case_id, state="invited")
    assert living.count() == 5
    assert expert.pk not in set(living.values_list("expert_id", flat=True))
