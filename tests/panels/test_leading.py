"""组长 and 离组 in Qingdao: elected by the members; a lost seat is refilled and a lost leader elected anew."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from lunheng.cases.models import Deadline, Participant, Party
from lunheng.panels.models import Ballot, Election, Member
from lunheng.pools.models import Membership
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]


def vote(scene: Scene, voter: Member, choice: Member) -> None:
    election = Election.objects.get(case_id=scene.case_id, closed_at__isnull=True)
    scene.act("cast_ballot", scene.seat(voter), election_id=election.pk, choice_id=choice.pk)


def recheck(scene: Scene) -> None:
    Deadline.objects.create(
        case=scene.case, name="panels.recheck_relations", due_at=scene.clock.now(), clause="x"
    )
    scene.sweep()


def refill(scene: Scene) -> Member:
    """The platform refills the lost seat, the replacement confirms."""
    scene.sweep()
    scene.deliver()
    member = scene.members("invited")[0]
    scene.confirm(member)
    scene.sweep()
    return scene.member(member)


def test_nobody_leads_by_default(qingdao: Tell) -> None:
    scene = qingdao()
    scene.confirmed_panel()
    assert Member.objects.filter(is_leader=True).count() == 0
    assert Election.objects.get().candidates.count() == 5


def test_the_most_votes_win_with_ballots_and_time_on_record(qingdao: Tell) -> None:
    scene = qingdao()
    members = scene.confirmed_panel()
    for voter in members[:3]:
        vote(scene, voter, members[4])
    for voter in members[3:]:
        vote(scene, voter, members[0])
    election = Election.objects.get()
    assert (election.winner, election.closed_at) == (members[4], scene.clock.now())
    assert Ballot.objects.filter(election=election).count() == 5
    assert scene.member(members[4]).is_leader is True


def test_no_result_before_the_last_vote(qingdao: Tell) -> None:
    scene = qingdao()
    members = scene.confirmed_panel()
    for voter in members[:4]:
        vote(scene, voter, members[0])
    assert Election.objects.get().closed_at is None
    assert Member.objects.filter(is_leader=True).count() == 0


def test_a_second_vote_is_refused(qingdao: Tell) -> None:
    scene = qingdao()
    members = scene.confirmed_panel()
    vote(scene, members[0], members[1])
    election = Election.objects.get()
    given = {"election_id": election.pk, "choice_id": members[2].pk}
    assert scene.refused("cast_ballot", scene.seat(members[0]), **given) == ["第三条"]


def test_the_database_refuses_a_second_ballot_too(qingdao: Tell) -> None:
    scene = qingdao()
    members = scene.confirmed_panel()
    vote(scene, members[0], members[1])
    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.create(
            election=Election.objects.get(), voter=members[0], choice=members[2], cast_at=scene.clock.now()
        )


def test_a_tie_opens_a_ballot_among_the_tied(qingdao: Tell) -> None:
    scene = qingdao()
    members = scene.confirmed_panel()
    for index, choice in enumerate((0, 0, 1, 1, 2)):
        vote(scene, members[index], members[choice])
    second = Election.objects.get(round=2)
    assert set(second.candidates.all()) == {members[0], members[1]}
    given = {"election_id": second.pk, "choice_id": members[2].pk}
    assert scene.refused("cast_ballot", scene.seat(members[0]), **given) == ["二（二）"]
    for voter in members:
        vote(scene, voter, members[1])
    assert scene.member(members[1]).is_leader is True


@pytest.mark.parametrize("seat", ["contractor", "station", "bureau"])
def test_naming_a_leader_is_refused(qingdao: Tell, seat: str) -> None:
    scene = qingdao()
    member = scene.confirmed_panel()[0]
    assert scene.refused("name_leader", seat, case_id=scene.case_id, member_id=member.pk) == ["二（二）"]


def test_only_members_vote(qingdao: Tell) -> None:
    scene = qingdao()
    members = scene.confirmed_panel()
    outsider = next(
        f"expert:{index}"
        for index, one in enumerate(scene.world.experts)
        if one.pk not in {member.expert_id for member in members}
    )
    given = {"election_id": Election.objects.get().pk, "choice_id": members[0].pk}
    for seat in ("contractor", outsider):
        assert scene.refused("cast_ballot", seat, **given) == ["二（二）"]


def test_a_closed_ballot_takes_no_vote(qingdao: Tell) -> None:
    scene = qingdao()
    scene.confirmed_panel()
    leader = scene.elect()
    newcomer = refill_after_loss(scene, scene.members("confirmed")[1])
    given = {"election_id": Election.objects.get(round=1).pk, "choice_id": leader.pk}
    assert scene.refused("cast_ballot", scene.seat(newcomer), **given) == ["第四条"]


def refill_after_loss(scene: Scene, member: Member) -> Member:
    scene.act("report_loss", scene.seat(member), member_id=member.pk, ground="生病")
    return refill(scene)


def test_a_lost_member_is_refilled_and_the_leader_stays(qingdao: Tell) -> None:
    scene = qingdao()
    scene.confirmed_panel()
    leader = scene.elect()
    lost = scene.members("confirmed")[1]
    scene.act("report_loss", scene.seat(lost), member_id=lost.pk, ground="生病")
    assert scene.case.state == "confirming"
    refill(scene)
    assert (scene.case.state, scene.member(leader).is_leader) == ("preparing", True)
    assert Election.objects.filter(closed_at__isnull=True).count() == 0


def test_a_lost_leader_asks_for_a_new_election(qingdao: Tell) -> None:
    scene = qingdao()
    scene.confirmed_panel()
    leader = scene.elect()
    refill_after_loss(scene, leader)
    assert Member.objects.filter(is_leader=True).count() == 0
    election = Election.objects.get(closed_at__isnull=True)
    assert (election.round, election.candidates.count()) == (2, 5)


def test_a_loss_during_the_ballot_ends_it_and_the_whole_panel_votes_again(qingdao: Tell) -> None:
    scene = qingdao()
    members = scene.confirmed_panel()
    vote(scene, members[0], members[1])
    refill_after_loss(scene, members[1])
    first, second = Election.objects.order_by("round")
    assert (first.winner, second.candidates.count(), second.ballots.count()) == (None, 5, 0)


def test_the_contractor_can_neither_report_a_loss_nor_remove(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.confirmed_panel()[0]
    assert scene.refused("report_loss", member_id=member.pk, ground="生病") == ["四（一）1"]
    assert scene.refused("remove_member", member_id=member.pk, ground="不合适") == ["四（一）1"]


def test_the_station_removes_a_member_with_a_reason(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.confirmed_panel()[0]
    assert scene.refused("remove_member", "station", member_id=member.pk, ground="") == ["二（四）"]
    scene.act("remove_member", "station", member_id=member.pk, ground="核实有利害关系")
    assert scene.member(member).state == "removed"
    assert Participant.objects.filter(expert=member.expert.reference, left_at__isnull=True).count() == 0


def test_a_party_added_later_removes_its_staff_and_refills_the_seat(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.confirmed_panel()[0]
    Party.objects.create(
        case=scene.case, organization=member.expert.unit, role="monitor", joined_at=scene.clock.now()
    )
    recheck(scene)
    gone = scene.member(member)
    assert gone.state == "removed"
    assert "二（四）" in gone.ground and "非专家过错" in gone.ground
    assert gone.expert.file.service_records.count() == 0
    assert Member.objects.get(replaces=member).state == "invited"


def test_a_suspended_member_is_replaced(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    Membership.objects.filter(expert=member.expert_id).update(state="suspended")
    recheck(scene)
    assert scene.member(member).state == "removed"
    assert Member.objects.filter(replaces=member).count() == 1


def test_a_term_that_ends_meanwhile_lets_the_member_finish(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    Membership.objects.filter(expert=member.expert_id).update(ends_on=scene.clock.now().date())
    recheck(scene)
    assert scene.member(member).state == "invited"


def test_a_recheck_without_findings_changes_nothing(qingdao: Tell) -> None:
    scene = qingdao()
    before = [one.pk for one in scene.confirmed_panel()]
    recheck(scene)
    assert [one.pk for one in scene.members("confirmed")] == before
