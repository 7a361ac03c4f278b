"""忙与闲: an expert is bound to another panel of the same hour only while that review can still meet; and only who sat
has reviewed a plan."""

from collections.abc import Callable

import pytest

from lunheng.cases.models import Case
from lunheng.core.workflow import ReviewState
from lunheng.experts.models import Expert
from lunheng.panels.models import Draw, Member
from lunheng.panels.queries import pool
from tests.panels.conftest import Scene, make

Tell = Callable[..., Scene]
FREE = {"cancelled", "void", "failed", "superseded"}


def sits_in(other: Scene, expert: Expert, state: str) -> None:
    draw = Draw.objects.create(
        request=other.request,
        number=1,
        kind="first",
        state="done",
        salt="02",
        document={},
        committed_at=other.clock.now(),
        drawn_at=other.clock.now(),
    )
    draw.add_member(expert, state, specialty="geotechnics", order=1, confirmed_at=other.clock.now())


def elsewhere(scene: Scene) -> Scene:
    return make(scene.world, scene.clock, [("geotechnics", 5, False)], lineage="line-1")


def test_experts_of_cancelled_void_failed_and_superseded_reviews_are_free_again(qingdao: Tell) -> None:
    scene = qingdao()
    other, expert = elsewhere(scene), scene.world.experts[0]
    sits_in(other, expert, "confirmed")
    bound = set()
    for state in ReviewState:
        Case.objects.filter(pk=other.case_id).update(state=state.value)
        if pool.booked_elsewhere(scene.request).filter(expert=expert).exists():
            bound.add(state.value)
    assert bound == {state.value for state in ReviewState} - FREE


def test_only_who_is_asked_or_sits_is_bound(qingdao: Tell) -> None:
    scene = qingdao()
    other, expert = elsewhere(scene), scene.world.experts[0]
    sits_in(other, expert, "confirmed")
    bound = set()
    for state in Member.State.values:
        Member.objects.filter(expert=expert).update(state=state)
        if pool.booked_elsewhere(scene.request).filter(expert=expert).exists():
            bound.add(state)
    assert bound == {"invited", "consented", "confirmed"}


@pytest.mark.clause("NN-二(三)g/not pushed")
def test_only_who_sat_has_reviewed_the_plan_before(nanning: Tell) -> None:
    scene = nanning()
    other, expert = make(scene.world, scene.clock, [], lineage="line-1"), scene.world.experts[0]
    sits_in(other, expert, "confirmed")
    reviewed = set()
    for state in Member.State.values:
        Member.objects.filter(expert=expert).update(state=state)
        if expert.reference in pool.earlier_reviews(scene.request):
            reviewed.add(state)
    assert reviewed == {"confirmed"}
