"""A review told step by step through the interface, as a city's people would live it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import wraps
from typing import Any, ClassVar, ParamSpec, TypeVar

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.urls import reverse

from lunheng.clockwork.sweep import drain
from lunheng.jobs.clock import FixedClock
from lunheng.panels.models import Member, PanelRequest
from lunheng.plans.models import PlanVersion, Review
from lunheng.works.models import HazardousWork
from tests.factories import moulds
from tests.factories.chance import draw_by
from tests.factories.files import a_pdf, a_photo
from tests.factories.world import SeatClient, World

P = ParamSpec("P")
T = TypeVar("T")
NINE_PARTS = (
    "overview", "basis", "schedule", "technique", "safety", "staffing", "acceptance", "emergency", "calculations",
)  # fmt: skip
PARTIES = ("contractor", "supervisor", "owner", "designer", "investigator", "monitor")


def told_once(tell: Callable[P, T]) -> Callable[P, T]:
    """A part of the story: told, or poured where it was told upon the same rows before (see ``moulds``).

    Those who add to the story want every step, unless they say otherwise (``is_recalled``).
    """

    @wraps(tell)
    def recall(*given: P.args, **named: P.kwargs) -> T:
        story: Any = given[0]
        moulded = story.world.moulded if story.is_recalled and story.world.mould else None
        if moulded is None or not moulded.is_now:
            return tell(*given, **named)

        def told() -> tuple[dict[str, Any], T]:
            result = tell(*given, **named)
            return story.memory(), result

        base, name = story.world.mould, (type(story).__name__, tell.__name__, _plain((given[1:], named)))
        story.world.mould, (memory, result) = moulds.go_on(base, (*name, story.knows()), told)
        story.remember(memory)
        story.world.moulded = moulds.Moment.taken() if story.world.mould else None
        return result

    return recall


def _plain(value: Any) -> Any:
    """What was asked for, as a name tells it: rows by their keys."""
    if isinstance(value, Model):
        return (value._meta.label, value.pk)
    if isinstance(value, dict):
        return tuple((name, _plain(one)) for name, one in sorted(value.items()))
    if isinstance(value, list | tuple):
        return tuple(_plain(one) for one in value)
    return repr(value)


@dataclass
class Story:
    """One plan's way. Every step returns what it made and can be called with other arguments."""

    world: World
    clock: FixedClock
    project_id: int = 0
    work_id: int = 0
    review_id: int = 0
    case_id: int = 0
    version_id: int = 0
    request_id: int = 0
    papers: int = 1
    clients: dict[str, SeatClient] = field(default_factory=dict)
    is_recalled: ClassVar[bool] = True

    def __init_subclass__(cls) -> None:
        cls.is_recalled = bool(vars(cls).get("is_recalled"))

    def as_(self, seat: str) -> SeatClient:
        """The browser of a person."""
        if seat not in self.clients:
            self.clients[seat] = self.world.client(seat)
        return self.clients[seat]

    def knows(self) -> Any:
        """What the story knows besides the rows, as the name of a step tells it: two stories may stand in one city."""
        return _plain(self._held())

    def _held(self) -> dict[str, Any]:
        return {
            name: value for name, value in vars(self).items() if name not in ("world", "clock", "clients")
        }

    def memory(self) -> dict[str, Any]:
        """What the story keeps in mind."""
        held = self._held()
        sessions = {seat: client.http.cookies["sessionid"].value for seat, client in self.clients.items()}
        return {
            "held": held,
            "at": self.clock.now(),
            "sessions": sessions,
            "world": (self.world.number, self.world.units),
        }

    def remember(self, memory: dict[str, Any]) -> None:
        """Know again what the story knew."""
        vars(self).update(memory["held"])
        self.clock.set(memory["at"])
        self.world.number, self.world.units = memory["world"]
        for seat, key in memory["sessions"].items():
            if seat not in self.clients:
                self.clients[seat] = SeatClient(None)
                self.clients[seat].seat = self.world.seats.get(seat)
            self.clients[seat].sit(key)

    def sweep(self, **duration: float) -> None:
        """Let time pass, if asked, and let the platform answer what fell due."""
        if duration:
            self.clock.advance(**duration)
        drain(self.clock.now())

    def upload(
        self, seat: str, name: str = "方案.pdf", content: bytes | None = None, kind: str = "plan", **data: Any
    ) -> int:
        """Upload a file over HTTP; returns its document id."""
        file = SimpleUploadedFile(name, a_pdf() if content is None else content)
        response = self.as_(seat).http.post(
            reverse("documents:upload"),
            {"file": file, "kind": kind, **data},
            headers={"accept": "application/json"},
        )
        assert response.status_code == 200, response.content.decode()[:600]
        return int(response.json()["id"])

    @told_once
    def project(
        self, kind: str = "municipal", *, is_city_run: bool = True, parties: tuple[str, ...] = PARTIES
    ) -> int:
        """Register a project with its parties."""
        answer = self.as_("contractor").done(
            "works.register_project",
            name="虚构路地下通道工程",
            kind=kind,
            division_id=self.world.division.code,
            district_id=self.world.district.code,
            address="虚构路 1 号",
            is_city_run=is_city_run,
            parties=[{"code": self.world.unit(name).code, "role": name} for name in parties],
        )
        self.project_id = answer["id"]
        return self.project_id

    @told_once
    def work(self, kind: str = "deep_pit", **parameters: Any) -> int:
        """Register a hazardous work; by default a pit of 8 m."""
        answer = self.as_("contractor").done(
            "works.register_work",
            project_id=self.project_id,
            name="深基坑",
            kind=kind,
            parameters=parameters or {"depth": "8"},
        )
        self.work_id = answer["id"]
        return self.work_id

    @told_once
    def review(self, **body: Any) -> int:
        """Open the review of a plan."""
        answer = self.as_("contractor").done(
            "plans.open_review", **{"work_id": self.work_id, "title": "深基坑专项施工方案", **body}
        )
        self.review_id = answer["id"]
        self.case_id = Review.objects.get(pk=self.review_id).case_id
        return self.review_id

    def fresh_pdf(self) -> bytes:
        """A file that this story has not used yet."""
        self.papers += 1
        return a_pdf(self.papers)

    @told_once
    def version(self, **body: Any) -> int:
        """Submit a complete version."""
        given = {
            "review_id": self.review_id,
            "document_ids": body.pop("document_ids", None)
            or [self.upload("contractor", content=self.fresh_pdf())],
            "parts": {part: index + 1 for index, part in enumerate(NINE_PARTS)},
            "has_site_statement": True,
            **body,
        }
        self.version_id = self.as_("contractor").done("plans.submit_version", **given)["id"]
        return self.version_id

    @told_once
    def approve(self, *seats: str) -> None:
        """The approvals of the technical director and of the chief supervisor."""
        for seat in seats or ("technical_director", "chief_supervisor"):
            kind = {"sub_technical_director": "subcontractor_technical_director"}.get(seat, seat)
            self.as_(seat).done(
                "plans.approve_version",
                version_id=self.version_id,
                kind=kind,
                is_granted=True,
                document_id=self.upload(seat, "审批页.pdf", kind="approval"),
            )

    @told_once
    def ready(self, **project: Any) -> None:
        """Everything up to the draw."""
        self.project(**project)
        self.work()
        self.review()
        self.version()
        self.approve()

    def request_body(self, **body: Any) -> dict[str, Any]:
        """A lawful request for this city, with what the test changes."""
        needs = [{"specialty": "geotechnics", "count": 5, "is_extra": False}]
        if self.world.city == "nanning":
            needs = [
                {"specialty": "geotechnics", "count": 5, "is_extra": False},
                {"specialty": "structure", "count": 5, "is_extra": False},
            ]
        return {
            "review_id": self.review_id,
            "needs": needs,
            "touches_other_specialties": False,
            "is_risk_confirmed": True,
            "meeting_mode": "on_site",
            "meeting_at": (self.clock.now() + timedelta(days=10, hours=self._others() * 5)).isoformat(),
            "meeting_place": "虚构路 1 号项目部会议室",
            **body,
        }

    @told_once
    def _others(self) -> int:
        """How many reviews of this city have asked for a panel before: each meets at a time of its own."""
        asked = PanelRequest.objects.filter(pool=self.world.pool).exclude(case_id=self.case_id)
        return asked.values("case_id").distinct().count()

    @told_once
    def request(self, **body: Any) -> int:
        """Ask for a panel."""
        self.request_id = self.as_("contractor").done("plans.request_panel", **self.request_body(**body))[
            "id"
        ]
        return self.request_id

    @told_once
    def draw(self) -> list[Member]:
        """Qingdao: the system draws, the invitations leave and arrive."""
        draw_by(self.as_("contractor").done, "panels.commit_draw", self.request_id)
        self.send()
        return self.members()

    @told_once
    def send(self) -> None:
        """The carrier takes what waits and delivers it at once."""
        from tests.factories.carrier import deliver_all

        deliver_all(self.clock.now())
        self.sweep()

    def members(self, *states: str) -> list[Member]:
        """Members of the case in these states (all when none is named), in order."""
        rows = Member.objects.filter(case_id=self.case_id).select_related("expert").order_by("draw", "order")
        return [row for row in rows if not states or row.state in states]

    def seat_of(self, member: Member) -> str:
        """The seat of a member's person."""
        return self.world.expert_seat(next(one for one in self.world.experts if one.pk == member.expert_id))

    @told_once
    def confirm_all(self) -> list[Member]:
        """Everyone who was invited confirms."""
        for member in self.members("invited"):
            self.as_(self.seat_of(member)).done("panels.confirm_seat", member_id=member.pk)
        self.sweep()
        self.send()
        return self.members("confirmed")

    @told_once
    def elect(self, index: int = 0) -> Member:
        """Qingdao: every member votes for the same one."""
        from lunheng.panels.models import Election

        election = Election.objects.filter(case_id=self.case_id, closed_at__isnull=True).get()
        members = self.members("confirmed")
        for member in members:
            self.as_(self.seat_of(member)).done(
                "panels.cast_ballot", election_id=election.pk, choice_id=members[index].pk
            )
        self.sweep()
        return self.leader()

    def leader(self) -> Member:
        """The leader."""
        return Member.objects.select_related("expert").get(case_id=self.case_id, is_leader=True)

    @told_once
    def push(self) -> list[Member]:
        """Nanning: the system pushes candidates."""
        draw_by(self.as_("contractor").done, "panels.commit_draw", self.request_id)
        return self.members("pushed")

    @told_once
    def pick(self, members: list[Member]) -> None:
        """Nanning: the client picks."""
        self.as_("contractor").done(
            "panels.pick_candidates", request_id=self.request_id, member_ids=[member.pk for member in members]
        )

    @told_once
    def consent(self, members: list[Member]) -> None:
        """Nanning: the client reaches them and they agree."""
        for member in members:
            self.as_("contractor").done("panels.record_contact", member_id=member.pk, outcome="consent")

    @told_once
    def confirm_list(self, members: list[Member], leader: int = 0) -> None:
        """Nanning: the final list with its leader."""
        self.as_("contractor").done(
            "panels.confirm_list",
            request_id=self.request_id,
            member_ids=[member.pk for member in members],
            leader_member_id=members[leader].pk,
        )
        self.sweep()
        self.send()

    def lawful_pick(self, count: int = 5) -> list[Member]:
        """The first pushed experts of different units, with at least two specialties among them."""
        pushed = self.members("pushed", "picked", "consented")
        first = pushed[:count]
        if len({member.specialty for member in first}) < 2:
            other = next(member for member in pushed[count:] if member.specialty != first[0].specialty)
            first[-1] = other
        return first

    @told_once
    def panel(self, **body: Any) -> list[Member]:
        """A complete, confirmed panel with a leader, in whichever way the city has it."""
        self.request(**body)
        if self.world.city == "qingdao":
            self.draw()
            self.confirm_all()
            self.elect()
        else:
            self.push()
            chosen = self.lawful_pick()
            self.pick(chosen)
            self.consent(chosen)
            self.confirm_list(chosen)
        return self.members("confirmed")

    @told_once
    def commit_all(self) -> None:
        """Every member signs the confidentiality commitment."""
        for member in self.members("confirmed"):
            if member.committed_at is None:
                self.as_(self.seat_of(member)).done("panels.sign_commitment", member_id=member.pk)

    def item(self, **fields: Any) -> dict[str, Any]:
        """A complete opinion item."""
        return {
            "place": "第4章 第12页",
            "problem": "支撑拆除条件未写明",
            "basis": "JGJ 120",
            "advice": "补充换撑顺序和混凝土强度要求",
            "is_required": True,
            **fields,
        }

    @told_once
    def prereview(self, conclusion: str = "approved") -> None:
        """Every member uploads a first opinion."""
        self.commit_all()
        for member in self.members("confirmed"):
            self.as_(self.seat_of(member)).done(
                "reports.submit_opinion", member_id=member.pk, items=[self.item()], conclusion=conclusion
            )

    def meeting(self) -> Any:
        """The living or last meeting."""
        from lunheng.meetings.models import Meeting

        return Meeting.objects.filter(case_id=self.case_id).order_by("number").last()

    @told_once
    def gather(self) -> None:
        """Move to the hour of the meeting; everyone signs in."""
        self.clock.set(self.meeting().planned_at)
        self.sweep()
        for member in self.members("confirmed"):
            self.as_(self.seat_of(member)).done(
                "meetings.sign_in_member", meeting_id=self.meeting().pk, member_id=member.pk
            )

    @told_once
    def start_meeting(self) -> None:
        """Hold the meeting's opening."""
        self.gather()
        self.as_("contractor").done("meetings.start_meeting", meeting_id=self.meeting().pk)
        self.sweep()

    @told_once
    def vote(self, conclusion: str = "approved", **others: str) -> None:
        """Every member votes; ``others`` maps the index of a member (``m2``) to another conclusion."""
        for index, member in enumerate(self.members("confirmed")):
            self.as_(self.seat_of(member)).done(
                "reports.cast_vote",
                member_id=member.pk,
                conclusion=others.get(f"m{index}", conclusion),
                items=[self.item()],
            )

    @told_once
    def end_meeting(self) -> None:
        """Two hours later the meeting ends."""
        self.clock.advance(hours=2)
        self.as_("contractor").done("meetings.end_meeting", meeting_id=self.meeting().pk)
        self.sweep()

    @told_once
    def compile(self, conclusion: str = "approved", **body: Any) -> int:
        """The leader compiles the report."""
        given = {
            "case_id": self.case_id,
            "conclusion": conclusion,
            "items": [self.item()] if conclusion == "approved_if_revised" else [self.item(is_required=False)],
            "three_questions": {"complete": "完整", "calculation": "符合标准", "site": "满足现场实际"},
            "summary": "方案总体可行",
            **body,
        }
        answer = self.as_(self.seat_of(self.leader())).done("reports.compile_report", **given)
        self.sweep()
        return int(answer["id"])

    @told_once
    def sign(self, report_id: int) -> None:
        """The scan of the hand-signed report, every member's signature marked."""
        self.as_("contractor").done(
            "reports.upload_signed_report",
            report_id=report_id,
            document_id=self.upload("contractor", "签名报告.pdf", self.fresh_pdf(), "signed_report"),
            signed=[member.pk for member in self.members("confirmed")],
            outsiders=[],
        )

    @told_once
    def upload_results(self) -> None:
        """What the city wants on the platform after the meeting."""
        items = {"report": ("signed_report", a_pdf()), "sign_in": ("sign_in", a_pdf())}
        if self.world.city == "nanning":
            items = {
                "conclusion": ("report", a_pdf()),
                "sign_in": ("sign_in", a_pdf()),
                "photos": ("photo", a_photo()),
                "scan": ("signed_report", a_pdf()),
            }
        for item, (kind, content) in items.items():
            name = "现场.jpg" if kind == "photo" else f"{item}.pdf"
            self.as_("contractor").done(
                "reports.upload_result",
                case_id=self.case_id,
                item=item,
                document_id=self.upload("contractor", name, content, kind),
            )
        self.as_("contractor").done("reports.submit_results", case_id=self.case_id)
        self.sweep()

    @told_once
    def conclude(self, conclusion: str = "approved") -> int:
        """From a complete panel to the uploaded result."""
        self.prereview()
        self.start_meeting()
        self.vote(conclusion)
        self.end_meeting()
        report_id = self.compile(conclusion)
        self.sign(report_id)
        self.upload_results()
        return report_id

    def state(self) -> str:
        """Where the case stands."""
        return Review.objects.select_related("case").get(pk=self.review_id).case.state

    def latest_version(self) -> PlanVersion:
        """The newest version of the plan in this review."""
        return PlanVersion.objects.filter(review_id=self.review_id).latest("number")

    def panel_request(self) -> PanelRequest:
        """The request."""
        return PanelRequest.objects.get(pk=self.request_id)

    def hazardous_work(self) -> HazardousWork:
        """The work."""
        return HazardousWork.objects.get(pk=self.work_id)
