"""Every public act, tried by every wrong seat at the moment and with the words with which the right one performs it."""

from collections.abc import Iterator
from typing import Any

import pytest

from lunheng.cases.acts import REGISTRY
from lunheng.core.actor import Role
from lunheng.panels.models import SisterDecision
from lunheng.plans.models import Entrustment
from lunheng.works.models import Project
from tests.access.probing import PERFORMERS, ProbedStory, Probes
from tests.access.staging import stopped_clock, undone
from tests.factories.chance import PROMISE
from tests.factories.story import PARTIES
from tests.factories.world import build

pytestmark = pytest.mark.django_db
PUBLIC = sorted(name for name, spec in REGISTRY.items() if spec.is_public)


@pytest.fixture(scope="module")
def probes(django_db_setup: None, django_db_blocker: Any) -> Iterator[Probes]:
    """Both cities' ways, told once."""
    found = Probes()
    with django_db_blocker.unblock(), stopped_clock() as clock, undone():
        for city, tell in (("qingdao", tell_qingdao), ("nanning", tell_nanning)):
            world = build(city)
            world.add_seat("administrator", Role.ADMINISTRATOR)
            story = ProbedStory(world, clock, probes=found)
            story.meet()
            tell(story)
        yield found


def tell_qingdao(story: ProbedStory) -> None:
    """修改后通过, from the project to the change of the plan."""
    keep_pool(story)
    pool_id = story.world.pool.pk
    story.as_("station").done("pools.anchor_chains", pool_id=pool_id)
    story.probe("pools.anchor_authority", "", pool_id=pool_id, anchor="00" * 32, length=10)
    begin(story)
    story.request()
    story.as_("contractor").done("plans.cancel_request", request_id=story.request_id, reason="会期有变")
    story.request()
    members = story.draw()
    first, second = members[0], members[1]
    story.as_(story.seat_of(first)).done("panels.recuse_member", member_id=first.pk, ground="同一课题组")
    story.as_(story.seat_of(second)).done("panels.decline_seat", member_id=second.pk, reason="外出")
    story.sweep()
    story.send()
    story.confirm_all()
    story.elect()
    on_the_panel(story)
    before_the_meeting(story)
    story.start_meeting()
    defects(story)
    story.vote("approved_if_revised")
    story.end_meeting()
    report_id = story.compile("approved_if_revised")
    correction = {
        "conclusion": "approved_if_revised",
        "items": [story.item()],
        "summary": "更正",
        "reason": "笔误",
    }
    questions = {"complete": "完整", "calculation": "符合标准", "site": "满足现场实际"}
    story.probe("reports.correct_report", "", report_id=report_id, three_questions=questions, **correction)
    story.probe("reports.sign_report", "", report_id=report_id)
    story.sign(report_id)
    story.upload_results()
    revise(story, report_id)
    story.probe("reports.reopen_votes", "", case_id=story.case_id, reason="意见不一致")


def tell_nanning(story: ProbedStory) -> None:
    """The client picks of those who were pushed; an agency is entrusted and let go."""
    begin(story)
    contractor, agency = story.as_("contractor"), story.as_("agency")
    code = story.world.unit("agency").code
    contractor.done("plans.entrust_agency", review_id=story.review_id, agency_code=code)
    entrustment = Entrustment.objects.get(review_id=story.review_id)
    agency.done("plans.accept_entrustment", entrustment_id=entrustment.pk)
    story.probe("plans.end_entrustment", "", entrustment_id=entrustment.pk, reason="改为自行组织")
    contractor.done("plans.end_entrustment", entrustment_id=entrustment.pk, reason="改为自行组织")
    story.sweep()
    story.request()
    story.push()
    chosen = story.lawful_pick(6)
    story.pick(chosen)
    story.as_(story.seat_of(chosen[0])).done("panels.answer_contact", member_id=chosen[0].pk, agrees=False)
    story.consent(chosen[1:])
    story.confirm_list(chosen[1:])
    story.probe("panels.reduce_list", "", request_id=story.request_id, commitment=PROMISE)
    story.probe("panels.name_leader", "", case_id=story.case_id, member_id=chosen[2].pk)
    story.probe(
        "plans.enter_legacy_review",
        "",
        work_id=story.work_id,
        title="启用前的方案",
        requested_on="2019-01-02",
        meeting_on="2019-01-09",
        proof_document_id=None,
    )
    decision = SisterDecision.objects.create(
        case_id=story.case_id, expert=chosen[3].expert, path="甲 → 乙 → 丙"
    )
    story.probe("panels.decide_sister", "", decision_id=decision.pk, may_sit=True, reason="经营、人事独立")


def keep_pool(story: ProbedStory) -> None:
    """The station keeps the pool."""
    world, station = story.world, story.as_("station")
    expert, unit = world.experts[-1], world.unit("expert-unit-1")
    station.done("experts.renew_term", expert_id=expert.pk, ends_on="2030-01-01")
    station.done("experts.change_unit", expert_id=expert.pk, organization_code=unit.code)
    station.done(
        "experts.record_interest",
        expert_id=expert.pk,
        organization_code=world.unit("owner").code,
        ground="顾问",
    )
    station.done("experts.change_state", expert_id=expert.pk, state="suspended", reason="本人申请")
    story.probe(
        "experts.admit_expert",
        "station",
        pool_id=world.pool.pk,
        name="虚构新专家",
        phone="+8613900009999",
        identity_number="110101199003070003",
        organization_code=unit.code,
        title="教授级高级工程师",
        specialties=["geotechnics"],
        years=20,
        has_senior_title=True,
    )


def begin(story: ProbedStory) -> None:
    """Project, works, plan, approvals."""
    story.project(is_city_run=False, parties=(*PARTIES, "subcontractor"))
    project, contractor = Project.objects.get(pk=story.project_id), story.as_("contractor")
    spare = story.world.unit("second-monitor").code
    contractor.done("works.add_party", project_id=project.pk, organization_code=spare, role="monitor")
    contractor.done("works.remove_party", project_id=project.pk, organization_code=spare, role="monitor")
    story.work()
    story.review()
    story.version()
    story.approve()


def on_the_panel(story: ProbedStory) -> None:
    """What is told of members: loss, removal, leak; nobody is added by hand."""
    member = story.members("confirmed")[2]
    story.probe(
        "panels.add_member", "", case_id=story.case_id, expert_reference=story.world.experts[0].reference
    )
    story.probe("panels.report_loss", story.seat_of(member), member_id=member.pk, ground="生病")
    story.probe("panels.remove_member", "district", member_id=member.pk, ground="核实有利害关系")
    story.as_("contractor").done("panels.file_leak", member_id=member.pk, text="会前透露评审意见")
    story.commit_all()
    seat = story.as_(story.seat_of(member))
    seat.done("plans.open_version", version_id=story.version_id)
    visit = seat.done("meetings.ask_site_visit", member_id=member.pk, reason="看现场")["id"]
    story.as_("contractor").done(
        "meetings.answer_site_visit", visit_id=visit, answer="agreed", visit_at=story.clock.now().isoformat()
    )


def before_the_meeting(story: ProbedStory) -> None:
    """First opinions, another hour, people who sign in."""
    story.prereview()
    meeting, contractor = story.meeting(), story.as_("contractor")
    given = {"case_id": story.case_id, "mode": "on_site", "place": "虚构路 2 号", "reason": "场地调整"}
    contractor.done("meetings.reschedule_meeting", planned_at=meeting.planned_at.isoformat(), **given)
    meeting = story.meeting()
    name = story.world.unit("contractor").name
    given = {"role": "contractor", "person": "虚构到会人", "organization_name": name, "is_present": True}
    story.probe("meetings.sign_in", "contractor", meeting_id=meeting.pk, **given)
    story.probe("meetings.stop_meeting", "contractor", meeting_id=meeting.pk, reason="专家不足")


def defects(story: ProbedStory) -> None:
    """One severe defect found and cleared."""
    member = story.members("confirmed")[1]
    seat = story.as_(story.seat_of(member))
    from lunheng.reports.queries import defect_list

    item = defect_list().defects[0].id
    found = [{"item": item, "answer": "yes", "place": "第3章"}]
    seat.done("reports.answer_defects", case_id=story.case_id, answers=found)
    seat.done("reports.clear_defect", case_id=story.case_id, item=item, reason="已补充")


def revise(story: ProbedStory, report_id: int) -> None:
    """Answers, the revised version, recheck, approval, works, change."""
    contractor, case_id = story.as_("contractor"), story.case_id
    contractor.done(
        "reports.answer_item", report_id=report_id, item=1, answer="changed", place="第4章 第13页", reason=""
    )
    version = story.version()
    contractor.done("reports.submit_revision", case_id=case_id, version_id=version)
    story.approve("technical_director")
    leader = story.as_(story.seat_of(story.leader()))
    leader.done("reports.recheck_revision", case_id=case_id, version_id=version, is_positive=True, items=[])
    page = story.upload("chief_supervisor", "批准页.pdf", kind="approval")
    story.as_("chief_supervisor").done("reports.approve_revision", case_id=case_id, document_id=page)
    contractor.done("reports.start_works", case_id=case_id)
    paper = story.upload("contractor", content=story.fresh_pdf())
    story.probe("reports.upload_outside_conclusion", "contractor", case_id=case_id, document_id=paper)
    contractor.done("reports.change_plan", case_id=case_id, document_ids=[paper], reason="支护形式调整")


def test_every_public_act_has_a_row() -> None:
    assert sorted(PERFORMERS) == PUBLIC


def test_every_public_act_was_tried(probes: Probes) -> None:
    assert sorted(probes.tried) == PUBLIC


@pytest.mark.clause("QD-四(二)1b")
def test_no_wrong_seat_performs_an_act_or_changes_anything(probes: Probes) -> None:
    assert probes.faults == []
