"""A review taken by hand through its acts, without pages: for tests of the acts themselves."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from lunheng.cases.acts import REGISTRY, injected
from lunheng.cases.models import Case, Deadline, Participant
from lunheng.core.actor import Actor
from lunheng.core.verdict import Verdict
from lunheng.documents.models import Document
from lunheng.jobs.clock import FixedClock
from lunheng.panels.models import Draw, Member, PanelRequest
from lunheng.plans.models import PlanVersion, Review
from lunheng.works.models import HazardousWork, Project
from tests.factories.refusals import refusal
from tests.factories.steps import TO_PANEL, enter_steps
from tests.factories.story import NINE_PARTS, PARTIES
from tests.factories.world import SeatClient, World


@dataclass
class Hand:
    """People of one city who act one after the other."""

    world: World
    clock: FixedClock
    files: int = 0

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def act(self, seat: str, name: str, /, **arguments: Any) -> Any:
        """Perform an act; returns what it made."""
        spec = REGISTRY[name]
        return spec.perform(**arguments, **injected(spec), actor=self.world.actor(seat), at=self.now)

    def refused(self, seat: str, name: str, /, **arguments: Any) -> list[str]:
        """An act that must be refused; returns the numbers of the clauses in order."""
        return [reason.clause.number for reason in self._refused(seat, name, arguments).reasons]

    def why(self, seat: str, name: str, /, **arguments: Any) -> str:
        """An act that must be refused; returns the first reason's message."""
        return self._refused(seat, name, arguments).reasons[0].message

    def _refused(self, seat: str, name: str, arguments: dict[str, Any]) -> Verdict:
        with refusal(name, self.world.actor(seat).reference) as verdicts:
            self.act(seat, name, **arguments)
        return verdicts[0]

    def document(self, seat: str, kind: str = "plan", text: str = "") -> int:
        """A file that this seat uploaded; ``text`` decides its digest."""
        self.files += 1
        actor = self.world.actor(seat)
        return Document.objects.create(
            sha256=hashlib.sha256((text or f"file {self.files}").encode()).hexdigest(),
            name=f"文件{self.files}.pdf",
            media_type="application/pdf",
            size=1000 + self.files,
            kind=kind,
            uploaded_by=actor.reference,
            uploaded_organization=actor.organization,
            uploaded_at=self.now,
        ).pk

    def project(self, kind: str = "municipal", parties: tuple[str, ...] = PARTIES, **fields: Any) -> Project:
        """A project of the contractor."""
        made: Project = self.act(
            "contractor",
            "works.register_project",
            **{
                "name": "虚构路地下通道工程",
                "kind": kind,
                "division_id": self.world.division.code,
                "district_id": self.world.district.code,
                "address": "虚构路 1 号",
                "is_city_run": True,
                "parties": [{"code": self.world.unit(one).code, "role": one} for one in parties],
                **fields,
            },
        )
        return made

    def work(self, project: Project, depth: str = "8") -> HazardousWork:
        """A pit; by default 8 m deep, which is above the scale."""
        made: HazardousWork = self.act(
            "contractor",
            "works.register_work",
            project_id=project.pk,
            name="深基坑",
            kind="deep_pit",
            parameters={"depth": depth},
        )
        return made

    def review(self, work: HazardousWork | None = None, **fields: Any) -> Review:
        """A review that has begun."""
        work = work or self.work(self.project())
        made: Review = self.act(
            "contractor", "plans.open_review", **{"work_id": work.pk, "title": "深基坑专项施工方案", **fields}
        )
        return made

    def version(self, review: Review, seat: str = "contractor", **fields: Any) -> PlanVersion:
        """A complete version."""
        given = {
            "document_ids": [self.document(seat)],
            "parts": {part: page + 1 for page, part in enumerate(NINE_PARTS)},
            "has_site_statement": True,
            **fields,
        }
        made: PlanVersion = self.act(seat, "plans.submit_version", review_id=review.pk, **given)
        return made

    def approve(self, version: PlanVersion, *seats: str) -> None:
        """Approvals by these seats; by default of the technical director and the chief supervisor."""
        for seat in seats or ("technical_director", "chief_supervisor"):
            kind = {"sub_technical_director": "subcontractor_technical_director"}.get(seat, seat)
            self.act(
                seat,
                "plans.approve_version",
                version_id=version.pk,
                kind=kind,
                is_granted=True,
                document_id=self.document(seat, "approval"),
            )

    def ready(self, work: HazardousWork | None = None, **fields: Any) -> Review:
        """A review whose plan waits for its panel."""
        review = self.review(work, **fields)
        self.approve(self.version(review))
        return review

    def request(self, review: Review, **fields: Any) -> dict[str, Any]:
        """The arguments of a lawful request, with what the test changes."""
        return {
            "review_id": review.pk,
            "needs": [{"specialty": "geotechnics", "count": 5, "is_extra": False}],
            "touches_other_specialties": False,
            "is_risk_confirmed": True,
            "meeting_mode": "on_site",
            "meeting_at": self.now + timedelta(days=10),
            "meeting_place": "虚构路 1 号会议室",
            **fields,
        }

    def case(self, review: Review) -> Case:
        """The case as it is now."""
        return Case.objects.get(pk=review.case_id)

    def member(self, review: Review, index: int = 0, state: str = "confirmed", **fields: Any) -> Member:
        """An expert in this state on the panel of a request that was drawn (the draw is not tried here)."""
        request = PanelRequest.objects.filter(case_id=review.case_id).first()
        request = request or self.act("contractor", "plans.request_panel", **self.request(review))
        if not request.draws.exists():
            enter_steps(self.case(review), *TO_PANEL, at=self.now)
        draw = request.draws.first() or Draw.objects.create(
            request=request,
            number=1,
            kind="first",
            state="done",
            committed_at=self.now,
            seed="00",
            salt="00",
            result=[],
            document={},
            drawn_at=self.now,
        )
        expert = self.world.experts[index]
        Participant.objects.create(
            case_id=review.case_id,
            expert=expert.reference,
            is_member=state == "confirmed",
            joined_at=self.now,
            left_at=None if state == "confirmed" else self.now,
        )
        return Member.objects.create(
            case_id=review.case_id,
            request=request,
            draw=draw,
            expert=expert,
            specialty="geotechnics",
            order=index,
            state=state,
            drawn_at=self.now,
            confirmed_at=self.now if state == "confirmed" else None,
            **fields,
        )

    def answer(self, case: Case, name: str, subject: str) -> Any:
        """Set the deadline that a higher app would set, and answer it as the sweep would."""
        deadline = Deadline.objects.create(
            case=case, name=name, subject=subject, due_at=self.now, clause="《测试》一"
        )
        spec = REGISTRY[name]
        return spec.perform(deadline_id=deadline.pk, **injected(spec), actor=Actor.system(), at=self.now)


def reads(client: SeatClient, path: str, table: str, **data: Any) -> tuple[int, str]:
    """How many queries of a page read this table (the shell around it has queries of its own), and the page."""
    with CaptureQueriesContext(connection) as context:
        page = client.get(path, **data).content.decode()
    return sum(f'FROM "{table}"' in query["sql"] for query in context.captured_queries), page
