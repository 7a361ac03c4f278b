"""The whole way of a review in both cities: every public act, by the one whose act it is, at its moment.

Who walks it decides what comes with every step: others who try the same, or a record of what was written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from lunheng.cases.models import Case, Deadline
from lunheng.clockwork import records
from lunheng.clockwork.recounting import recount
from lunheng.core.actor import Role
from lunheng.core.procedures.consequences import RECORD_OVERDUE
from lunheng.jobs.clock import FixedClock
from lunheng.notices.models import Notice
from lunheng.organizations.models import Control
from lunheng.panels.models import SisterDecision
from lunheng.plans.models import Entrustment
from lunheng.pools.models import ServiceRecord
from lunheng.procedures.models import Proceeding
from lunheng.reports.queries import defect_list
from lunheng.works.models import Project
from tests.access.staging import undone
from tests.factories.chance import PROMISE
from tests.factories.story import PARTIES, Story
from tests.factories.world import World
from tests.procedures.synthetic import beside, read


class Walk(Story):
    """A story with acts beside its way."""

    def turn(self, place: str) -> None:
        """A place from which the story might go on otherwise: whoever walks may look there."""

    def aside(self, name: str, seat: str, /, **body: Any) -> None:
        """An act that would end or turn the story, and is taken back."""
        client = self.as_(seat)
        with undone():
            client.done(name, **body)

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """What might have happened instead, to the end of the block; then nothing of it did."""
        held, now = {**vars(self), "clients": dict(self.clients)}, self.clock.now()
        with undone():
            yield
        vars(self).update(held)
        self.clock.set(now)

    def attempt(self, name: str, seat: str, /, **body: Any) -> None:
        """An act that the law refuses here even to the one whose act it is."""
        assert self.as_(seat).refused(name, **body)


def settle(world: World, clock: FixedClock) -> None:
    """What the walk finds there: an administrator, a unit to spare, and an expert of the owner's sister company."""
    world.add_seat("administrator", Role.ADMINISTRATOR)
    world.add_person("applicant")
    world.add_person("vetted")
    world.unit("second-monitor")
    sister = world.experts[4].unit
    for lower in (sister, world.unit("owner")):
        Control.objects.create(
            superior=world.unit("holding"), subordinate=lower, kind="ownership", recorded_at=clock.now()
        )


def count_again(story: Walk) -> None:
    """A limit that waited for the calendar is counted again, now that the calendar is certain."""
    with undone():
        waiting = Deadline.objects.filter(case_id=story.case_id, name=RECORD_OVERDUE.name, met_at=None)
        assert waiting.update(is_provisional=True) == 1
        assert recount(story.clock.now()) == 1


def tell_qingdao(story: Walk) -> None:
    """修改后通过, from the project to the change of the plan."""
    keep_pool(story)
    pool_id = story.world.pool.pk
    story.as_("station").done("pools.anchor_chains", pool_id=pool_id)
    story.aside("pools.anchor_authority", "bureau", pool_id=pool_id, anchor="00" * 32, length=10)
    days = [{"day": "2027-02-05", "is_working_day": False}]
    story.aside("pools.enter_days", "bureau", pool_id=pool_id, notice="虚构放假通知", days=days)
    story.aside("pools.declare_year", "bureau", pool_id=pool_id, notice="虚构放假通知", year=2027)
    begin(story)
    story.aside(
        "plans.enter_legacy_review",
        "contractor",
        work_id=story.work_id,
        title="启用前的方案",
        requested_on="2025-01-02",
        meeting_on="2025-01-09",
        proof_document_id=story.upload("contractor", "约定.pdf", kind="proof"),
    )
    story.request()
    story.as_("contractor").done("plans.cancel_request", request_id=story.request_id, reason="会期有变")
    story.request()
    story.turn("requested")
    members = story.draw()
    story.turn("drawn")
    decision = SisterDecision.objects.get(case_id=story.case_id)
    story.aside(
        "panels.decide_sister", "district", decision_id=decision.pk, may_sit=True, reason="经营、人事独立"
    )
    first, second = members[0], members[1]
    story.as_(story.seat_of(first)).done("panels.recuse_member", member_id=first.pk, ground="同一课题组")
    story.as_(story.seat_of(second)).done("panels.decline_seat", member_id=second.pk, reason="外出")
    story.sweep()
    story.send()
    story.confirm_all()
    story.elect()
    on_the_panel(story)
    story.turn("seated")
    before_the_meeting(story)
    story.gather()
    name = story.world.unit("contractor").name
    given = {
        "role": "contractor_manager",
        "person": "虚构到会人",
        "organization_name": name,
        "is_present": True,
    }
    story.aside("meetings.sign_in", "contractor", meeting_id=story.meeting().pk, **given)
    story.as_("contractor").done("meetings.start_meeting", meeting_id=story.meeting().pk)
    story.sweep()
    defects(story)
    story.turn("met")
    story.vote("approved_if_revised")
    story.end_meeting()
    count_again(story)
    report_id = story.compile("approved_if_revised")
    story.turn("reported")
    correction = {
        "conclusion": "approved_if_revised",
        "items": [story.item()],
        "summary": "更正",
        "reason": "笔误",
    }
    questions = {"complete": "完整", "calculation": "符合标准", "site": "满足现场实际"}
    story.aside(
        "reports.correct_report",
        story.seat_of(story.leader()),
        report_id=report_id,
        three_questions=questions,
        **correction,
    )
    story.attempt("reports.sign_report", story.seat_of(first), report_id=report_id)
    story.sign(report_id)
    invalidate(story)
    story.upload_results()
    revise(story, report_id)
    story.attempt("reports.reopen_votes", "contractor", case_id=story.case_id, reason="意见不一致")
    story.as_("district").done(
        "cases.erase_content", case_id=story.case_id, number=2, reason="保存期限届满，处理目的已实现"
    )
    change_term(story)


def tell_nanning(story: Walk) -> None:
    """The client picks of those who were pushed; an agency is entrusted and let go."""
    begin(story)
    contractor, agency = story.as_("contractor"), story.as_("agency")
    code = story.world.unit("agency").code
    contractor.done("plans.entrust_agency", review_id=story.review_id, agency_code=code)
    entrustment = Entrustment.objects.get(review_id=story.review_id)
    agency.done("plans.accept_entrustment", entrustment_id=entrustment.pk)
    story.aside("plans.end_entrustment", "agency", entrustment_id=entrustment.pk, reason="改为自行组织")
    contractor.done("plans.end_entrustment", entrustment_id=entrustment.pk, reason="改为自行组织")
    story.sweep()
    story.request(meeting_mode="remote", meeting_place="")
    story.push()
    chosen = story.lawful_pick(8)
    story.pick(chosen)
    story.as_(story.seat_of(chosen[0])).done("panels.answer_contact", member_id=chosen[0].pk, agrees=False)
    story.consent(chosen[1:])
    story.confirm_list(chosen[1:])
    story.attempt("panels.reduce_list", "contractor", request_id=story.request_id, commitment=PROMISE)
    story.aside("panels.name_leader", "contractor", case_id=story.case_id, member_id=chosen[2].pk)
    story.turn("listed")
    # No word of Nanning's rule lets reviews in that were engaged before it.
    story.attempt(
        "plans.enter_legacy_review",
        "contractor",
        work_id=story.work_id,
        title="启用前的方案",
        requested_on="2019-01-02",
        meeting_on="2019-01-09",
        proof_document_id=None,
    )
    admit_by_application(story)
    vet_together(story)
    sanction(story)
    count_absences(story)


def admit_by_application(story: Walk) -> None:
    """Somebody applies, is noticed to the public, meets an objection that is not right, and enters the pool."""
    world = story.world
    applicant, station, bureau = story.as_("applicant"), story.as_("station"), story.as_("bureau")
    data = {
        "name": "虚构·申请人",
        "identity_number": "450102198506150005",
        "organization_code": world.unit("expert-unit-1").code,
        "title": "高级工程师",
        "has_senior_title": True,
        "years": 20,
        "specialties": ["geotechnics"],
        "evidence": [story.upload("applicant", "证书.pdf", kind="proof")],
        "is_voluntary": True,
    }
    opened = {"pool_id": world.pool.pk, "procedure": "admission", "data": data}
    applicant.done("pools.open_proceeding", **opened)
    matter = Proceeding.objects.latest("pk")
    step = {"proceeding_id": matter.pk}
    story.aside("procedures.withdraw_proceeding", "applicant", **step, reason="工作变动")
    found = {"has_rich_experience": False}
    station.done("procedures.take_step", **step, step="approval", outcome="accept", data=found)
    today = story.clock.now().date().isoformat()
    bureau.done("procedures.take_step", **step, step="notice", outcome="post", last_day=today)
    notice = Notice.objects.latest("pk")
    objection = {"name": "虚构·邻居", "phone": "13900001111", "text": "职称证书与登记不符"}
    story.as_("public").done("notices.file_objection", notice_id=notice.pk, **objection)
    made = notice.objections.get()
    story.as_("bureau").done(
        "procedures.answer_objection", objection_id=made.pk, is_upheld=False, answer="经核实原件相符"
    )
    story.clock.advance(days=1)
    story.sweep()
    bureau.done("procedures.take_step", **step, step="publication", outcome="publish")
    story.sweep()


def change_term(story: Walk) -> None:
    """The station begins a change of term, one applies, is renewed, and the others' terms end."""
    world, today = story.world, story.clock.now().date()
    term = {
        "apply_until": (today + timedelta(days=1)).isoformat(),
        "starts_on": (today + timedelta(days=30)).isoformat(),
        "ends_on": (today + timedelta(days=1000)).isoformat(),
    }
    opened = {"pool_id": world.pool.pk, "procedure": "term_change", "data": term}
    story.as_("station").done("pools.open_proceeding", **opened)
    matter = Proceeding.objects.latest("pk")
    willing = {"is_willing": True, "is_current": True}
    step = {"proceeding_id": matter.pk}
    # Any expert of the pool may: who may not is tried with the list.
    seat = world.client("expert:0")
    seat.done("procedures.take_step", **step, step="application", outcome="submit", data=willing)
    story.clock.advance(days=2)
    story.sweep()
    listed = list(matter.candidates.filter(applied_at__isnull=False).values_list("pk", flat=True))
    station = story.as_("station")
    station.done("procedures.take_step", **step, step="list", outcome="approve", candidate_ids=listed)
    story.sweep()


def keep_pool(story: Walk) -> None:
    """The station keeps the pool."""
    world, station = story.world, story.as_("station")
    expert, unit = world.experts[-1], world.unit("expert-unit-1")
    station.done("experts.renew_term", expert_id=expert.pk, ends_on="2030-01-01")
    station.done("experts.change_unit", expert_id=expert.pk, organization_code=unit.code)
    station.done(
        "experts.record_qualification",
        expert_id=expert.pk,
        has_senior_title=True,
        years=20,
        document_ids=[story.upload("station", "职称证书.pdf", kind="proof")],
    )
    station.done(
        "experts.record_interest",
        expert_id=expert.pk,
        organization_code=world.unit("owner").code,
        ground="顾问",
    )
    station.done("experts.change_state", expert_id=expert.pk, state="suspended", reason="本人申请")
    story.aside(
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
    world.meet_newcomers()


def begin(story: Walk) -> None:
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


def on_the_panel(story: Walk) -> None:
    """What is told of members: loss, removal, leak; nobody is added by hand."""
    member = story.members("confirmed")[2]
    story.attempt(
        "panels.add_member",
        "contractor",
        case_id=story.case_id,
        expert_reference=story.world.experts[0].reference,
    )
    story.aside("panels.report_loss", story.seat_of(member), member_id=member.pk, ground="生病")
    story.aside("panels.remove_member", "district", member_id=member.pk, ground="核实有利害关系")
    story.as_("contractor").done("panels.file_leak", member_id=member.pk, text="会前透露评审意见")
    files = [one.pk for one in story.latest_version().documents.all()]
    story.as_("contractor").done("plans.mark_secret", version_id=story.version_id, document_ids=files)
    story.commit_all()
    seat = story.as_(story.seat_of(member))
    seat.done("plans.open_version", version_id=story.version_id)
    visit = seat.done("meetings.ask_site_visit", member_id=member.pk, reason="看现场")["id"]
    story.as_("contractor").done(
        "meetings.answer_site_visit", visit_id=visit, answer="agreed", visit_at=story.clock.now().isoformat()
    )


def before_the_meeting(story: Walk) -> None:
    """First opinions, another hour, people who sign in."""
    story.prereview()
    meeting, contractor = story.meeting(), story.as_("contractor")
    given = {"case_id": story.case_id, "mode": "on_site", "place": "虚构路 2 号", "reason": "场地调整"}
    contractor.done("meetings.reschedule_meeting", planned_at=meeting.planned_at.isoformat(), **given)
    meeting = story.meeting()
    story.aside("meetings.stop_meeting", "contractor", meeting_id=meeting.pk, reason="专家不足")


def defects(story: Walk) -> None:
    """One severe defect found and cleared."""
    member = story.members("confirmed")[1]
    seat = story.as_(story.seat_of(member))
    item = defect_list(Case.objects.get(pk=story.case_id)).defects[0].id
    found = [{"item": item, "answer": "yes", "place": "第3章"}]
    seat.done("reports.answer_defects", case_id=story.case_id, answers=found)
    seat.done("reports.clear_defect", case_id=story.case_id, item=item, reason="已补充")


def revise(story: Walk, report_id: int) -> None:
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
    story.attempt("reports.upload_outside_conclusion", "contractor", case_id=case_id, document_id=paper)
    contractor.done("reports.change_plan", case_id=case_id, document_ids=[paper], reason="支护形式调整")


def vet_together(story: Walk) -> None:
    """Somebody enters by a procedure with every kind of vetting, and gets the letter of appointment."""
    world, station = story.world, story.as_("station")
    with beside(vetting=read("vetting")):
        opened = {"pool_id": world.pool.pk, "procedure": "vetting", "data": {
            "name": "虚构·评审申请人",
            "identity_number": "370202198506150000",
            "organization_code": world.unit("contractor").code,
            "title": "高级工程师",
            "specialties": ["geotechnics"],
            "evidence": [story.upload("vetted", f"业绩{number}.pdf", kind="proof") for number in (1, 2)],
        }}  # fmt: skip
        story.as_("vetted").done("pools.open_proceeding", **opened)
        step = {"proceeding_id": Proceeding.objects.latest("pk").pk}
        take = "procedures.take_step"
        world.client("contractor").done(take, **step, step="seal", outcome="certify")
        station.done("procedures.draw_sample", **step, step="sample")
        drawn = [
            key for key, _ in Proceeding.objects.latest("pk").steps_taken.get(outcome="draw").data["drawn"]
        ]
        station.done(take, **step, step="sample", outcome="accept", checked=drawn)
        station.done(
            "procedures.review_jointly",
            step="panel",
            results=[{"proceeding_id": step["proceeding_id"], "outcome": "accept"}],
            group=["虚构·甲", "虚构·乙", "虚构·丙"],
            held_on=story.clock.now().date().isoformat(),
        )
        station.done(take, **step, step="exam", outcome="pass", data={"score": 60})
        story.as_("bureau").done(take, **step, step="decision", outcome="approve")
        story.sweep()


def sanction(story: Walk) -> None:
    """A member who sits on no panel is heard, and then everything is done to his standing that an effect can do."""
    world, station, sitting = story.world, story.as_("station"), {one.expert_id for one in story.members()}
    expert = next(one for one in reversed(world.experts[:-1]) if one.pk not in sitting)
    with story.meanwhile(), beside(sanction=read("sanction")):
        found = {
            "facts": "三次无故缺席",
            "evidence": [story.upload("station", "签到表.pdf", kind="proof")],
            "recipient": "bureau",
        }
        opened = {"procedure": "sanction", "file_id": expert.file_id, "data": found}
        station.done("pools.open_proceeding", pool_id=world.pool.pk, **opened)
        step = {"proceeding_id": Proceeding.objects.latest("pk").pk}
        take, today = "procedures.take_step", story.clock.now().date().isoformat()
        for here in ("intent", "service"):
            data = {
                "served_on": today,
                "proof": [story.upload("station", f"回证{here}.pdf", kind="proof")],
            }
            station.done(take, **step, step=here, outcome="serve", data=data)
            if here == "intent":
                world.client(world.expert_seat(expert)).done(take, **step, step="statement", outcome="waive")
                story.as_("bureau").done(take, **step, step="decision", outcome="approve")
        story.sweep()


def invalidate(story: Walk) -> None:
    """A review that was held is found to be void."""
    bureau = story.as_("bureau")
    with story.meanwhile(), beside(voiding=read("voiding")):
        opened = {"procedure": "voiding", "file_id": story.case_id, "data": {}}
        bureau.done("pools.open_proceeding", pool_id=story.world.pool.pk, **opened)
        step = {"proceeding_id": Proceeding.objects.latest("pk").pk}
        bureau.done("procedures.take_step", **step, step="decision", outcome="approve")
        story.sweep()


def count_absences(story: Walk) -> None:
    """Three refusals of one member within the year begin a matter by themselves."""
    file = story.world.experts[-3].file
    with story.meanwhile(), beside(absences=read("absences")):
        for number in range(3):
            ServiceRecord.write(file, "declined", story.clock.now(), "《虚构规则》一", f"第{number + 1}次")
        assert records.watch(story.clock.now()) == 1
