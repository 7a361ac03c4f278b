"""A review whose panel is seated: rows as the earlier steps leave them, so that these tests begin at the meeting."""

from datetime import datetime, timedelta
from typing import Any

from lunheng.cases.acts import REGISTRY, injected
from lunheng.cases.models import Case, Deadline, Participant, Party
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused
from lunheng.core.workflow import ReviewState
from lunheng.documents.models import Document
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law
from lunheng.meetings.models import Meeting
from lunheng.panels.models import Draw, Member, PanelRequest
from lunheng.plans.models import Approval, Plan, PlanDelivery, PlanVersion, Review
from lunheng.works.models import HazardousWork, Project
from tests.factories.files import a_pdf
from tests.factories.steps import TO_PANEL, TO_REQUEST, enter_steps
from tests.factories.world import World

PARTIES = ("contractor", "supervisor", "owner", "designer", "investigator")
ANSWERED = {"complete": "完整可行", "calculation": "符合标准规范", "site": "满足现场实际"}


class Seated:
    """One review at the state 专家预审 with a confirmed panel; acts are performed by the people of the world."""

    def __init__(self, world: World, clock: FixedClock, *, main: int = 5, extras: int = 0) -> None:
        self.world, self.clock = world, clock
        self.case = self._case()
        self.review = self._review()
        self.version = self.add_version(1)
        self.approve(self.version, "technical_director", "chief_supervisor")
        self.request = self._request()
        self.draw = Draw.objects.create(
            request=self.request,
            number=1,
            kind="first",
            state="done",
            document={},
            committed_at=self.at,
            drawn_at=self.at,
        )
        self.members = [self._seat(index, is_extra=index >= main) for index in range(main + extras)]
        self.make_leader(self.members[0])

    @property
    def at(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def actor(self, who: str | Member) -> Actor:
        """The person of a seat, or a member of the panel."""
        if isinstance(who, Member):
            who = self.world.expert_seat(next(one for one in self.world.experts if one.pk == who.expert_id))
        return self.world.actor(who)

    def act(self, who: str | Member, name: str, **arguments: Any) -> Any:
        """Perform an act now."""
        spec = REGISTRY[name]
        return spec.perform(**arguments, **injected(spec), actor=self.actor(who), at=self.at)

    def clauses(self, who: str | Member, name: str, **arguments: Any) -> list[str]:
        """The numbers of the clauses by which an act is refused; empty when it is not."""
        before = self.entries()
        try:
            self.act(who, name, **arguments)
        except Refused as refusal:
            assert self.entries() == before
            return [reason.clause.number for reason in refusal.verdict.reasons]
        return []

    def entries(self) -> int:
        """How many entries the case holds."""
        return Case.objects.get(pk=self.case.pk).entry_count

    def state(self) -> str:
        """Where the case stands."""
        return Case.objects.get(pk=self.case.pk).state

    def sweep(self, *names: str, **duration: float) -> list[str]:
        """Let time pass and answer what fell due under these names (all when none is named)."""
        if duration:
            self.clock.advance(**duration)
        due = Deadline.objects.filter(due_at__lte=self.at, met_at=None, performed_at=None).order_by(
            "due_at", "id"
        )
        answered = []
        for deadline in due:
            if not names or deadline.name in names:
                actor = Actor.system(because=str(deadline.opened_by or ""))
                spec = REGISTRY[deadline.name]
                spec.perform(deadline_id=deadline.pk, actor=actor, at=deadline.due_at)
                answered.append(deadline.name)
        return answered

    def plan_meeting(self, mode: str = "on_site") -> Meeting:
        """The platform plans the meeting that was asked for."""
        self.request.meeting_mode = mode
        self.request.save()
        clause = self.case.law.clause("meeting.mode")
        Deadline.objects.create(
            case=self.case, name="meetings.plan_meeting", due_at=self.at, clause=str(clause)
        )
        self.sweep("meetings.plan_meeting")
        return Meeting.objects.get(case=self.case)

    def meeting(self) -> Meeting:
        """The last meeting."""
        return Meeting.objects.filter(case=self.case).latest("number")

    def gather(self, *absent: Member) -> None:
        """The hour has come; everyone but those absent signs in."""
        self.clock.set(self.meeting().planned_at)
        for member in self.members:
            if member not in absent:
                self.act(member, "meetings.sign_in_member", meeting_id=self.meeting().pk, member_id=member.pk)

    def start(self) -> None:
        """The meeting begins."""
        self.act("contractor", "meetings.start_meeting", meeting_id=self.meeting().pk)
        self.sweep("reports.record_missing_opinions")

    def hold(self, conclusion: str = "approved", mode: str = "on_site", **others: str) -> None:
        """From planning to the end of the meeting, with every vote (``m2`` for the third member's)."""
        self.plan_meeting(mode)
        self.gather()
        self.start()
        self.vote(conclusion, **others)
        self.end()

    def vote(self, conclusion: str = "approved", **others: str) -> None:
        """Every member votes."""
        for index, member in enumerate(self.members):
            self.act(
                member,
                "reports.cast_vote",
                member_id=member.pk,
                conclusion=others.get(f"m{index}", conclusion),
                items=[self.item()],
            )

    def end(self) -> None:
        """Two hours later the meeting ends."""
        self.clock.advance(hours=2)
        self.act("contractor", "meetings.end_meeting", meeting_id=self.meeting().pk)
        self.sweep("reports.settle_votes")

    def item(self, **fields: Any) -> dict[str, Any]:
        """A complete opinion item."""
        return {
            "place": "第4章 第12页",
            "problem": "支撑拆除条件未写明",
            "basis": "",
            "advice": "补充换撑顺序和混凝土强度要求",
            "is_required": True,
            **fields,
        }

    def report_body(self, conclusion: str = "approved", **body: Any) -> dict[str, Any]:
        """A lawful report."""
        required = conclusion == "approved_if_revised"
        return {
            "case_id": self.case.pk,
            "conclusion": conclusion,
            "items": [self.item(is_required=required)],
            "three_questions": ANSWERED,
            "summary": "方案总体可行",
            **body,
        }

    def compile(self, conclusion: str = "approved", **body: Any) -> Any:
        """The leader compiles the report."""
        return self.act(self.leader(), "reports.compile_report", **self.report_body(conclusion, **body))

    def signed_body(self, report: Any, **body: Any) -> dict[str, Any]:
        """The scan with everybody's signature."""
        return {
            "report_id": report.pk,
            "document_id": body.pop("document_id", None) or self.file("contractor", "signed_report"),
            "signed": [member.pk for member in self.members],
            "outsiders": [],
            **body,
        }

    def sign(self, report: Any) -> None:
        """Everybody signed by hand; the scan is uploaded."""
        self.act("contractor", "reports.upload_signed_report", **self.signed_body(report))

    def upload(self, *items: str, who: str = "contractor") -> None:
        """Upload items of the result."""
        for item in items:
            self.act(
                who,
                "reports.upload_result",
                case_id=self.case.pk,
                item=item,
                document_id=self.file(who, "other"),
            )

    def conclude(self, conclusion: str = "approved", **body: Any) -> Any:
        """From the meeting to the submitted results."""
        self.hold(conclusion)
        report = self.compile(conclusion, **body)
        self.sign(report)
        self.upload(*(("sign_in",) if self.world.city == "qingdao" else ("conclusion", "sign_in", "photos")))
        self.act("contractor", "reports.submit_results", case_id=self.case.pk)
        return report

    def leader(self) -> Member:
        """The leader."""
        return Member.objects.get(case=self.case, is_leader=True)

    def make_leader(self, member: Member) -> None:
        """The panel has this leader."""
        Member.objects.filter(case=self.case, is_leader=True).update(is_leader=False)
        Member.objects.filter(pk=member.pk).update(is_leader=True)

    def file(self, who: str, kind: str) -> int:
        """A file that somebody uploaded; every one has bytes of its own."""
        number = Document.objects.count()
        actor = self.world.actor(who)
        document = Document.objects.create(
            sha256=f"{number:064x}",
            name=f"{kind}-{number}.pdf",
            media_type="application/pdf",
            size=len(a_pdf()),
            kind=kind,
            uploaded_by=actor.reference,
            uploaded_organization=actor.organization,
            uploaded_at=self.at,
        )
        return document.pk

    def add_version(self, number: int) -> PlanVersion:
        """A version of the plan."""
        return PlanVersion.objects.create(
            review=self.review, number=number, has_site_statement=True, submitted_by="x", submitted_at=self.at
        )

    def approve(self, version: PlanVersion, *kinds: str) -> None:
        """Approvals of a version."""
        for kind in kinds:
            Approval.objects.create(
                version=version,
                kind=kind,
                is_granted=True,
                signed_by="x",
                signer_name="虚构",
                signed_at=self.at,
            )

    def deliver(self, member: Member, delivered_at: datetime) -> None:
        """The plan reached this member at this moment."""
        PlanDelivery.objects.update_or_create(
            member=member, version=self.version, defaults={"delivered_at": delivered_at}
        )

    def _case(self) -> Case:
        world = self.world
        case = Case.objects.create(
            reference=f"LZ-{world.division.code}-{self.at.year}-{Case.objects.count():06d}",
            kind="review",
            title="深基坑专项施工方案",
            division=world.division,
            district=world.district,
            is_city_run=True,
            pack=law.in_force(world.pack_id, self.at.date()),
            state=ReviewState.PREPARING,
            requested_on=self.at.date(),
            opened_at=self.at,
        )
        for role in PARTIES:
            Party.objects.create(case=case, organization=world.unit(role), role=role, joined_at=self.at)
        enter_steps(case, *TO_REQUEST, *TO_PANEL, at=self.at)
        return case

    def _review(self) -> Review:
        world, case = self.world, self.case
        file = Case.objects.create(
            reference=f"GC-{case.pk}", kind="project", title="x", division=world.division, state="open",
            opened_at=self.at,
        )  # fmt: skip
        project = Project.objects.create(
            file=file, name="虚构路地下通道工程", kind="municipal", division=world.division,
            district=world.district, is_city_run=True, address="虚构路1号", created_at=self.at,
        )  # fmt: skip
        work = HazardousWork.objects.create(
            project=project, name="深基坑", kind="deep_pit", parameters={"depth": "8"}, is_hazardous=True,
            is_over_scale=True, risk_level="over_scale", created_at=self.at,
        )  # fmt: skip
        unit = world.unit("contractor")
        plan = Plan.objects.create(work=work, title="深基坑专项施工方案", author=unit, created_at=self.at)
        return Review.objects.create(case=case, plan=plan, contractor=unit)

    def _request(self) -> PanelRequest:
        return PanelRequest.objects.create(
            case=self.case,
            number=1,
            pool=self.world.pool,
            mode="direct" if self.world.city == "qingdao" else "push",
            state="drawn",
            work_kind="deep_pit",
            lineage=self.review.plan.lineage,
            organizer=self.review.contractor,
            risk_level="over_scale",
            is_risk_confirmed=True,
            meeting_mode="on_site",
            meeting_at=self.at + timedelta(days=10),
            meeting_place="虚构路1号项目部会议室",
            requested_by="x",
            requested_at=self.at,
        )

    def _seat(self, index: int, *, is_extra: bool) -> Member:
        expert = self.world.experts[index]
        member = Member.objects.create(
            case=self.case,
            request=self.request,
            draw=self.draw,
            expert=expert,
            specialty="geotechnics",
            is_extra=is_extra,
            order=index,
            state="confirmed",
            drawn_at=self.at,
            confirmed_at=self.at,
            committed_at=self.at,
        )
        Participant.objects.create(case=self.case, expert=expert.reference, is_member=True, joined_at=self.at)
        self.deliver(member, self.at)
        return member
