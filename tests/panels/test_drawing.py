"""抽取: at random by the system, nobody by hand, with exclusions and a record that anyone can check."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from lunheng.experts.models import Interest
from lunheng.messaging.models import Message
from lunheng.organizations.models import Control
from lunheng.panels import queries
from lunheng.panels.models import Draw, Exclusion, Member, SisterDecision
from lunheng.verifiers import verify_draw
from tests.factories.chance import PROMISE
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]


def control(scene: Scene, upper: str, lower: str, kind: str = "ownership") -> None:
    Control.objects.create(
        superior=scene.world.unit(upper),
        subordinate=scene.world.unit(lower),
        kind=kind,
        recorded_at=scene.clock.now(),
    )


def grounds(scene: Scene) -> list[tuple[str, str]]:
    return list(Exclusion.objects.filter(draw__request__case_id=scene.case_id).values_list("ground", "path"))


def test_every_seat_is_drawn_and_each_drawn_expert_gets_one_message(qingdao: Tell) -> None:
    scene = qingdao()
    drawn = scene.draw()
    assert [(one.state, one.specialty) for one in drawn] == [("invited", "geotechnics")] * 5
    assert sorted(one.seat or 0 for one in drawn) == [1, 2, 3, 4, 5]
    keys = set(Message.objects.filter(template="panel.invitation").values_list("key", flat=True))
    assert keys == {f"invitation:{one.pk}" for one in drawn}
    assert (scene.case.state, scene.request.state) == ("confirming", "drawn")


def test_the_message_names_meeting_time_and_a_link(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    message = Message.objects.get(subject=member.subject)
    assert "虚构深基坑专项施工方案" in message.text
    assert "2026年12月4日（周五）09:00" in message.text
    assert message.link == f"/my/invitations/{member.pk}/"


def test_extras_are_drawn_at_random_like_the_others(qingdao: Tell) -> None:
    scene = qingdao([("geotechnics", 5, False), ("structure", 2, True)])
    drawn = scene.draw()
    assert sorted((one.specialty, one.is_extra) for one in drawn) == [
        *[("geotechnics", False)] * 5,
        *[("structure", True)] * 2,
    ]


def test_four_of_the_main_specialty_and_two_extras_are_refused(qingdao: Tell) -> None:
    scene = qingdao([("geotechnics", 4, False), ("structure", 2, True)])
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=PROMISE) == ["二（二）"]
    assert scene.members() == []


def test_an_even_total_is_drawn(qingdao: Tell) -> None:
    scene = qingdao([("geotechnics", 6, False)])
    assert len(scene.draw()) == 6


def test_a_second_draw_of_the_same_request_is_refused(qingdao: Tell) -> None:
    scene = qingdao()
    scene.draw()
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=PROMISE) == ["第四条"]
    assert Draw.objects.count() == 1


@pytest.mark.parametrize("seat", ["stranger", "supervisor", "owner", "station", "expert:0"])
def test_only_the_organizing_contractor_draws(qingdao: Tell, seat: str) -> None:
    scene = qingdao()
    assert scene.refused("commit_draw", seat, request_id=scene.request_id, commitment=PROMISE) == [
        "四（一）1"
    ]
    assert scene.members() == []


@pytest.mark.parametrize("seat", ["contractor", "station", "bureau"])
def test_nobody_is_added_by_hand_in_qingdao(qingdao: Tell, seat: str) -> None:
    scene = qingdao()
    reference = scene.world.experts[0].reference
    assert scene.refused("add_member", seat, case_id=scene.case_id, expert_reference=reference) == [
        "四（一）1"
    ]


def test_nobody_is_added_by_hand_in_nanning(nanning: Tell) -> None:
    scene = nanning()
    reference = scene.world.experts[0].reference
    assert scene.refused("add_member", case_id=scene.case_id, expert_reference=reference) == ["四（二）"]


def test_too_few_experts_draw_nobody_and_say_the_numbers(qingdao: Tell) -> None:
    scene = qingdao(experts=5)
    words = scene.refusal("commit_draw", request_id=scene.request_id, commitment=PROMISE)
    assert "「岩土工程」需要5个席位，符合条件的专家4人，来自4家单位，最多坐满4席，差1席" in words
    assert (scene.members(), Draw.objects.count(), scene.request.state) == ([], 0, "open")


def test_staff_of_a_party_is_never_drawn_and_the_reason_is_kept(qingdao: Tell) -> None:
    scene = qingdao(experts=8)
    for name in ("monitor", "designer"):
        scene.world.add_expert(unit=name)
    scene.draw()
    units = {scene.world.unit(name).name for name in ("monitor", "designer")}
    assert set(grounds(scene)) == {("party", unit) for unit in units}
    clauses = set(Exclusion.objects.values_list("clause", flat=True))
    assert {clause.rpartition("》")[2] for clause in clauses} == {"二（四）"}


def test_a_subsidiary_of_any_depth_and_a_directing_body_are_excluded_with_their_path(qingdao: Tell) -> None:
    scene = qingdao(experts=8)
    control(scene, "contractor", "daughter")
    control(scene, "daughter", "granddaughter")
    control(scene, "ministry", "owner", "administration")
    scene.world.add_expert(unit="granddaughter")
    scene.world.add_expert(unit="ministry")
    scene.draw()
    names = [scene.world.unit(name).name for name in ("granddaughter", "daughter", "contractor")]
    above = [scene.world.unit(name).name for name in ("ministry", "owner")]
    assert sorted(grounds(scene)) == sorted(
        [("relation", " → ".join(names)), ("relation", " → ".join(above))]
    )


def test_a_recorded_interest_excludes(qingdao: Tell) -> None:
    scene = qingdao(experts=8)
    expert = scene.world.add_expert()
    Interest.objects.create(
        expert=expert,
        organization=scene.world.unit("owner"),
        ground="配偶任职",
        recorded_at=scene.clock.now(),
    )
    scene.draw()
    assert grounds(scene) == [("interest", f"{scene.world.unit('owner').name}：配偶任职")]


def test_suspended_and_expired_experts_are_not_drawn(qingdao: Tell) -> None:
    scene = qingdao(experts=8)
    scene.world.add_expert(state="suspended")
    scene.world.add_expert(ends_on=scene.clock.now().date())
    scene.draw()
    assert [ground for ground, _ in grounds(scene)] == ["not_serving", "not_serving"]


def test_an_expert_without_the_specialty_is_never_drawn(qingdao: Tell) -> None:
    scene = qingdao([("monitoring", 5, False)], experts=25)
    drawn = scene.draw()
    held = [{one.specialty for one in member.expert.specialties.all()} for member in drawn]
    assert ["monitoring" in words for words in held] == [True] * 5


def sister(scene: Scene) -> SisterDecision:
    control(scene, "holding", "contractor")
    control(scene, "holding", "sister")
    scene.world.add_expert(unit="sister")
    scene.draw()
    return SisterDecision.objects.get(case_id=scene.case_id)


def test_a_sister_company_waits_for_the_station_and_is_excluded_until_then(qingdao: Tell) -> None:
    scene = qingdao(experts=8)
    decision = sister(scene)
    assert decision.may_sit is None
    names = [scene.world.unit(name).name for name in ("sister", "holding", "contractor")]
    assert grounds(scene) == [("sister", " → ".join(names))]


def test_only_the_supervising_office_decides_on_a_sister_and_only_with_a_reason(qingdao: Tell) -> None:
    scene = qingdao(experts=8)
    decision = sister(scene)
    body = {"decision_id": decision.pk, "may_sit": True}
    assert scene.refused("decide_sister", "contractor", **body, reason="无关联") == ["四（二）1"]
    assert scene.refused("decide_sister", "station", **body, reason=" ") == ["二（四）"]
    scene.act("decide_sister", "station", **body, reason="经营、人事独立")
    decision.refresh_from_db()
    assert (decision.may_sit, decision.reason) == (True, "经营、人事独立")


def test_an_admitted_sister_fills_a_seat_that_could_not_be_refilled(qingdao: Tell) -> None:
    scene = qingdao(experts=6)  # five of geotechnics, and the sister
    decision = sister(scene)
    scene.deliver()
    first = scene.members("invited")[0]
    scene.act("decline_seat", scene.seat(first), member_id=first.pk, reason="出差")
    scene.sweep()
    assert len(scene.members("invited")) == 4
    scene.act("decide_sister", "station", decision_id=decision.pk, may_sit=True, reason="经营、人事独立")
    scene.sweep()
    assert [one.expert.unit for one in scene.members("invited") if one.replaces_id == first.pk] == [
        scene.world.unit("sister")
    ]


def test_the_draw_can_be_recomputed_from_its_record(qingdao: Tell) -> None:
    scene = qingdao()
    scene.draw()
    document = queries.transcript_of(Draw.objects.get())
    assert verify_draw.verify(document) == []
    assert document["result"] == Draw.objects.get().document["result"]


def test_the_public_record_holds_no_name_reference_or_telephone(qingdao: Tell) -> None:
    scene = qingdao()
    drawn = scene.draw()
    text = str(queries.transcript(scene.request))
    hits = [
        word
        for one in drawn
        for word in (one.expert.name, one.expert.reference, one.expert.phone)
        if word in text
    ]
    assert hits == []


def test_every_round_has_its_own_pseudonyms(qingdao: Tell) -> None:
    scene = qingdao()
    drawn = scene.draw()
    scene.act("decline_seat", scene.seat(drawn[0]), member_id=drawn[0].pk, reason="出差")
    scene.sweep()
    first, second = Draw.objects.order_by("number")
    names = [{row[0] for row in draw.document["snapshot"]} for draw in (first, second)]
    assert names[0] & names[1] == set()


def test_two_experts_cannot_hold_one_seat(qingdao: Tell) -> None:
    scene = qingdao()
    one, other = scene.draw()[:2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=other.pk).update(seat=one.seat)


def test_an_expert_cannot_be_seated_twice_in_a_request(qingdao: Tell) -> None:
    scene = qingdao()
    one, other = scene.draw()[:2]
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=other.pk).update(expert=one.expert)


def test_the_depth_of_the_pool_is_told_before_the_draw(qingdao: Tell) -> None:
    scene = qingdao(experts=10)  # eight of geotechnics
    found = queries.depth(scene.request, scene.clock.now())
    assert [(one.specialty, one.needed, one.eligible, one.headroom) for one in found] == [
        ("geotechnics", 5, 8, 3)
    ]


def test_a_withdrawn_message_is_not_sent_after_a_decline(qingdao: Tell) -> None:
    scene = qingdao()
    one = scene.draw()[0]
    scene.act("decline_seat", scene.seat(one), member_id=one.pk, reason="出差")
    assert Message.objects.get(key=f"invitation:{one.pk}").state == "stopped"
    assert scene.clock.now() + timedelta(0) == scene.member(one).left_at
