"""推送、选取、联系: ten at random whose tags fit, five or more picked, contacts after the pick."""

from collections.abc import Callable
from typing import Any

import pytest

from lunheng.cases.models import Participant
from lunheng.messaging.models import Message
from lunheng.panels import permissions, queries
from lunheng.panels.models import Draw, Member
from lunheng.verifiers import verify_draw
from tests.factories.chance import PROMISE
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]


def pick(scene: Scene, members: list[Member]) -> None:
    scene.act("pick_candidates", request_id=scene.request_id, member_ids=[one.pk for one in members])


def refuse_all(scene: Scene, members: list[Member]) -> None:
    for one in members:
        scene.act("record_contact", member_id=one.pk, outcome="refusal", reason="出差")


def test_exactly_ten_are_pushed_in_a_recorded_order(nanning: Tell) -> None:
    scene = nanning()
    pushed = scene.push()
    assert [one.order for one in pushed] == list(range(1, 11))
    assert Draw.objects.get().shortage == {}
    assert [row[0] for row in Draw.objects.get().result] == [queries.person_of(one) for one in pushed]


def test_the_ten_hold_a_lawful_group(nanning: Tell) -> None:
    scene = nanning()
    pushed = scene.push()
    assert len({one.expert.unit_id for one in pushed}) == 10
    assert len({tuple(one.fitting_tags) for one in pushed}) > 1


def test_seven_eligible_are_all_pushed_with_a_note(nanning: Tell) -> None:
    scene = nanning(experts=7)
    assert len(scene.push()) == 7
    shortage = Draw.objects.get().shortage
    assert (shortage["eligible"], shortage["notes"]) == (7, ["符合条件的专家7人，不足10人，已全部推送"])


def test_colleagues_fill_the_list_only_when_units_run_out(nanning: Tell) -> None:
    scene = nanning(experts=6)
    for _ in range(6):
        scene.world.add_expert(unit="one-house")
    pushed = scene.push()
    assert len(pushed) == 10
    assert len({one.expert.unit_id for one in pushed}) == 7


@pytest.mark.clause("NN-二(三)c/shortage")
def test_a_pool_without_a_lawful_group_says_so(nanning: Tell) -> None:
    scene = nanning(experts=3)
    for _ in range(8):
        scene.world.add_expert(unit="one-house")
    scene.push()
    assert Draw.objects.get().shortage["notes"] == ["符合条件的专家不能组成5人、不同单位、不同专业的专家组"]


def test_only_experts_whose_tags_fit_are_pushed_and_the_tags_are_shown(nanning: Tell) -> None:
    scene = nanning(experts=8)
    misfit = [scene.world.add_expert(specialties=("curtain_wall",)) for _ in range(6)]
    pushed = scene.push()
    assert {one.expert_id for one in pushed} & {one.pk for one in misfit} == set()
    for one in pushed:
        held = {row.specialty for row in one.expert.specialties.all()}
        assert set(one.fitting_tags) == held
        assert one.specialty in one.fitting_tags


def test_staff_of_a_party_is_not_pushed(nanning: Tell) -> None:
    scene = nanning(experts=7)
    for name in ("monitor", "designer", "supervisor"):
        scene.world.add_expert(unit=name)
    assert len(scene.push()) == 7
    grounds = Draw.objects.get().exclusions.values_list("ground", "clause")
    assert (
        sorted((ground, clause.rpartition("》")[2]) for ground, clause in grounds)
        == [("party", "二（三）")] * 3
    )


def test_a_push_can_be_recomputed(nanning: Tell) -> None:
    scene = nanning()
    scene.push()
    assert verify_draw.verify(queries.transcript_of(Draw.objects.get())) == []


def test_in_nanning_chance_lists_and_invites_nobody(nanning: Tell) -> None:
    scene = nanning()
    scene.chance("commit_draw")
    assert {one.state for one in scene.members()} == {"pushed"}


def test_in_qingdao_chance_seats_and_lists_nobody(qingdao: Tell) -> None:
    scene = qingdao()
    scene.chance("commit_draw")
    assert {one.state for one in scene.members()} == {"invited"}


def test_four_picks_are_refused_and_five_are_kept_with_time(nanning: Tell) -> None:
    scene = nanning()
    pushed = scene.push()
    body: dict[str, Any] = {"request_id": scene.request_id, "member_ids": [one.pk for one in pushed[:4]]}
    assert scene.refused("pick_candidates", **body) == ["二（二）"]
    pick(scene, pushed[:5])
    assert [(one.state, one.picked_at, one.skipped_at) for one in scene.members()] == [
        *[("picked", scene.clock.now(), None)] * 5,
        *[("skipped", None, scene.clock.now())] * 5,
    ]


def test_somebody_who_was_not_pushed_cannot_be_picked(nanning: Tell) -> None:
    scene = nanning()
    pushed = scene.push()
    body: dict[str, Any] = {
        "request_id": scene.request_id,
        "member_ids": [*[one.pk for one in pushed[:5]], 999_999],
    }
    assert scene.refused("pick_candidates", **body) == ["二（二）"]


def test_a_skipped_expert_can_be_picked_later(nanning: Tell) -> None:
    scene = nanning()
    pushed = scene.push()
    pick(scene, pushed[:5])
    pick(scene, pushed[5:6])
    assert scene.member(pushed[5]).state == "picked"


def test_only_the_client_or_its_agency_picks(nanning: Tell) -> None:
    scene = nanning()
    pushed = scene.push()
    body: dict[str, Any] = {"request_id": scene.request_id, "member_ids": [one.pk for one in pushed[:5]]}
    for seat in ("stranger", "agency", "owner", "station"):
        assert scene.refused("pick_candidates", seat, **body) == ["二（一）"]
    assert len(scene.members("pushed")) == 10


def test_a_missing_confirmation_of_the_risk_warns_and_refuses_nothing(nanning: Tell) -> None:
    scene = nanning(is_risk_confirmed=False)
    pick(scene, scene.push()[:5])
    assert [one["message"] for one in scene.request.warnings] == [
        "尚未确认所选专业和人数与工程风险等级（重大风险）相对应"
    ]
    assert len(scene.members("picked")) == 5


def test_confirming_the_risk_at_the_choice_is_recorded_without_a_warning(nanning: Tell) -> None:
    scene = nanning(is_risk_confirmed=False)
    pushed = scene.push()
    scene.act(
        "pick_candidates",
        request_id=scene.request_id,
        member_ids=[one.pk for one in pushed[:5]],
        is_risk_confirmed=True,
    )
    assert (scene.request.is_risk_confirmed, scene.request.warnings) == (True, [])


def test_contacts_appear_after_the_pick_and_only_to_client_agency_and_manager(nanning: Tell) -> None:
    scene = nanning()
    pushed = scene.push()
    client, manager, stranger = (scene.world.actor(name) for name in ("contractor", "station", "stranger"))

    def may_see(actor: object, member: Member) -> tuple[bool, str]:
        verdict = permissions.may_see_contacts(actor, scene.member(member))  # type: ignore[arg-type]
        return verdict.is_allowed, verdict.reasons[0].clause.number

    assert may_see(client, pushed[0]) == (False, "二（二）")
    pick(scene, pushed[:5])
    assert may_see(client, pushed[0]) == (True, "二（二）")
    assert may_see(client, pushed[5]) == (False, "二（二）")
    assert may_see(manager, pushed[0]) == (True, "二（二）")
    assert may_see(stranger, pushed[0]) == (False, "二（二）")
    assert may_see(scene.world.actor("owner"), pushed[0]) == (False, "二（二）")


def test_contacts_are_not_shown_in_qingdao(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    verdict = permissions.may_see_contacts(scene.world.actor("contractor"), member)
    assert verdict.is_allowed is False


def test_the_order_of_contact_and_the_answers_are_entered(nanning: Tell) -> None:
    scene = nanning()
    pushed = scene.push()
    pick(scene, pushed[:5])
    scene.act("record_contact", member_id=pushed[2].pk, outcome="consent")
    scene.act("record_contact", member_id=pushed[0].pk, outcome="refusal", reason="当天有课")
    kept = [scene.member(pushed[index]) for index in (2, 0)]
    assert [(one.contact_order, one.state, one.ground) for one in kept] == [
        (1, "consented", ""),
        (2, "declined", "当天有课"),
    ]


def test_a_refusal_needs_its_reason_and_an_unpicked_expert_is_not_contacted(nanning: Tell) -> None:
    scene = nanning()
    pushed = scene.push()
    pick(scene, pushed[:5])
    assert scene.refused("record_contact", member_id=pushed[0].pk, outcome="refusal") == ["二（二）"]
    assert scene.refused("record_contact", member_id=pushed[6].pk, outcome="consent") == ["第四条"]


def test_the_expert_is_told_of_a_recorded_consent_and_can_deny_it(nanning: Tell) -> None:
    scene = nanning()
    one = scene.agreed()[0]
    message = Message.objects.get(subject=one.subject, template="panel.consent_recorded")
    assert "如非本人意愿，请登录否认" in message.text
    scene.act("answer_contact", scene.seat(one), member_id=one.pk, agrees=False)
    denied = scene.member(one)
    assert (denied.state, denied.consent_disputed_at) == ("declined", scene.clock.now())


def test_only_the_expert_answers_for_the_expert(nanning: Tell) -> None:
    scene = nanning()
    one, other = scene.agreed()[:2]
    for seat in ("contractor", scene.seat(other)):
        assert scene.refused("answer_contact", seat, member_id=one.pk, agrees=True) == ["五（四）"]


def test_a_contacted_expert_recuses_and_it_is_no_refusal(nanning: Tell) -> None:
    scene = nanning()
    one = scene.agreed()[0]
    scene.act("recuse_member", scene.seat(one), member_id=one.pk, ground="曾参与编制本方案")
    assert scene.member(one).state == "recused"
    assert Participant.objects.filter(expert=one.expert.reference, left_at__isnull=True).exists() is False
    assert one.expert.file.service_records.get().kind == "recused"


def test_an_expert_may_refuse_as_not_suited(nanning: Tell) -> None:
    scene = nanning()
    one = scene.agreed()[0]
    scene.act("decline_seat", scene.seat(one), member_id=one.pk, reason="非本人专长", is_unsuited=True)
    assert scene.member(one).is_unsuited is True
    assert one.expert.file.service_records.get().clause.endswith("五（一）")


def test_a_further_push_is_refused_while_a_lawful_group_is_possible(nanning: Tell) -> None:
    scene = nanning()
    scene.push()
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=PROMISE) == ["二（二）"]
    pick(scene, scene.members("pushed")[:6])
    refuse_all(scene, scene.members("picked")[:5])
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=PROMISE) == ["二（二）"]


def test_a_further_push_opens_when_those_left_cannot_form_a_group_and_leaves_out_all_asked(
    nanning: Tell,
) -> None:
    scene = nanning()
    pushed = scene.push()
    pick(scene, pushed[:6])
    refuse_all(scene, scene.members("picked"))
    scene.chance("commit_draw")
    second = scene.members("pushed")
    assert {one.expert_id for one in second} & {one.expert_id for one in pushed} == set()
    assert [(draw.number, draw.kind) for draw in Draw.objects.order_by("number")] == [
        (1, "push"),
        (2, "push"),
    ]


def test_a_further_push_opens_when_those_left_are_of_one_specialty(nanning: Tell) -> None:
    scene = nanning(experts=0)
    for index in range(9):
        scene.world.add_expert(specialties=("geotechnics",) if index < 8 else ("structure",))
    pushed = scene.push()
    lone = next(one for one in pushed if one.specialty == "structure")
    pick(scene, [lone, *[one for one in pushed if one.pk != lone.pk][:4]])
    late = scene.world.add_expert(specialties=("structure",))
    refuse_all(scene, [lone])
    scene.chance("commit_draw")
    assert [one.expert_id for one in scene.members("pushed")] == [late.pk]


def test_an_exhausted_pool_pushes_nobody(nanning: Tell) -> None:
    scene = nanning(experts=7)
    pick(scene, scene.push())
    refuse_all(scene, scene.members("picked"))
    assert scene.refused("commit_draw", request_id=scene.request_id, commitment=PROMISE) == ["二（二）"]
    assert Draw.objects.count() == 1


def test_an_earlier_reviewer_for_another_organizer_is_not_pushed(nanning: Tell) -> None:
    scene = nanning(experts=9)
    scene.earlier_review(scene.world.experts[0], organizer="agency")
    pushed = scene.push()
    assert scene.world.experts[0].pk not in {one.expert_id for one in pushed}
    assert Draw.objects.filter(request_id=scene.request_id).get().exclusions.get().ground == "same_plan"


def test_an_earlier_reviewer_for_the_same_organizer_may_be_pushed(nanning: Tell) -> None:
    scene = nanning(experts=9)
    scene.earlier_review(scene.world.experts[0], organizer="contractor")
    assert scene.world.experts[0].pk in {one.expert_id for one in scene.push()}


@pytest.mark.parametrize("key", ["at", "actor", "label"])
def test_the_record_shows_every_step_and_breaks_when_altered(nanning: Tell, key: str) -> None:
    scene = nanning()
    chosen = scene.agreed()
    body: dict[str, Any] = {"member_ids": [one.pk for one in chosen], "leader_member_id": chosen[0].pk}
    scene.act("confirm_list", request_id=scene.request_id, **body)
    document = queries.transcript(scene.request)
    assert verify_draw.verify(queries.transcript(scene.request)) == []
    labels = [line["event"]["label"] for line in document["events"] if line["event"]["event"] != "message"]
    assert labels == [
        "提出抽取申请",
        "承诺第1次抽取，待揭示",
        "申请人揭示第1次抽取的随机数",
        "系统随机推送专家（第1次，10人）",
        "选取5名专家",
        *["专家同意参加"] * 5,
        "确认最终名单（5人）和组长",
    ]
    for number in range(len(document["events"])):
        altered = queries.transcript(scene.request)
        altered["events"][number]["event"][key] = "改"
        assert verify_draw.verify(altered) != []
