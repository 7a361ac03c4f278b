"""最终名单: five or seven, different units, at least two specialties, consent, a leader; and after a loss again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from lunheng.cases.acts import REGISTRY
from lunheng.cases.models import Deadline, Party
from lunheng.panels.models import Draw, Member
from lunheng.verifiers import verify_draw
from tests.factories.chance import PROMISE
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]


def body(scene: Scene, members: list[Member], leader: Member | None = None) -> dict[str, Any]:
    return {
        "request_id": scene.request_id,
        "member_ids": [one.pk for one in members],
        "leader_member_id": (leader or members[0]).pk,
    }


@pytest.mark.parametrize("count", [5, 7])
def test_five_and_seven_are_accepted(nanning: Tell, count: int) -> None:
    scene = nanning()
    scene.act("confirm_list", **body(scene, scene.agreed(count)))
    assert len(scene.members("confirmed")) == count
    assert scene.case.state == "preparing"


@pytest.mark.parametrize("count", [3, 4, 6, 8])
def test_three_four_six_and_eight_are_refused(nanning: Tell, count: int) -> None:
    scene = nanning()
    members = scene.agreed(8)[:count]
    assert scene.refused("confirm_list", **body(scene, members)) == ["二（三）"]
    assert scene.members("confirmed") == []


def test_an_expert_without_recorded_consent_is_refused(nanning: Tell) -> None:
    scene = nanning()
    members = scene.agreed(6)
    scene.act("record_contact", member_id=members[5].pk, outcome="refusal", reason="出差")
    listed = [*members[:4], scene.member(members[5])]
    assert scene.refused("confirm_list", **body(scene, listed)) == ["二（二）"]


def test_a_list_without_a_leader_is_refused(nanning: Tell) -> None:
    scene = nanning()
    members = scene.agreed()
    given = {**body(scene, members), "leader_member_id": None}
    assert set(scene.refused("confirm_list", **given)) == {"二（二）"}


def test_a_leader_from_outside_the_list_is_refused(nanning: Tell) -> None:
    scene = nanning()
    members = scene.agreed(6)
    assert set(scene.refused("confirm_list", **body(scene, members[:5], members[5]))) == {"二（二）"}


def test_somebody_who_was_not_pushed_is_refused(nanning: Tell) -> None:
    scene = nanning()
    given = body(scene, scene.agreed(5))
    assert "二（二）" in scene.refused(
        "confirm_list", **{**given, "member_ids": [*given["member_ids"], 10**6]}
    )


def test_two_experts_of_one_unit_are_refused_naming_both(nanning: Tell) -> None:
    scene = nanning(experts=6)
    pair = [scene.world.add_expert(unit="one-house", specialties=("structure",)) for _ in range(2)]
    pushed = scene.push()
    chosen = [one for one in pushed if one.expert_id in {expert.pk for expert in pair}]
    chosen += [one for one in pushed if one not in chosen][:3]
    scene.act("pick_candidates", request_id=scene.request_id, member_ids=[one.pk for one in chosen])
    for one in chosen:
        scene.act("record_contact", member_id=one.pk, outcome="consent")
    words = scene.refusal("confirm_list", **body(scene, chosen))
    assert "二（三）" in words
    assert all(expert.name in words for expert in pair)


def test_a_list_of_one_specialty_is_refused(nanning: Tell) -> None:
    scene = nanning(experts=0)
    for index in range(7):
        scene.world.add_expert(specialties=("geotechnics",) if index < 6 else ("structure",))
    pushed = scene.push()
    same = [one for one in pushed if one.specialty == "geotechnics"][:5]
    scene.act("pick_candidates", request_id=scene.request_id, member_ids=[one.pk for one in same])
    for one in same:
        scene.act("record_contact", member_id=one.pk, outcome="consent")
    assert scene.refused("confirm_list", **body(scene, same)) == ["二（三）"]


@pytest.mark.clause("NN-二(三)b/shortage")
def test_one_specialty_is_allowed_with_a_record_when_the_pool_holds_no_other(nanning: Tell) -> None:
    scene = nanning(experts=0)
    for _ in range(7):
        scene.world.add_expert(specialties=("geotechnics",))
    pushed = scene.push()[:5]
    scene.act("pick_candidates", request_id=scene.request_id, member_ids=[one.pk for one in pushed])
    for one in pushed:
        scene.act("record_contact", member_id=one.pk, outcome="consent")
    scene.act("confirm_list", **body(scene, pushed))
    assert [one["message"] for one in scene.request.warnings] == ["库内对应专业不足2种，记录在案"]
    assert Draw.objects.get().shortage["notes"] == [
        "符合条件的专家7人，不足10人，已全部推送",
        "库内与方案匹配的专业只有1种",
    ]


def test_who_became_staff_of_a_party_after_the_push_is_refused_at_confirmation(nanning: Tell) -> None:
    scene = nanning()
    members = scene.agreed()
    Party.objects.create(
        case=scene.case,
        organization=members[1].expert.unit,
        role="subcontractor",
        joined_at=scene.clock.now(),
    )
    words = scene.refusal("confirm_list", **body(scene, members))
    assert f"{members[1].expert.name}：参建单位人员" in words
    assert "二（三）" in words


@pytest.mark.clause("NN-二(三)g/refused at confirmation")
def test_an_earlier_review_for_another_organizer_is_named_at_confirmation(nanning: Tell) -> None:
    scene = nanning()
    members = scene.agreed()
    reference = scene.earlier_review(members[2].expert, organizer="agency")
    words = scene.refusal("confirm_list", **body(scene, members))
    assert reference in words
    assert "二（三）" in words


def test_the_listed_see_the_case_the_others_no_longer_wait(nanning: Tell) -> None:
    scene = nanning()
    members = scene.agreed(6)
    scene.act("confirm_list", **body(scene, members[:5]))
    sent = {one.subject for one in scene.deadlines("plans.deliver_version")}
    assert sent == {one.subject for one in members[:5]}
    assert scene.case.participants.filter(is_member=True, left_at__isnull=True).count() == 5


def test_a_lost_member_leads_back_to_confirmation_and_one_more_completes_the_list(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed()
    lost = members[1]
    scene.act("report_loss", scene.seat(lost), member_id=lost.pk, ground="生病")
    assert scene.case.state == "confirming"
    again = scene.members("skipped")[0]
    scene.act("pick_candidates", request_id=scene.request_id, member_ids=[again.pk])
    scene.act("record_contact", member_id=again.pk, outcome="consent")
    left = [one for one in members if one.pk != lost.pk]
    scene.act("confirm_list", **body(scene, [*left, scene.member(again)], left[0]))
    assert (len(scene.members("confirmed")), scene.case.state) == (5, "preparing")


def test_four_left_cannot_be_reduced(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed()
    scene.act("report_loss", scene.seat(members[1]), member_id=members[1].pk, ground="生病")
    assert scene.refused("reduce_list", request_id=scene.request_id, commitment=PROMISE) == ["二（三）"]


def test_of_six_left_one_leaves_by_chance(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed(7)
    scene.act("report_loss", scene.seat(members[6]), member_id=members[6].pk, ground="生病")
    scene.chance("reduce_list")
    draw = Draw.objects.get(kind="reduction")
    assert len(scene.members("confirmed")) == 5
    assert [one.ground for one in scene.members("removed")] == ["名单为双数，系统随机减员"]
    assert (len(draw.document["snapshot"]), verify_draw.verify(draw.document)) == (6, [])


def reduce_but_not_the_leader(scene: Scene) -> None:
    """Chance lets one of the others go; where it names the leader, what it did is taken back and it falls again."""
    leader = scene.members("confirmed")[0]
    while True:
        before = transaction.savepoint()
        scene.chance("reduce_list")
        if scene.member(leader).is_leader:
            return
        transaction.savepoint_rollback(before)


def test_a_lawful_list_that_chance_has_reduced_is_complete(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed(7)
    scene.act("report_loss", scene.seat(members[6]), member_id=members[6].pk, ground="生病")
    reduce_but_not_the_leader(scene)
    assert (len(scene.members("confirmed")), scene.case.state) == (5, "preparing")


def reduced_unlawfully(scene: Scene) -> Scene:
    """Three of the six went to one unit meanwhile: whoever leaves, two of one unit are left."""
    members = scene.listed(7)
    scene.act("report_loss", scene.seat(members[6]), member_id=members[6].pk, ground="生病")
    for member in members[2:4]:
        REGISTRY["experts.change_unit"].perform(
            expert_id=member.expert_id,
            organization_code=members[1].expert.unit.code,
            actor=scene.world.actor("station"),
            at=scene.clock.now(),
        )
    reduce_but_not_the_leader(scene)
    return scene


def test_an_unlawful_list_that_chance_has_reduced_is_not_complete(nanning: Tell) -> None:
    scene = reduced_unlawfully(nanning())
    assert (len(scene.members("confirmed")), scene.case.state) == (5, "confirming")
    assert scene.deadlines("meetings.plan_meeting") == []
    left = scene.members("confirmed")
    assert "二（三）" in scene.refused("confirm_list", **body(scene, left))


def test_a_leader_does_not_make_an_unlawful_list_complete(nanning: Tell) -> None:
    scene = reduced_unlawfully(nanning())
    scene.act("name_leader", case_id=scene.case.pk, member_id=scene.members("confirmed")[1].pk)
    assert (scene.members("confirmed")[1].is_leader, scene.case.state) == (True, "confirming")


def test_an_odd_list_is_not_reduced(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed(7)
    assert scene.refused("reduce_list", request_id=scene.request_id, commitment=PROMISE) == ["第四条"]
    assert len(scene.members("confirmed")) == len(members)


def test_the_client_cannot_leave_out_a_confirmed_member(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed(7)
    scene.act("report_loss", scene.seat(members[6]), member_id=members[6].pk, ground="生病")
    assert scene.refused("confirm_list", **body(scene, members[:5])) == ["二（三）"]


def test_a_lost_leader_must_be_set_anew(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed(7)
    leader, other = members[0], members[1]
    scene.act("report_loss", scene.seat(leader), member_id=leader.pk, ground="生病")
    assert Member.objects.filter(is_leader=True).exists() is False
    scene.chance("reduce_list")
    assert scene.case.state == "confirming"
    left = scene.members("confirmed")
    new = next((one for one in left if one.pk == other.pk), left[0])
    scene.act("name_leader", case_id=scene.case_id, member_id=new.pk)
    assert (scene.member(new).is_leader, scene.case.state) == (True, "preparing")


def test_the_client_reports_a_loss_but_removes_nobody(nanning: Tell) -> None:
    scene = nanning()
    one, other = scene.listed()[1:3]
    assert scene.refused("report_loss", "stranger", member_id=one.pk, ground="生病") == ["二（一）"]
    assert scene.refused("remove_member", member_id=one.pk, ground="不合适") == ["四（二）"]
    scene.act("report_loss", member_id=other.pk, ground="因病")
    assert (scene.member(one).state, scene.member(other).state) == ("confirmed", "lost")


def test_of_six_consents_the_client_is_told_five_or_a_seventh(nanning: Tell) -> None:
    scene = nanning()
    words = scene.refusal("confirm_list", **body(scene, scene.agreed(6)))
    assert "确认其中5名，或再找第7名" in words


def test_a_denied_consent_of_a_listed_member_is_a_loss(nanning: Tell) -> None:
    scene = nanning()
    one = scene.listed()[1]
    scene.act("answer_contact", scene.seat(one), member_id=one.pk, agrees=False)
    assert (scene.member(one).state, scene.case.state) == ("declined", "confirming")


@pytest.mark.clause("NN-二(三)f/above the number")
def test_breadth_warns_above_the_packs_number_and_refuses_nothing(nanning: Tell) -> None:
    scene = nanning(project="GC-1")
    scene.set_rule("draws.toml", "draw", "breadth", maximum_kinds=1)
    members = scene.agreed()
    scene.earlier_review(
        members[0].expert, organizer="contractor", project="GC-1", work_kind="scaffold", lineage="x"
    )
    scene.act("confirm_list", **body(scene, members))
    assert [one["message"] for one in scene.request.warnings] == [
        f"同一专家不宜不分专业参与所有论证：{members[0].expert.name}将参与2类"
    ]


def test_one_leader_at_most(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=members[1].pk).update(is_leader=True)


def test_a_leader_who_does_not_sit_is_impossible(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed()
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=members[0].pk).update(state="lost")


def test_a_new_party_is_found_by_the_recheck_without_fault_of_the_expert(nanning: Tell) -> None:
    scene = nanning()
    members = scene.listed()
    Party.objects.create(
        case=scene.case, organization=members[1].expert.unit, role="monitor", joined_at=scene.clock.now()
    )
    Deadline.objects.create(
        case=scene.case, name="panels.recheck_relations", due_at=scene.clock.now() + timedelta(0), clause="x"
    )
    scene.sweep()
    gone = scene.member(members[1])
    assert (gone.state, scene.case.state) == ("removed", "confirming")
    assert "二（三）" in gone.ground and "非专家过错" in gone.ground
    assert gone.expert.file.service_records.count() == 0


def test_where_the_system_draws_the_panel_nobody_confirms_a_list_of_his_own(qingdao: Tell) -> None:
    scene = qingdao()
    members = scene.draw()
    assert scene.refused("confirm_list", **body(scene, members)) == ["第四条"]
    assert len(scene.members("invited")) == 5
