"""抽取前: everybody sees how deep the pool is and what chance there is, in counts; an impossible request says why."""

import json
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lunheng.core import draw
from lunheng.core.policy import ResolvedPack
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import packs
from lunheng.panels.queries import outlook, pool, rounds
from lunheng.panels.queries.outlook import Notice, Outlook, UnitRow, outlook_of, shortage_words
from tests.factories.world import EVERY_CITY, build
from tests.panels.conftest import Scene, make
from tests.panels.test_pages import page

Tell = Callable[..., Scene]


def look(scene: Scene) -> Outlook:
    return outlook_of(scene.request, scene.clock.now())


def questions(scene: Scene) -> int:
    """How often the page asks the database."""
    with CaptureQueriesContext(connection) as asked:
        page(scene, "contractor")
    return len(asked)


def rows(found: Outlook) -> list[tuple[str, int, Fraction]]:
    return [(row.label, row.people, row.chance) for row in found.chances]


@pytest.fixture
def apart(db: None, clock: FixedClock) -> Callable[..., Scene]:
    """A city that draws every seat and wants different units; nobody is in the pool yet."""

    def tell(needs: list[tuple[str, int, bool]]) -> Scene:
        return make(build("nanning", experts=0), clock, needs, mode="direct")

    return tell


def test_everybody_has_the_same_chance_where_nothing_binds(qingdao: Tell) -> None:
    found = look(qingdao())
    assert [(one.label, one.needed, one.eligible, one.headroom) for one in found.depth] == [
        ("岩土工程", 5, 16, 11)
    ]
    assert rows(found) == [("岩土工程", 16, Fraction(5, 16))]
    assert found.notices == (Notice("good", "每名符合条件的专家都有机会，没有人的机会超过50%。"),)
    assert found.shortage is None


def test_a_seat_for_which_there_is_one_expert_is_not_random(qingdao: Tell) -> None:
    scene = qingdao([("geotechnics", 5, False), ("rail", 1, True)])
    scene.world.add_expert(specialties=("rail",))
    found = look(scene)
    assert rows(found) == [("轨道交通工程", 1, Fraction(1)), ("岩土工程", 16, Fraction(5, 16))]
    assert found.notices == (
        Notice("late", "1名专家必定抽中：该席位没有随机性。请核对专业和人数是否只为少数人而设。"),
    )
    text = page(scene, "contractor")
    assert ("该席位没有随机性" in text, "100%" in text, "5/16" in text) == (True, True, True)


def test_colleagues_of_an_indispensable_expert_have_no_chance(apart: Tell) -> None:
    scene = apart([("geotechnics", 4, False), ("rail", 1, True)])
    scene.world.add_expert(unit="one", specialties=("rail",))
    for unit in ("one", "one", *[f"other-{number}" for number in range(6)]):
        scene.world.add_expert(unit=unit)
    found = look(scene)
    assert rows(found) == [
        ("轨道交通工程", 1, Fraction(1)),
        ("岩土工程", 6, Fraction(2, 3)),
        ("岩土工程", 2, Fraction(0)),
    ]
    assert [(one.meaning, one.text) for one in found.notices] == [
        ("late", "1名专家必定抽中：该席位没有随机性。请核对专业和人数是否只为少数人而设。"),
        ("soon", "6名专家抽中的机会超过50%。"),
        (
            "soon",
            "2名专家符合条件但不可能抽中：同一单位至多1人，而本单位的一名同事不可缺少，没有同事就坐不满其他席位。",
        ),
    ]


def test_far_experts_have_no_chance_where_the_near_ones_fill_every_seat(qingdao: Tell) -> None:
    scene = qingdao(experts=0)
    for number in range(20):
        expert = scene.world.add_expert()
        if number >= 12:
            expert.unit.division = scene.world.district
            expert.unit.save()
    prefer_near(scene)
    found = look(scene)
    assert rows(found) == [("岩土工程", 12, Fraction(5, 12)), ("岩土工程", 8, Fraction(0))]
    assert found.notices == (
        Notice("soon", "8名专家符合条件但不可能抽中：先从就近地域抽取，就近的专家已能坐满全部席位。"),
    )


def prefer_near(scene: Scene) -> None:
    """The platform's pack as an authority would set it to draw from its own city first."""
    case = scene.case
    assert case.pack is not None
    layers = json.loads(bytes(case.pack.content))
    rule = next(layer["platform.toml"]["draw"]["lottery"] for layer in layers if "platform.toml" in layer)
    rule["home_first"] = True
    resolved = ResolvedPack.from_bytes(json.dumps(layers).encode())
    case.pack = packs.record(resolved, at=scene.clock.now() - timedelta(days=1))
    case.save()


def test_a_pool_of_exactly_the_seats_leaves_nothing_to_chance(qingdao: Tell) -> None:
    scene = qingdao(experts=0)
    for _ in range(5):
        scene.world.add_expert()
    assert look(scene).notices == (Notice("late", "全部没有随机性：能抽中的5名专家必定抽中。"),)


def test_too_many_seats_are_explained_with_the_change_that_helps(qingdao: Tell) -> None:
    scene = qingdao([("geotechnics", 7, False)], experts=0)
    for _ in range(6):
        scene.world.add_expert()
    shortage = look(scene).shortage
    assert shortage is not None
    assert shortage.headline == (
        "「岩土工程」需要7个席位，符合条件的专家6人，来自6家单位，最多坐满6席，差1席。"
    )
    assert shortage.fixes == (
        "「岩土工程」由7名减为6名",
        "由专家库管理部门增聘「岩土工程」专家1名，来自其他单位",
    )
    assert shortage.units[0] == UnitRow("虚构青岛市expert-unit-0有限公司", 1, 1)
    assert shortage.demands == ("专业「岩土工程」至少 7 席",)
    assert shortage.limits == ("不受单位上限影响的合格专家 6 人",)


def test_a_panel_that_may_not_be_smaller_can_exchange_a_specialty(qingdao: Tell) -> None:
    scene = qingdao(experts=0)
    for specialty in ("geotechnics", "geotechnics", "geotechnics", "geotechnics", "foundation"):
        scene.world.add_expert(specialties=(specialty,))
    shortage = look(scene).shortage
    assert shortage is not None
    assert shortage.fixes == (
        "「岩土工程」中1名改选「桩基与地基处理」",
        "由专家库管理部门增聘「岩土工程」专家1名，来自其他单位",
    )


def test_units_that_may_send_one_each_are_the_reason(apart: Tell) -> None:
    scene = apart([("geotechnics", 5, False)])
    for number in range(12):
        scene.world.add_expert(unit=f"one-of-{number % 4}")
    shortage = look(scene).shortage
    assert shortage is not None
    assert shortage.headline == (
        "「岩土工程」需要5个席位，符合条件的专家12人，来自4家单位，最多坐满4席，差1席。"
    )
    assert shortage.limits == ("其中 4 家单位受“同一单位至多 1 人”限制",)
    assert [(one.experts, one.usable) for one in shortage.units] == [(3, 1)] * 4


def test_every_change_that_is_proposed_makes_the_draw_possible(qingdao: Tell) -> None:
    """What the page says is then done, and the page has nothing to complain of."""
    scene = qingdao([("geotechnics", 6, False)], experts=0)
    for specialty in ("geotechnics",) * 5 + ("foundation",):
        scene.world.add_expert(specialties=(specialty,))
    shortage = look(scene).shortage
    assert shortage is not None
    assert [one[:14] for one in shortage.fixes] == [
        "「岩土工程」由6名减为5名",
        "「岩土工程」中1名改选「桩基",
        "由专家库管理部门增聘「岩土工",
    ]
    need = scene.request.needs.get()
    need.count = 5
    need.save()
    assert look(scene).shortage is None
    scene.request.needs.create(specialty="foundation", count=1, is_extra=False)
    assert look(scene).shortage is None


def test_the_refusal_speaks_of_the_same(qingdao: Tell) -> None:
    scene = qingdao([("geotechnics", 7, False)], experts=0)
    for _ in range(6):
        scene.world.add_expert()
    request = scene.request
    people, rules, _ = rounds.conditions(
        request,
        b"another salt",
        pool.sifted(request, ("geotechnics",), scene.clock.now()),
        {"geotechnics": 7},
    )
    proof = draw.certificate(people, rules)
    assert proof is not None
    assert shortage_words(request, proof) == (
        "「岩土工程」需要7个席位，符合条件的专家6人，来自6家单位，最多坐满6席，差1席；没有抽取任何专家",
        "以下任一调整后即可抽取：「岩土工程」由7名减为6名",
        "需要7席，可坐6席",
    )


def test_a_pushed_list_gives_the_chance_of_standing_in_it(nanning: Tell) -> None:
    found = look(nanning(experts=25))
    assert sum(row.people for row in found.chances) == found.eligible
    assert sum(row.people * row.chance for row in found.chances) == 10
    assert found.shortage is None
    assert all(row.needed is None for row in found.depth)


def test_fewer_than_ten_stand_in_the_list_for_certain(nanning: Tell) -> None:
    found = look(nanning(experts=8))
    assert {row.chance for row in found.chances} == {Fraction(1)}
    assert [one.text for one in found.notices] == [
        f"全部没有随机性：能列入名单的{found.eligible}名专家必定列入名单。"
    ]


def test_a_list_that_is_filled_up_still_gives_the_chances_of_what_happens(nanning: Tell) -> None:
    """Twelve experts of eight units: eight places are for different units, two more are filled from the rest."""
    scene = nanning(experts=0)
    for number in range(12):
        scene.world.add_expert(
            unit=f"one-of-{number % 8}",
            specialties=("geotechnics", "monitoring")[number % 2 : number % 2 + 1],
        )
    found = look(scene)
    assert sum(row.people * row.chance for row in found.chances) == 10


def test_a_pool_that_holds_no_lawful_group_says_so_before_the_push(nanning: Tell) -> None:
    scene = nanning(experts=0)
    for number in range(9):
        scene.world.add_expert(unit=f"one-of-{number % 3}", specialties=("geotechnics", "monitoring"))
    shortage = look(scene).shortage
    assert shortage is not None
    assert shortage.headline.endswith("符合条件的专家9人，来自3家单位，最多坐满3席，差2席。")
    assert shortage.fixes == ("由专家库管理部门增聘对应专业的专家2名，来自其他单位",)
    text = page(scene, "contractor")
    assert ("现有专家组不成合法的专家组" in text, "随机推送专家" in text) == (True, True)


def test_an_empty_pool_says_so(nanning: Tell) -> None:
    shortage = look(nanning(experts=0)).shortage
    assert shortage is not None
    assert "符合条件的专家0人" in shortage.headline


@pytest.mark.parametrize("city", EVERY_CITY)
def test_nobody_is_named(city: str, request: pytest.FixtureRequest) -> None:
    scene = request.getfixturevalue(city)()
    text = page(scene, "contractor")
    assert "每名专家的机会" in text
    assert [one.name for one in scene.world.experts if one.name in text] == []
    assert [one.reference for one in scene.world.experts if one.reference in text] == []


def test_the_pseudonyms_of_these_questions_are_none_of_the_draw(qingdao: Tell) -> None:
    scene = qingdao()
    scene.draw()
    asked = {rounds.pseudonym(outlook.SALT, "expert", one.reference) for one in scene.world.experts}
    drawn = {row[0] for row in scene.request.draws.get().document["snapshot"]}
    assert len(drawn) == 16
    assert asked & drawn == set()


@pytest.mark.parametrize("city", EVERY_CITY)
def test_a_larger_pool_costs_no_further_question(city: str, request: pytest.FixtureRequest) -> None:
    scene = request.getfixturevalue(city)()
    questions(scene)
    before = questions(scene)
    for _ in range(40):
        scene.world.add_expert()
    assert questions(scene) == before


@pytest.mark.parametrize(
    ("chance", "percent"),
    [
        (Fraction(0), "0%"),
        (Fraction(1), "100%"),
        (Fraction(1, 5000), "0.1%"),
        (Fraction(5, 17), "29.4%"),
        (Fraction(5, 16), "31.3%"),
        (Fraction(4999, 5000), "99.9%"),
    ],
)
def test_a_percentage_never_looks_like_certainty_unless_it_is(chance: Fraction, percent: str) -> None:
    assert outlook.ChanceRow("岩土工程", 1, chance).percent == percent
