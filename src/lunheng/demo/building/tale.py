"""One plan's way as its people go it; every step is one or more acts."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lunheng.accounts.middleware import actor_in
from lunheng.accounts.models import Seat
from lunheng.cases.models import Case
from lunheng.core.actor import Actor, Role
from lunheng.core.draw import nonce_commitment
from lunheng.demo.building import papers
from lunheng.demo.building.people import People
from lunheng.demo.building.stage import Stage
from lunheng.demo.building.works import Work
from lunheng.documents import store
from lunheng.documents.models import Document
from lunheng.meetings.models import Meeting
from lunheng.panels.models import Election, Member, PanelRequest
from lunheng.panels.queries.pool import BOOKED
from lunheng.plans.models import PlanVersion, Review

PARTIES = ("contractor", "supervisor", "owner", "designer", "investigator", "monitor")
Step = Callable[[], None]


@dataclass
class Tale:
    """The acts of one review; ``contractor`` may be the second firm, ``organizer`` an agency."""

    stage: Stage
    people: People
    work: Work
    is_city_run: bool = True
    organizer: str = "contractor"
    meeting_mode: str = "on_site"
    work_id: int = 0
    review: Review | None = None
    version: PlanVersion | None = None
    request: PanelRequest | None = None
    meeting_at: datetime | None = None
    experts: dict[str, Actor] = field(default_factory=dict)

    @property
    def is_direct(self) -> bool:
        """Whether the city draws the panel itself."""
        return self.people.city.key == "qingdao"

    @property
    def case(self) -> Case:
        """The case as it stands."""
        assert self.review is not None
        return Case.objects.get(pk=self.review.case_id)

    def act(self, name: str, who: str | Member, /, **arguments: Any) -> Any:
        """An act of a person by the name of the part, or of a member."""
        actor = self.people.actor(who) if isinstance(who, str) else self.expert(who)
        return self.stage.act(name, actor, **arguments)

    def expert(self, member: Member) -> Actor:
        """The person behind a member."""
        reference = member.expert.reference
        if reference not in self.experts:
            seat = Seat.objects.select_related("account", "organization").get(
                role=Role.EXPERT, expert=reference
            )
            self.experts[reference] = actor_in(seat, auth="demo")
        return self.experts[reference]

    def file(self, who: str | Member, name: str, content: bytes) -> int:
        """Hand in a file; returns its document id."""
        actor = self.people.actor(who) if isinstance(who, str) else self.expert(who)
        # Made here a moment ago, so that nobody has to look through it for what strangers might have put in.
        return Document.objects.create(
            sha256=store.put(content),
            name=name,
            media_type="image/jpeg" if name.endswith(".jpg") else "application/pdf",
            size=len(content),
            pages=None if name.endswith(".jpg") else papers.pages(content),
            uploaded_by=actor.reference,
            uploaded_organization=actor.organization,
            uploaded_at=self.stage.clock.now(),
        ).pk

    def pause(self, **duration: float) -> datetime:
        """The moment after a while."""
        return self.stage.clock.now() + timedelta(**duration)

    # ---- the plan ----

    def open(self) -> None:
        """Project, hazardous work, review."""
        city, units = self.people.city, self.people.units
        districts = sorted(city.districts)
        project = self.act(
            "works.register_project",
            "contractor",
            name=self.work.project,
            kind=self.work.project_kind,
            division_id=city.code,
            district_id=districts[0] if self.is_city_run else districts[1],
            address=f"{city.districts[districts[0]]}虚构路 {self.work.number} 号",
            is_city_run=self.is_city_run,
            parties=[{"code": units.parties[one].code, "role": one} for one in PARTIES],
        )
        self.work_id = self.act(
            "works.register_work",
            "contractor",
            project_id=project.pk,
            name=self.work.name,
            kind=self.work.kind,
            parameters=dict(self.work.parameters),
        ).pk
        self.open_review()

    def open_review(self) -> None:
        """The review of the works, or the next one after a review that is over."""
        self.review = self.act("plans.open_review", "contractor", work_id=self.work_id, title=self.work.title)

    def submit(self, note: str = "") -> None:
        """A complete version."""
        assert self.review is not None
        number = PlanVersion.objects.filter(review__plan__lineage=self.review.plan.lineage).count() + 1
        content = papers.plan(self.work.title, number=number, note=note)
        self.version = self.act(
            "plans.submit_version",
            "contractor",
            review_id=self.review.pk,
            document_ids=[self.file("contractor", f"{self.work.title}第{number}版.pdf", content)],
            parts={part: page for page, part in enumerate(papers.PLAN_PARTS, 2)},
            has_site_statement=True,
            note=note,
        )

    def approve(self, who: str, kind: str = "") -> None:
        """An approval with its signed page."""
        assert self.version is not None
        page = papers.approval(self.work.title, self.people.actor(who).name, self.stage.clock.now())
        self.act(
            "plans.approve_version",
            who,
            version_id=self.version.pk,
            kind=kind or who,
            is_granted=True,
            document_id=self.file(who, "审批页.pdf", page),
        )

    def entrust(self) -> None:
        """Offer the organization to the agency."""
        assert self.review is not None
        code = self.people.units.parties["agency"].code
        entrustment = self.act(
            "plans.entrust_agency", "contractor", review_id=self.review.pk, agency_code=code
        )
        self.act("plans.accept_entrustment", "agency", entrustment_id=entrustment.pk)
        self.organizer = "agency"

    # ---- the panel ----

    def ask(self, meeting_at: datetime) -> None:
        """Ask for a panel."""
        assert self.review is not None
        self.meeting_at = meeting_at
        is_remote = self.meeting_mode == "remote"
        self.request = self.act(
            "plans.request_panel",
            self.organizer,
            review_id=self.review.pk,
            needs=[
                {"specialty": name, "count": count, "is_extra": False}
                for name, count in self.work.needs(is_push=not self.is_direct)
            ],
            touches_other_specialties=False,
            is_risk_confirmed=True,
            meeting_mode=self.meeting_mode,
            meeting_at=meeting_at,
            meeting_place="" if is_remote else f"{self.work.project}项目部会议室",
        )

    def draw(self) -> None:
        """The system draws the panel, or pushes candidates."""
        assert self.request is not None
        value = hashlib.sha256(f"{self.request.pk}".encode()).digest()
        committed = self.act(
            "panels.commit_draw",
            self.organizer,
            request_id=self.request.pk,
            commitment=nonce_commitment(value),
        )
        self.act(
            "panels.reveal_draw", self.organizer, draw_id=committed.pk, party="applicant", value=value.hex()
        )

    def members(self, *states: str) -> list[Member]:
        """Members of the case in these states."""
        rows = Member.objects.filter(case=self.case, state__in=states)
        return list(rows.select_related("expert", "case").order_by("draw", "order"))

    def confirm(self, member: Member) -> None:
        """An invited expert comes."""
        self.act("panels.confirm_seat", member, member_id=member.pk)

    def pick(self) -> list[Member]:
        """The client picks five of different units with at least two specialties."""
        assert self.request is not None
        chosen: list[Member] = []
        taken = self._taken()
        pushed = [one for one in self.members("pushed", "skipped") if one.expert_id not in taken]
        for member in pushed:
            if member.expert.unit_id not in {one.expert.unit_id for one in chosen} and len(chosen) < 5:
                chosen.append(member)
        if len({one.specialty for one in chosen}) < 2:
            units = {one.expert.unit_id for one in chosen[:4]}
            chosen[4] = next(
                one
                for one in pushed
                if one.specialty != chosen[0].specialty and one.expert.unit_id not in units
            )
        ids = [one.pk for one in chosen]
        self.act("panels.pick_candidates", self.organizer, request_id=self.request.pk, member_ids=ids)
        return chosen

    def _taken(self) -> set[int]:
        """Experts whom another review of the demo has picked for the same time."""
        assert self.request is not None
        earliest, latest = self.request.meets_between
        others = Member.objects.filter(
            state__in=(*BOOKED, Member.State.PICKED),
            request__meeting_at__gt=earliest,
            request__meeting_at__lt=latest,
        )
        return set(others.exclude(case=self.case).values_list("expert_id", flat=True))

    def reach(self, member: Member, *, agrees: bool = True, reason: str = "") -> None:
        """The client telephones, and records what the expert said."""
        outcome = "consent" if agrees else "refusal"
        self.act("panels.record_contact", self.organizer, member_id=member.pk, outcome=outcome, reason=reason)

    def settle_list(self) -> None:
        """The final list with its leader."""
        assert self.request is not None
        agreed = self.members("consented")
        self.act(
            "panels.confirm_list",
            self.organizer,
            request_id=self.request.pk,
            member_ids=[one.pk for one in agreed],
            leader_member_id=agreed[0].pk,
        )

    def elect(self) -> None:
        """Every member votes for the first one."""
        election = Election.objects.get(case=self.case, closed_at__isnull=True)
        members = self.members("confirmed")
        for member in members:
            self.act("panels.cast_ballot", member, election_id=election.pk, choice_id=members[0].pk)

    def gather_panel(self) -> Iterator[datetime]:
        """From the request to a whole panel with a leader."""
        self.draw()
        yield self.pause(minutes=40)
        if self.is_direct:
            for member in self.members("invited"):
                self.confirm(member)
                yield self.pause(minutes=11)
            yield self.pause(minutes=30)
            self.elect()
        else:
            for member in self.pick():
                yield self.pause(minutes=12)
                self.reach(member)
            yield self.pause(minutes=20)
            self.settle_list()

    @property
    def leader(self) -> Member:
        """The leader."""
        return Member.objects.select_related("expert", "case").get(case=self.case, is_leader=True)

    # ---- opinions and meeting ----

    def preview(self, members: list[Member] | None = None) -> None:
        """Members sign the commitment, open the plan and hand in first opinions."""
        assert self.version is not None
        for order, member in enumerate(self.members("confirmed") if members is None else members):
            self.act("panels.sign_commitment", member, member_id=member.pk)
            self.act("plans.open_version", member, version_id=self.version.pk)
            self.act(
                "reports.submit_opinion",
                member,
                member_id=member.pk,
                items=[self.work.opinion(order)],
                conclusion="approved_if_revised",
            )

    @property
    def meeting(self) -> Meeting:
        """The latest meeting."""
        return Meeting.objects.filter(case=self.case).latest("number")

    def start(self) -> None:
        """Everybody signs in, and the meeting begins."""
        meeting = self.meeting
        for member in self.members("confirmed"):
            self.act("meetings.sign_in_member", member, meeting_id=meeting.pk, member_id=member.pk)
        for line in meeting.attendances.filter(member=None):
            self.act(
                "meetings.sign_in",
                self.organizer,
                meeting_id=meeting.pk,
                role=line.role,
                person=f"{self.people.city.short}{line.pk}号拟到会人员",
                organization_name=line.organization_name,
                is_present=True,
            )
        self.act("meetings.start_meeting", self.organizer, meeting_id=meeting.pk)

    def vote(self, *conclusions: str) -> None:
        """Every member votes; the last conclusion is that of all the rest."""
        for order, member in enumerate(self.members("confirmed")):
            self.act(
                "reports.cast_vote",
                member,
                member_id=member.pk,
                conclusion=conclusions[min(order, len(conclusions) - 1)],
                items=[self.work.opinion(order)],
            )

    def end(self) -> None:
        """The meeting ends."""
        self.act("meetings.end_meeting", self.organizer, meeting_id=self.meeting.pk)

    def hold(self, conclusion: str) -> Iterator[datetime]:
        """From first opinions to the end of the meeting."""
        assert self.meeting_at is not None
        yield self.meeting_at - timedelta(hours=20)
        self.preview()
        yield self.meeting_at
        self.start()
        yield self.meeting_at + timedelta(hours=1, minutes=50)
        self.vote(conclusion)
        yield self.meeting_at + timedelta(hours=2, minutes=15)
        self.end()
        yield self.pause(minutes=25)

    # ---- the report ----

    def compile(self, conclusion: str) -> None:
        """The leader compiles the report."""
        is_binding = conclusion != "approved"
        self.act(
            "reports.compile_report",
            self.leader,
            case_id=self.case.pk,
            conclusion=conclusion,
            items=[{**self.work.opinion(order), "is_required": is_binding} for order in range(3)],
            three_questions={
                "complete": "内容完整，主要工艺可行",
                "calculation": "计算书和验算依据符合有关标准规范",
                "site": "基本满足现场实际情况，能够确保施工安全",
            },
            summary="专家组审阅方案并听取编制单位介绍，经质询和讨论形成一致意见。",
        )

    def sign(self, *, outsiders: tuple[str, ...] = ()) -> None:
        """By hand and scanned, or electronically by every member."""
        report = self.case.report
        members = self.members("confirmed")
        if self.meeting_mode == "remote":
            for member in members:
                self.act("reports.sign_report", member, report_id=report.pk)
            return
        lines = [
            f"报告编号：{report.number}",
            *(f"专家签名：{one.expert.name}" for one in members),
            *outsiders,
        ]
        scan = papers.sheet(f"{self.work.title}专家论证报告（手写签名）", lines)
        self.act(
            "reports.upload_signed_report",
            self.organizer,
            report_id=report.pk,
            document_id=self.file(self.organizer, "签名的论证报告.pdf", scan),
            signed=[one.pk for one in members],
            outsiders=list(outsiders),
        )

    def upload(self) -> None:
        """What the city wants after the meeting, and the conclusion."""
        names = [one.expert.name for one in self.members("confirmed")]
        sheet = papers.sheet(f"{self.work.title}论证会签到表", names)
        items = {"sign_in": ("签到表.pdf", sheet)}
        if not self.is_direct:
            conclusion = papers.sheet(f"{self.work.title}专家论证结论", ["专家组一致意见见论证报告。"])
            items |= {
                "conclusion": ("论证结论.pdf", conclusion),
                "photos": ("现场会议照片.jpg", papers.photo(self.work.title)),
            }
            if self.meeting_mode == "remote":
                scan = papers.sheet(f"{self.work.title}论证报告扫描件", names)
                items["scan"] = ("论证报告扫描件.pdf", scan)
        for item, (name, content) in items.items():
            document = self.file(self.organizer, name, content)
            self.act(
                "reports.upload_result",
                self.organizer,
                case_id=self.case.pk,
                item=item,
                document_id=document,
            )

    def finish(self) -> None:
        """Submit the result."""
        self.act("reports.submit_results", self.organizer, case_id=self.case.pk)

    # ---- the closing ----

    def answer(self) -> None:
        """Every item of the report is answered."""
        for item in range(1, 4):
            self.act(
                "reports.answer_item",
                "contractor",
                report_id=self.case.report.pk,
                item=item,
                answer="changed",
                place=f"第{item + 3}章第{item + 5}页",
            )

    def revise(self) -> None:
        """A new version, signed by the technical director and sent on."""
        self.submit(note="按论证报告修改")
        self.approve("technical_director")
        assert self.version is not None
        self.act("reports.submit_revision", "contractor", case_id=self.case.pk, version_id=self.version.pk)

    def recheck(self, *, is_positive: bool = True) -> None:
        """The leader's opinion on the revised version."""
        assert self.version is not None
        self.act(
            "reports.recheck_revision",
            self.leader,
            case_id=self.case.pk,
            version_id=self.version.pk,
            is_positive=is_positive,
            items=[self.work.opinion(0)],
        )

    def approve_revision(self) -> None:
        """The chief supervisor's approval of the revised version."""
        page = papers.approval(
            self.work.title, self.people.actor("chief_supervisor").name, self.stage.clock.now()
        )
        self.act(
            "reports.approve_revision",
            "chief_supervisor",
            case_id=self.case.pk,
            document_id=self.file("chief_supervisor", "修改后方案审批页.pdf", page),
        )
