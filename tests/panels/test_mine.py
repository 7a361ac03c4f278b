"""我的抽取: each expert opens his own leaf and no other, and learns the project only when it may be known."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from fractions import Fraction

import pytest

from lunheng.cases.models import Case
from lunheng.core import draw as lottery
from lunheng.experts.models import Expert
from lunheng.panels.models import Draw, Member
from lunheng.panels.queries import mine
from lunheng.panels.queries.mine import OwnDraw
from tests.factories.chance import PROMISE
from tests.panels.conftest import Scene, make

Tell = Callable[..., Scene]
NEEDS = [("geotechnics", 5, False)]


def own(expert: Expert) -> list[OwnDraw]:
    return mine.own_draws(expert, mine.draws_for(expert))


def of(scene: Scene, *, drawn: bool) -> Expert:
    """Some expert of geotechnics who was drawn, or was not."""
    holders = {one.pk for one in scene.world.experts if one.specialties.filter(specialty="geotechnics")}
    seated = set(Member.objects.filter(case_id=scene.case_id).values_list("expert_id", flat=True))
    wanted = holders & seated if drawn else holders - seated
    return next(one for one in scene.world.experts if one.pk in wanted)


def text(scene: Scene, expert: Expert) -> str:
    number = [one.pk for one in scene.world.experts].index(expert.pk)
    response = scene.world.client(f"expert:{number}").get("/my/draws/")
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.parametrize(
    "needs", [[("geotechnics", 5, False)], [("geotechnics", 5, False), ("structure", 2, True)]]
)
def test_the_chance_read_from_the_plan_is_the_chance_of_the_lottery(
    qingdao: Tell, needs: list[tuple[str, int, bool]]
) -> None:
    scene = qingdao(needs)
    for unit in ("one", "one", "one", "two", "two"):
        scene.world.add_expert(unit=unit, specialties=("structure", "geotechnics"))
    scene.draw()
    document = Draw.objects.get().document
    exact = lottery.resumed(document).probabilities
    assert {name: mine.chance_of(document, name) for name, *_ in document["snapshot"]} == dict(exact)


def test_the_secret_opens_the_own_leaf(qingdao: Tell) -> None:
    scene = qingdao()
    scene.draw()
    expert = of(scene, drawn=False)
    (row,) = own(expert)
    leaf = lottery.digest("expert", bytes.fromhex(row.opening), expert.reference.encode()).hex()[:32]
    assert (leaf, leaf in [name for name, *_ in row.draw.document["snapshot"]]) == (row.person, True)


def test_the_secret_opens_nobody_elses_leaf(qingdao: Tell) -> None:
    scene = qingdao()
    scene.draw()
    expert = of(scene, drawn=False)
    (row,) = own(expert)
    others = [one.reference for one in scene.world.experts if one.pk != expert.pk]
    tried = {
        lottery.digest("expert", bytes.fromhex(row.opening), other.encode()).hex()[:32] for other in others
    }
    assert tried & {name for name, *_ in row.draw.document["snapshot"]} == set()


def test_whoever_was_not_drawn_sees_the_chance_and_not_which_review(qingdao: Tell) -> None:
    scene = qingdao(experts=20)
    scene.draw()
    expert = of(scene, drawn=False)
    (row,) = own(expert)
    assert (row.outcome, row.chance.chance if row.chance else None) == (("wait", "未抽中"), Fraction(5, 16))
    shown = text(scene, expert)
    assert ("31.3%" in shown, "5/16" in shown, row.person in shown) == (True, True, True)
    assert [word for word in (scene.case.reference, scene.case.title, row.draw.salt) if word in shown] == []


def test_after_the_review_the_draw_is_named(qingdao: Tell) -> None:
    scene = qingdao()
    scene.draw()
    Case.objects.filter(pk=scene.case_id).update(state="passed")
    assert f"/draws/{scene.case.reference}/1/1/" in text(scene, of(scene, drawn=False))


def test_whoever_was_drawn_knows_which_review_it_is(qingdao: Tell) -> None:
    scene = qingdao()
    scene.draw()
    expert = of(scene, drawn=True)
    (row,) = own(expert)
    assert (row.outcome, scene.case.reference in text(scene, expert)) == (("good", "抽中"), True)


def test_the_excluded_learn_the_ground_and_the_path_only_after_the_review(qingdao: Tell) -> None:
    scene = qingdao()
    insider = scene.world.add_expert(unit="owner")
    scene.draw()
    (row,) = own(insider)
    assert (row.exclusion, row.path, row.chance) == ("参建单位人员", "", None)
    Case.objects.filter(pk=scene.case_id).update(state="passed")
    assert own(insider)[0].path != ""


def test_a_draw_that_waits_is_not_shown(qingdao: Tell) -> None:
    scene = qingdao()
    scene.act("commit_draw", request_id=scene.request_id, commitment=PROMISE)
    assert own(scene.world.experts[0]) == []


def test_in_a_redraw_those_who_sit_are_told_that_they_stay(qingdao: Tell) -> None:
    scene = qingdao()
    lost, kept = scene.draw()[:2]
    scene.act("decline_seat", scene.seat(lost), member_id=lost.pk, reason="出差")
    scene.sweep()
    latest, _ = own(kept.expert)
    assert latest.outcome == ("good", "已在名单中")


def test_a_pushed_expert_is_not_told_the_review_before_being_picked(nanning: Tell) -> None:
    scene = nanning()
    pushed = scene.push()[0]
    (row,) = own(pushed.expert)
    assert (row.is_drawn, row.is_named) == (True, False)


def test_the_page_asks_as_many_questions_at_one_draw_as_at_thirty(
    qingdao: Tell, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    scene = qingdao()
    scene.draw()
    seat = scene.world.client("expert:0")
    seat.get("/my/draws/")
    with django_assert_num_queries(12):
        seat.get("/my/draws/")
    for number in range(29):
        later = scene.clock.now() + timedelta(days=20 + number)
        make(scene.world, scene.clock, NEEDS, lineage=f"line-{number + 2}", meeting_at=later).draw()
    with django_assert_num_queries(12):
        seat.get("/my/draws/")
