"""What a pack may set of the computation: SM3 in place of SHA-256, the experts of near territories first."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from lunheng.core.actor import Actor
from lunheng.core.draw import nonce_commitment
from lunheng.core.policy import ResolvedPack
from lunheng.jurisdictions import packs
from lunheng.panels import queries
from lunheng.panels.models import Draw
from lunheng.pools.actions import anchor_chains
from lunheng.verifiers import verify_draw
from tests.factories.chance import VALUE
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]


def with_lottery(scene: Scene, **values: Any) -> None:
    """The city's pack as it would be with a rule of its own on the computation; its chains are published anew."""
    case = scene.case
    assert case.pack is not None
    layers = json.loads(bytes(case.pack.content))
    rule = {"clause": "二（三）", "title": "抽取的计算方法", "hash": "sha256", "home_first": False}
    layers[0]["draws.toml"]["draw"]["lottery"] = rule | values
    resolved = ResolvedPack.from_bytes(json.dumps(layers).encode())
    case.pack = packs.record(resolved, at=scene.clock.now() - timedelta(days=1))
    case.save()
    anchor_chains(pool_id=scene.world.pool.pk, actor=Actor.system(), at=scene.clock.now())


def test_a_city_draws_with_sm3(qingdao: Tell) -> None:
    scene = qingdao()
    with_lottery(scene, hash="sm3")
    promise = nonce_commitment(VALUE, "sm3")
    draw = scene.act("commit_draw", request_id=scene.request_id, commitment=promise)
    scene.act("reveal_draw", draw_id=draw.pk, party="applicant", value=VALUE.hex())
    document = Draw.objects.get().document
    assert (document["rules"]["hash"], verify_draw.verify(document)) == ("sm3", [])
    assert verify_draw.verify(queries.transcript(scene.request)) == []


def test_a_promise_by_another_hash_is_not_kept(qingdao: Tell) -> None:
    scene = qingdao()
    with_lottery(scene, hash="sm3")
    draw = scene.act("commit_draw", request_id=scene.request_id, commitment=nonce_commitment(VALUE))
    refused = scene.refused("reveal_draw", draw_id=draw.pk, party="applicant", value=VALUE.hex())
    assert (refused, scene.members()) == (["第九条"], [])


def drawn_territories(scene: Scene, near: int, nearest: int) -> list[str]:
    """So many experts live in the city itself and in the next one; where the drawn ones live."""
    home, neighbor = scene.case.division_id, scene.world.district.code
    for index, expert in enumerate(scene.world.experts):
        unit = expert.unit
        inside = (
            home if index < near else neighbor if index < near + nearest else scene.world.other_district.code
        )
        type(unit).objects.filter(pk=unit.pk).update(division_id=inside)
    with_lottery(scene, home_first=True, nearest={home: [neighbor]})
    scene.draw()
    return sorted(member.expert.unit.division_id for member in scene.members("invited"))


def test_the_own_city_is_exhausted_before_the_next_one_and_that_before_all_others(qingdao: Tell) -> None:
    scene = qingdao(experts=20)
    everybody = [one.pk for one in scene.world.experts]
    where = drawn_territories(scene, near=2, nearest=2)
    fitting = [
        one for one in scene.world.experts[:4] if one.specialties.filter(specialty="geotechnics").exists()
    ]
    home = [scene.case.division_id] * sum(everybody.index(one.pk) < 2 for one in fitting)
    near = [scene.world.district.code] * (len(fitting) - len(home))
    far = [scene.world.other_district.code] * (5 - len(fitting))
    assert where == sorted([*home, *near, *far])
    assert verify_draw.verify(Draw.objects.get().document) == []


def test_a_city_that_can_fill_every_seat_leaves_others_no_chance(qingdao: Tell) -> None:
    scene = qingdao(experts=20)
    assert set(drawn_territories(scene, near=15, nearest=5)) == {scene.case.division_id}
