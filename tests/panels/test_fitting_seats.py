"""专业匹配 after the request: rows that an earlier release let in are drawn, refilled and listed no more."""

from collections.abc import Callable

import pytest

from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.panels.models import Draw, Member
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]
MIXED = [("geotechnics", 1, False), ("electrical", 4, False)]


def with_electricians(scene: Scene, count: int = 6) -> Scene:
    for _ in range(count):
        scene.world.add_expert(specialties=("electrical",))
    return scene


@pytest.mark.clause("QD-二(四)1a")
def test_a_request_with_unfit_seats_is_not_drawn(qingdao: Tell) -> None:
    scene = with_electricians(qingdao(MIXED))
    commitment = "0" * 64
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=commitment) == ["二（四）"]
    assert (Draw.objects.count(), Member.objects.count()) == (0, 0)


@pytest.mark.clause("QD-二(四)1a")
def test_unfit_seats_that_are_extras_are_drawn(qingdao: Tell) -> None:
    scene = with_electricians(qingdao([("geotechnics", 5, False), ("electrical", 1, True)]))
    assert sorted(one.specialty for one in scene.draw()) == ["electrical", *["geotechnics"] * 5]


@pytest.mark.clause("NN-二(三)b/unfit")
def test_nanning_pushes_nobody_for_a_request_with_unfit_seats(nanning: Tell) -> None:
    scene = nanning()
    scene.request.needs.create(specialty="geotechnics", count=5)
    scene.request.needs.create(specialty="electrical", count=5)
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment="0" * 64) == ["二（三）"]
    assert Draw.objects.count() == 0


def lost_unfit_seat(scene: Scene, *, is_extra: bool) -> Member:
    member = scene.draw()[0]
    Member.objects.filter(pk=member.pk).update(specialty="electrical", is_extra=is_extra)
    scene.act("decline_seat", scene.seat(member), member_id=member.pk, reason="出差")
    scene.sweep()
    return member


@pytest.mark.clause("QD-二(四)1a")
def test_an_unfit_seat_is_not_refilled_and_contractor_and_station_read_why(qingdao: Tell) -> None:
    scene = with_electricians(qingdao())
    member = lost_unfit_seat(scene, is_extra=False)
    assert not Member.objects.filter(replaces=member).exists()
    assert Entry.objects.filter(event="panel.seat_left/1").count() == 1
    letters = Message.objects.filter(template="panel.exhausted", case_id=scene.case_id)
    told = {scene.world.seat(name).account_id for name in ("contractor", "station")}
    assert told <= {one.account_id for one in letters}
    assert ["二（四）" in warning["clause"] for warning in scene.request.warnings] == [True]


@pytest.mark.clause("QD-二(二)b")
def test_the_same_seat_is_refilled_when_it_is_an_extra(qingdao: Tell) -> None:
    scene = with_electricians(qingdao())
    member = lost_unfit_seat(scene, is_extra=True)
    replacement = Member.objects.get(replaces=member)
    assert (replacement.specialty, replacement.is_extra) == ("electrical", True)


@pytest.mark.clause("NN-二(三)b/unfit")
def test_a_list_with_an_unfit_seat_is_not_confirmed(nanning: Tell) -> None:
    scene = nanning()
    chosen = scene.agreed()
    Member.objects.filter(pk=chosen[2].pk).update(specialty="electrical")
    clauses = scene.refused(
        "confirm_list",
        request_id=scene.request_id,
        member_ids=[one.pk for one in chosen],
        leader_member_id=chosen[0].pk,
    )
    assert clauses == ["二（三）"]
