"""The whole way of a review in both cities, through every act that carries it."""

from lunheng.plans.models import Entrustment
from lunheng.works.models import Project
from tests.factories.story import PARTIES, Story


def tell_qingdao(story: Story) -> None:
    """修改后通过: the system draws, one recuses, one declines, the plan is revised, approved and later changed."""
    keep_pool(story)
    begin(story)
    story.request()
    story.as_("contractor").done("plans.cancel_request", request_id=story.request_id, reason="会期有变")
    story.request()
    first, second = story.draw()[:2]
    story.as_(story.seat_of(first)).done("panels.recuse_member", member_id=first.pk, ground="同一课题组")
    story.as_(story.seat_of(second)).done("panels.decline_seat", member_id=second.pk, reason="外出")
    story.sweep()
    story.send()
    story.confirm_all()
    story.elect()
    story.commit_all()
    visit_site(story)
    story.prereview()
    reschedule(story)
    story.start_meeting()
    find_defect(story)
    story.vote("approved_if_revised")
    story.end_meeting()
    report_id = story.compile("approved_if_revised")
    story.sign(report_id)
    story.upload_results()
    revise(story, report_id)


def tell_nanning(story: Story) -> None:
    """The client picks of those who were pushed; an agency is entrusted and let go."""
    begin(story)
    contractor, agency = story.as_("contractor"), story.as_("agency")
    code = story.world.unit("agency").code
    contractor.done("plans.entrust_agency", review_id=story.review_id, agency_code=code)
    entrustment = Entrustment.objects.get(review_id=story.review_id)
    agency.done("plans.accept_entrustment", entrustment_id=entrustment.pk)
    contractor.done("plans.end_entrustment", entrustment_id=entrustment.pk, reason="改为自行组织")
    story.sweep()
    story.request()
    story.push()
    chosen = story.lawful_pick(6)
    story.pick(chosen)
    story.as_(story.seat_of(chosen[0])).done("panels.answer_contact", member_id=chosen[0].pk, agrees=False)
    story.consent(chosen[1:])
    story.confirm_list(chosen[1:])


def keep_pool(story: Story) -> None:
    """The station keeps the pool."""
    world, station = story.world, story.as_("station")
    expert, unit = world.experts[-1], world.unit("expert-unit-1")
    station.done("experts.renew_term", expert_id=expert.pk, ends_on="2030-01-01")
    station.done("experts.change_unit", expert_id=expert.pk, organization_code=unit.code)
    owner = world.unit("owner").code
    station.done("experts.record_interest", expert_id=expert.pk, organization_code=owner, ground="顾问")
    station.done("experts.change_state", expert_id=expert.pk, state="suspended", reason="本人申请")
    station.done(
        "experts.admit_expert",
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


def begin(story: Story) -> None:
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


def visit_site(story: Story) -> None:
    """One reads the plan and asks to see the site; a leak is filed."""
    member = story.members("confirmed")[2]
    story.as_("contractor").done("panels.file_leak", member_id=member.pk, text="会前透露评审意见")
    seat = story.as_(story.seat_of(member))
    seat.done("plans.open_version", version_id=story.version_id)
    visit = seat.done("meetings.ask_site_visit", member_id=member.pk, reason="看现场")["id"]
    at = story.clock.now().isoformat()
    story.as_("contractor").done("meetings.answer_site_visit", visit_id=visit, answer="agreed", visit_at=at)


def reschedule(story: Story) -> None:
    """Another hour, another room; people sign in."""
    meeting, contractor = story.meeting(), story.as_("contractor")
    given = {"case_id": story.case_id, "mode": "on_site", "place": "虚构路 2 号", "reason": "场地调整"}
    contractor.done("meetings.reschedule_meeting", planned_at=meeting.planned_at.isoformat(), **given)


def find_defect(story: Story) -> None:
    """One severe defect found and cleared; the client's person signs in."""
    from lunheng.reports.queries import defect_list

    name = story.world.unit("contractor").name
    role = next(one for one in story.leader().case.law.labels("attendees") if one != "experts")
    given = {"role": role, "person": "虚构到会人", "organization_name": name, "is_present": True}
    story.as_("contractor").done("meetings.sign_in", meeting_id=story.meeting().pk, **given)
    member = story.members("confirmed")[1]
    seat = story.as_(story.seat_of(member))
    item = defect_list().defects[0].id
    found = [{"item": item, "answer": "yes", "place": "第3章"}]
    seat.done("reports.answer_defects", case_id=story.case_id, answers=found)
    seat.done("reports.clear_defect", case_id=story.case_id, item=item, reason="已补充")


def revise(story: Story, report_id: int) -> None:
    """Answers, the revised version, recheck, approval, works, change."""
    contractor, case_id = story.as_("contractor"), story.case_id
    answered = {"item": 1, "answer": "changed", "place": "第4章 第13页", "reason": ""}
    contractor.done("reports.answer_item", report_id=report_id, **answered)
    version = story.version()
    contractor.done("reports.submit_revision", case_id=case_id, version_id=version)
    story.approve("technical_director")
    leader = story.as_(story.seat_of(story.leader()))
    leader.done("reports.recheck_revision", case_id=case_id, version_id=version, is_positive=True, items=[])
    page = story.upload("chief_supervisor", "批准页.pdf", kind="approval")
    story.as_("chief_supervisor").done("reports.approve_revision", case_id=case_id, document_id=page)
    contractor.done("reports.start_works", case_id=case_id)
    paper = story.upload("contractor", content=story.fresh_pdf())
    contractor.done("reports.change_plan", case_id=case_id, document_ids=[paper], reason="支护形式调整")
