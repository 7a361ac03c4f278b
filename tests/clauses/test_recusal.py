"""回避: parties, superiors and subordinates, interest, and the same plan for another organizer."""

import pytest

from lunheng.experts.models import Expert, ExpertSpecialty
from lunheng.organizations.models import Control, Organization
from lunheng.panels.models import Exclusion, Member, SisterDecision
from lunheng.pools.models import Membership, ServiceRecord
from tests.clauses.documents import nanning as nn
from tests.clauses.documents import qingdao as qd
from tests.factories.chance import draw_by
from tests.factories.story import Story

PARTY_ROLES = ("owner", "contractor", "subcontractor", "designer", "investigator", "supervisor", "monitor")


def narrow(story: Story, size: int = 8) -> None:
    """A pool in which a wrong expert would surely be drawn."""
    kept = story.world.experts[:size]
    Membership.objects.exclude(expert__in=[expert.pk for expert in kept]).update(state="suspended")
    for expert in kept:
        ExpertSpecialty.objects.get_or_create(expert=expert, specialty="geotechnics")


def employ(story: Story, expert: Expert, unit: Organization) -> None:
    """The keeper of the pool enters a new employer."""
    story.as_("station").done("experts.change_unit", expert_id=expert.pk, organization_code=unit.code)


def control(upper: Organization, lower: Organization, kind: str, story: Story) -> None:
    """Record a relation of two units."""
    Control.objects.create(superior=upper, subordinate=lower, kind=kind, recorded_at=story.clock.now())


@pytest.mark.clause("QD-二(四)2a/staff")
@pytest.mark.parametrize("role", PARTY_ROLES)
def test_staff_of_any_party_are_never_drawn(qingdao: Story, role: str) -> None:
    narrow(qingdao)
    insider = qingdao.world.experts[0]
    employ(qingdao, insider, qingdao.world.unit(role))
    qingdao.ready(parties=PARTY_ROLES)
    qingdao.request()
    drawn = {member.expert_id for member in qingdao.draw()}
    exclusion = Exclusion.objects.get(expert=insider)
    assert (insider.pk in drawn, exclusion.clause) == (False, qd("二（四）"))


@pytest.mark.clause("QD-二(四)2a/regulator")
def test_the_excluded_with_their_reasons_are_visible_to_the_regulator_only(qingdao: Story) -> None:
    narrow(qingdao)
    insider = qingdao.world.experts[0]
    employ(qingdao, insider, qingdao.world.unit("owner"))
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    pages = {
        seat: qingdao.as_(seat).get(f"/cases/{qingdao.case_id}/panel/").content.decode()
        for seat in ("station", "contractor")
    }
    assert {seat: insider.name in page for seat, page in pages.items()} == {
        "station": True,
        "contractor": False,
    }


@pytest.mark.clause("QD-二(四)2a/found later")
def test_a_relation_that_arises_before_the_conclusion_removes_and_backfills_without_fault(
    qingdao: Story,
) -> None:
    qingdao.ready()
    members = qingdao.panel()
    lost = members[0]
    qingdao.as_("station").done(
        "experts.change_unit", expert_id=lost.expert_id, organization_code=qingdao.world.unit("owner").code
    )
    qingdao.sweep()
    lost.refresh_from_db()
    assert (lost.state, lost.replaced_by.count()) == ("removed", 1)
    assert ServiceRecord.objects.filter(file=lost.expert.file, kind__in=("no_answer", "absent")).count() == 0
    lines = qingdao.as_("station").get(f"/api/cases/{qingdao.case_id}/timeline").json()
    assert any(
        qd("二（四）") in line["clause"] for line in lines if line["event"].startswith("panel.member_removed")
    )


@pytest.mark.clause("QD-二(四)2b/superior or subordinate")
@pytest.mark.parametrize("kind", ["ownership", "administration"])
@pytest.mark.parametrize("is_above", [True, False])
def test_superior_and_subordinate_at_any_depth_are_excluded_with_the_path(
    qingdao: Story, kind: str, is_above: bool
) -> None:
    narrow(qingdao)
    relative = qingdao.world.experts[0]
    owner, middle = qingdao.world.unit("owner"), qingdao.world.unit("middle")
    chain = (relative.unit, middle, owner) if is_above else (owner, middle, relative.unit)
    control(chain[0], chain[1], kind, qingdao)
    control(chain[1], chain[2], kind, qingdao)
    qingdao.ready()
    qingdao.request()
    drawn = {member.expert_id for member in qingdao.draw()}
    exclusion = Exclusion.objects.get(expert=relative)
    assert (relative.pk in drawn, exclusion.clause) == (False, qd("二（四）"))
    assert all(unit.name in exclusion.path for unit in chain)


@pytest.mark.clause("QD-二(四)2b/sister")
def test_a_sister_company_goes_to_the_station_for_decision(qingdao: Story) -> None:
    narrow(qingdao)
    sister, holding = qingdao.world.experts[0], qingdao.world.unit("holding")
    control(holding, sister.unit, "ownership", qingdao)
    control(holding, qingdao.world.unit("owner"), "ownership", qingdao)
    qingdao.ready()
    qingdao.request()
    drawn = {member.expert_id for member in qingdao.draw()}
    decision = SisterDecision.objects.get(expert=sister)
    assert (sister.pk in drawn, decision.may_sit) == (False, None)
    assert (
        qingdao.as_("contractor")
        .act("panels.decide_sister", decision_id=decision.pk, may_sit=True, reason="无")
        .status_code
        == 403
    )
    qingdao.as_("station").done(
        "panels.decide_sister", decision_id=decision.pk, may_sit=True, reason="业务上互不往来"
    )
    assert SisterDecision.objects.get(pk=decision.pk).may_sit is True


@pytest.mark.clause("QD-二(四)2b/interest")
def test_a_recorded_interest_excludes(qingdao: Story) -> None:
    narrow(qingdao)
    expert = qingdao.world.experts[0]
    qingdao.as_("station").done(
        "experts.record_interest",
        expert_id=expert.pk,
        organization_code=qingdao.world.unit("contractor").code,
        ground="持有股份",
    )
    qingdao.ready()
    qingdao.request()
    drawn = {member.expert_id for member in qingdao.draw()}
    assert (expert.pk in drawn, Exclusion.objects.get(expert=expert).clause) == (False, qd("二（四）"))


@pytest.mark.clause("QD-四(二)7/invitation")
@pytest.mark.parametrize("when", ["invited", "confirmed"])
def test_an_expert_declares_an_interest_and_is_out_at_once(qingdao: Story, when: str) -> None:
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    if when == "confirmed":
        qingdao.confirm_all()
    member = qingdao.members(when)[0]
    seat = qingdao.as_(qingdao.seat_of(member))
    seat.done("panels.recuse_member", member_id=member.pk, ground="配偶在建设单位任职")
    assert seat.get(f"/cases/{qingdao.case_id}/plan/").status_code == 403
    qingdao.sweep()
    member.refresh_from_db()
    assert (member.state, member.replaced_by.count()) == ("recused", 1)
    assert ServiceRecord.objects.filter(file=member.expert.file, kind="no_answer").count() == 0


@pytest.mark.clause("NN-二(三)e")
@pytest.mark.parametrize("role", ["subcontractor", "designer", "supervisor", "monitor", "owner"])
def test_staff_of_parties_are_not_pushed(nanning: Story, role: str) -> None:
    narrow(nanning)
    insider = nanning.world.experts[0]
    employ(nanning, insider, nanning.world.unit(role))
    nanning.ready(parties=PARTY_ROLES)
    nanning.request()
    assert insider.pk not in {member.expert_id for member in nanning.push()}


def offered(story: Story) -> list[Member]:
    """Picked with consents, ready for the list."""
    story.ready()
    story.request()
    story.push()
    members = story.lawful_pick()
    story.pick(members)
    story.consent(members)
    return members


def confirm(story: Story, members: list[Member]) -> list[str]:
    return story.as_("contractor").refused(
        "panels.confirm_list",
        request_id=story.request_id,
        member_ids=[member.pk for member in members],
        leader_member_id=members[1].pk,
    )


@pytest.mark.clause("NN-二(三)e")
def test_one_who_became_staff_after_the_push_is_refused_at_confirmation(nanning: Story) -> None:
    members = offered(nanning)
    nanning.as_("station").done(
        "experts.change_unit",
        expert_id=members[0].expert_id,
        organization_code=nanning.world.unit("owner").code,
    )
    assert nn("二（三）") in confirm(nanning, members)


@pytest.mark.clause("NN-二(三)g/not pushed")
def test_who_reviewed_this_plan_for_another_organizer_is_neither_pushed_nor_confirmed(nanning: Story) -> None:
    narrow(nanning, 12)
    nanning.ready()
    nanning.panel()
    nanning.conclude("not_approved")
    earlier = {member.expert_id for member in nanning.members("confirmed")}
    failed = nanning.case_id
    nanning.review(previous_case_id=failed)
    nanning.version()
    nanning.approve()
    answer = nanning.as_("contractor").done(
        "plans.entrust_agency", review_id=nanning.review_id, agency_code=nanning.world.unit("agency").code
    )
    nanning.as_("agency").done("plans.accept_entrustment", entrustment_id=answer["id"])
    request = nanning.as_("agency").done("plans.request_panel", **nanning.request_body())
    draw_by(nanning.as_("agency").done, "panels.commit_draw", request["id"])
    pushed = {member.expert_id for member in nanning.members("pushed")}
    assert pushed.isdisjoint(earlier)


@pytest.mark.clause("NN-二(三)g/same organizer")
def test_a_new_review_by_the_same_organizer_may_have_the_same_experts(nanning: Story) -> None:
    narrow(nanning, 10)
    nanning.ready()
    nanning.panel()
    nanning.conclude("not_approved")
    earlier = {member.expert_id for member in nanning.members("confirmed")}
    nanning.review(previous_case_id=nanning.case_id)
    nanning.version()
    nanning.approve()
    nanning.request()
    nanning.push()
    assert earlier & {member.expert_id for member in nanning.members("pushed")} == earlier


@pytest.mark.clause("NN-二(三)h")
def test_a_contacted_expert_recuses_and_it_is_no_refusal(nanning: Story) -> None:
    members = offered(nanning)
    member = members[0]
    before = nanning.as_("contractor").get(f"/cases/{nanning.case_id}/panel/").content.decode()
    nanning.as_(nanning.seat_of(member)).done(
        "panels.recuse_member", member_id=member.pk, ground="近亲属为项目经理"
    )
    page = nanning.as_("contractor").get(f"/cases/{nanning.case_id}/panel/").content.decode()
    member.refresh_from_db()
    assert (member.state, page.count("回避") > before.count("回避")) == ("recused", True)
    assert (
        ServiceRecord.objects.filter(file=member.expert.file, kind__in=("declined", "no_answer")).count() == 0
    )
    assert member.left_at == nanning.clock.now()
