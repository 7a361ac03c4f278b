"""Two browsers at once: the case's lock lets them through one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from lunheng.core.errors import Refused
from lunheng.ledger.models import Entry
from lunheng.panels.models import Member
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[bool]:
    """Perform all at the same moment; whether each succeeded."""
    start = Barrier(len(acts))

    def run(perform: Callable[[], object]) -> bool:
        start.wait()
        try:
            perform()
        except Refused:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_one_seat_is_confirmed_once_from_two_browsers(qingdao: Tell) -> None:
    scene = qingdao()
    one = scene.draw()[0]
    seat = scene.seat(one)
    confirm = lambda: scene.act("confirm_seat", seat, member_id=one.pk)  # noqa: E731
    assert sorted(at_once(confirm, confirm)) == [False, True]
    assert Entry.objects.filter(event="panel.seat_confirmed/1").count() == 1


def test_the_last_two_confirmations_at_once_complete_the_panel_once(qingdao: Tell) -> None:
    scene = qingdao()
    drawn = scene.draw()
    scene.confirm(*drawn[:3])
    acts = [lambda one=one: scene.act("confirm_seat", scene.seat(one), member_id=one.pk) for one in drawn[3:]]
    assert at_once(*acts) == [True, True]
    assert scene.case.state == "preparing"
    assert len(scene.deadlines("meetings.plan_meeting")) == 1


def test_two_draws_at_once_draw_one_panel(qingdao: Tell) -> None:
    scene = qingdao()
    draw = lambda: scene.chance("commit_draw")  # noqa: E731
    assert sorted(at_once(draw, draw)) == [False, True]
    assert Member.objects.count() == 5
