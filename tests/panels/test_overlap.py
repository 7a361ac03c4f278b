"""No expert on two panels at overlapping times: looked at before the commit, and again under the expert's lock.

The tests with two or more writers say something only where writers overlap, on PostgreSQL.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from hashlib import sha256
from itertools import combinations
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connections

from lunheng.core.draw import nonce_commitment
from lunheng.core.errors import Refused
from lunheng.experts.models import Expert
from lunheng.panels.models import Draw, Exclusion, Member
from lunheng.panels.queries import rows
from lunheng.panels.queries.pool import BOOKED
from lunheng.pools.models import Membership
from tests.panels.conftest import Scene, make
from tests.panels.test_concurrency import at_once

Tell = Callable[..., Scene]
NEEDS = [("geotechnics", 5, False)]


def beside(scene: Scene, **later: float) -> Scene:
    """Another review of the same city, so much later than the first."""
    moment = scene.request.meeting_at + timedelta(**later)
    return make(scene.world, scene.clock, NEEDS, meeting_at=moment)


def double_bookings() -> int:
    """How often one expert sits on two panels that overlap."""
    seats: dict[int, list[Any]] = {}
    for member in Member.objects.filter(state__in=BOOKED).select_related("request"):
        seats.setdefault(member.expert_id, []).append(member.request.meeting_at)
    overlap = timedelta(hours=4)
    return sum(
        abs(one - other) < overlap for times in seats.values() for one, other in combinations(times, 2)
    )


def test_whoever_sits_at_the_time_is_not_in_the_pool_and_the_reason_is_kept(qingdao: Tell) -> None:
    first = qingdao(experts=20)
    taken = {member.expert_id for member in first.draw()}
    beside(first, hours=3, minutes=59).chance("commit_draw")
    busy = Exclusion.objects.filter(ground="busy")
    assert {one.expert_id for one in busy} == taken
    assert {one.clause.rpartition("》")[2] for one in busy} == {"第十条"}


@pytest.mark.parametrize("hours", [-4, 4])
def test_four_hours_apart_is_another_time(qingdao: Tell, hours: int) -> None:
    first = qingdao(experts=20)
    first.draw()
    beside(first, hours=hours).chance("commit_draw")
    assert Exclusion.objects.filter(ground="busy").count() == 0


def test_whoever_declined_is_free_for_another_panel_of_the_time(qingdao: Tell) -> None:
    first = qingdao(experts=20)
    one = first.draw()[0]
    first.act("decline_seat", first.seat(one), member_id=one.pk, reason="出差")
    beside(first).chance("commit_draw")
    assert one.expert_id not in set(
        Exclusion.objects.filter(ground="busy").values_list("expert_id", flat=True)
    )


def committed(*scenes: Scene) -> list[tuple[Draw, bytes]]:
    """Every review has committed its draw before any is revealed; each with its applicant's share."""
    values = [bytes([number]) * 32 for number in range(1, len(scenes) + 1)]
    return [
        (scene.act("commit_draw", request_id=scene.request_id, commitment=nonce_commitment(value)), value)
        for scene, value in zip(scenes, values, strict=True)
    ]


def reveals(scenes: Iterable[Scene], draws: Iterable[tuple[Draw, bytes]]) -> list[Callable[[], object]]:
    """What each applicant's browser would do next."""
    return [
        partial(scene.act, "reveal_draw", draw_id=draw.pk, party="applicant", value=value.hex())
        for scene, (draw, value) in zip(scenes, draws, strict=True)
    ]


def test_whom_another_panel_took_between_commit_and_reveal_is_replaced(qingdao: Tell) -> None:
    one = qingdao(experts=8)
    Membership.objects.filter(expert__in=[expert.pk for expert in one.world.experts[6:]]).update(
        state="suspended"
    )
    other = beside(one)
    for reveal in reveals((one, other), committed(one, other)):
        reveal()
    assert double_bookings() == 0
    assert {member.ground.partition("：")[0] for member in other.members("removed")} == {
        "承诺之后同一时段已参加其他论证"
    }


@pytest.mark.django_db(transaction=True)
def test_two_panels_revealed_at_once_share_nobody(qingdao: Tell) -> None:
    one = qingdao(experts=10)
    other = beside(one)
    assert at_once(*reveals((one, other), committed(one, other))) == [True, True]
    assert double_bookings() == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_experts_lock_two_panels_would_share_somebody(
    qingdao: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = qingdao(experts=8)
    other = beside(one)
    draws, met = committed(one, other), Barrier(2, timeout=10)

    def look(references: Iterable[str]) -> dict[str, Expert]:
        found = Expert.objects.filter(reference__in=list(references)).select_related("account", "unit")
        people = {expert.reference: expert for expert in found}
        with suppress(BrokenBarrierError):
            met.wait()
        return people

    monkeypatch.setattr(rows, "lock_experts", look)
    at_once(*reveals((one, other), draws))
    assert double_bookings() > 0


def share(scene: Scene) -> tuple[Draw, bytes]:
    """A commit with a value that no other process has."""
    value = sha256(f"{scene.request_id}".encode()).digest()
    draw = scene.act("commit_draw", request_id=scene.request_id, commitment=nonce_commitment(value))
    return draw, value


PROCESSES, ROUNDS = 16, 4


@pytest.mark.drill
@pytest.mark.django_db(transaction=True)
def test_sixteen_processes_draw_at_once(qingdao: Tell) -> None:
    first = qingdao(experts=100)
    for _ in range(ROUNDS):
        scenes = [beside(first, minutes=number) for number in range(PROCESSES)]
        connections.close_all()
        children = [fork(scene) for scene in scenes]
        codes = Counter(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
        assert codes == {0: PROCESSES}
        first.sweep()
        assert double_bookings() == 0
        first = beside(first, days=60)


def fork(scene: Scene) -> int:
    """Commit and reveal in a process of its own; a refusal for want of experts is a lawful end."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        with suppress(Refused):
            for reveal in reveals([scene], [share(scene)]):
                reveal()
        code = 0
    finally:
        connections.close_all()
        os._exit(code)
