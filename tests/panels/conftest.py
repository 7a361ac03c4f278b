"""A review that stands just before its draw, made of rows; everything after it is made by the acts under test."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from lunheng.cases.acts import REGISTRY, injected
from lunheng.cases.models import Case, Deadline, Party
from lunheng.clockwork.sweep import drain
from lunheng.core.actor import Actor
from lunheng.core.policy import ResolvedPack
from lunheng.core.verdict import Verdict
from lunheng.experts.models import Expert
from lunheng.jobs import entropy
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import packs
from lunheng.jurisdictions.law import in_force
from lunheng.messaging.models import Message
from lunheng.panels.models import Draw, Election, Member, PanelRequest
from tests.factories.chance import draw_by
from tests.factories.refusals import refusal
from tests.factories.steps import TO_REQUEST, enter_steps
from tests.factories.world import World, build

PARTIES = ("contractor", "supervisor", "owner", "designer", "investigator", "monitor")


@dataclass
class Scene:
    """One review of one city, its request, and shorthands to act in it."""

    world: World
    clock: FixedClock
    case_id: int
    request_id: int

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.case_id)

    @property
    def request(self) -> PanelRequest:
        return PanelRequest.objects.get(pk=self.request_id)

    def act(self, name: str, seat: str | Actor = "contractor", **body: Any) -> Any:
        """Perform an act of panels at the clock's moment."""
        actor = seat if isinstance(seat, Actor) else self.world.actor(seat)
        spec = REGISTRY[f"panels.{name}"]
        return spec.perform(**body, **injected(spec), actor=actor, at=self.clock.now())

    def chance(self, name: str, seat: str = "contractor", **body: Any) -> Any:
        """Commit and reveal one draw."""
        perform = lambda act, **given: self.act(act.rpartition(".")[2], seat, **given)  # noqa: E731
        return draw_by(perform, name, self.request_id, **body)

    def refused(self, name: str, seat: str | Actor = "contractor", **body: Any) -> list[str]:
        """Perform an act that must be refused; returns the numbers of the clauses."""
        return [reason.clause.number for reason in self._refused(name, seat, body).reasons]

    def refusal(self, name: str, seat: str | Actor = "contractor", **body: Any) -> str:
        """Perform an act that must be refused; returns the words."""
        return str(self._refused(name, seat, body))

    def _refused(self, name: str, seat: str | Actor, body: dict[str, Any]) -> Verdict:
        actor = seat if isinstance(seat, Actor) else self.world.actor(seat)
        with refusal(f"panels.{name}", actor.reference) as verdicts:
            self.act(name, actor, **body)
        return verdicts[0]

    def draw(self) -> list[Member]:
        self.chance("commit_draw")
        return self.members("invited")

    def deliver(self, at: datetime | None = None) -> None:
        """Every waiting invitation arrives, and the windows start."""
        moment = at or self.clock.now()
        for message in Message.objects.filter(case_id=self.case_id, state="waiting", send_after__lte=moment):
            self.report(message, moment)
        self.sweep()

    def deliver_others_than(self, member: Member) -> None:
        """Every invitation arrives but this one, and those invited confirm."""
        for message in Message.objects.filter(case_id=self.case_id, state="waiting").exclude(
            subject=member.subject
        ):
            self.report(message, self.clock.now())
        self.sweep()
        self.confirm(*[one for one in self.members("invited") if one.pk != member.pk])

    def enable_send_window(self) -> None:
        """The city's pack as it would be with the send window on."""
        self.set_rule("panels.toml", "confirmation", "send_window", enabled=True)

    def set_rule(self, file: str, topic: str, name: str, **values: Any) -> None:
        """Pin the case to the city's pack as it would be with this setting."""
        case = self.case
        assert case.pack is not None
        layers = json.loads(bytes(case.pack.content))
        layers[0][file][topic][name].update(values)
        resolved = ResolvedPack.from_bytes(json.dumps(layers).encode())
        case.pack = packs.record(resolved, at=self.clock.now() - timedelta(days=1))
        case.save()

    def earlier_review(
        self,
        expert: Expert,
        *,
        organizer: str,
        lineage: str = "line-1",
        work_kind: str = "deep_pit",
        project: str = "",
    ) -> str:
        """A review that is over, in which the expert sat; returns its reference."""
        other = make(
            self.world,
            self.clock,
            [],
            organizer=self.world.unit(organizer),
            lineage=lineage,
            work_kind=work_kind,
            project=project,
        )
        earlier = other.request
        earlier.meeting_at -= timedelta(days=30)
        earlier.save()
        draw = Draw.objects.create(
            request=earlier,
            number=1,
            kind="push",
            state="done",
            salt="02",
            document={},
            committed_at=self.clock.now(),
            drawn_at=self.clock.now(),
        )
        draw.add_member(expert, "confirmed", specialty="geotechnics", order=1, confirmed_at=self.clock.now())
        return other.case.reference

    def report(self, message: Message, at: datetime, state: str = "delivered") -> None:
        REGISTRY["messaging.report_delivery"].perform(
            message_id=message.pk, state=state, fault="", actor=Actor.system(), at=at
        )

    def sweep(self, **duration: float) -> None:
        """Let time pass and let the platform answer what is due."""
        self.clock.advance(**duration)
        # what other apps answer to is not under test here
        foreign = Deadline.objects.filter(case_id=self.case_id).exclude(name__startswith="panels.")
        foreign.filter(performed_at__isnull=True).update(met_at=self.clock.now())
        drain(self.clock.now())

    def members(self, *states: str) -> list[Member]:
        rows = Member.objects.filter(case_id=self.case_id).select_related("expert", "expert__unit")
        return [row for row in rows.order_by("draw__number", "order") if not states or row.state in states]

    def member(self, member: Member) -> Member:
        return Member.objects.select_related("expert").get(pk=member.pk)

    def seat(self, member: Member) -> str:
        return f"expert:{[one.pk for one in self.world.experts].index(member.expert_id)}"

    def confirm(self, *members: Member) -> None:
        for member in members:
            self.act("confirm_seat", self.seat(member), member_id=member.pk)

    def confirmed_panel(self) -> list[Member]:
        """Qingdao: drawn, delivered and confirmed."""
        self.draw()
        self.deliver()
        self.confirm(*self.members("invited"))
        self.sweep()
        return self.members("confirmed")

    def elect(self) -> Member:
        members = self.members("confirmed")
        election = Election.objects.get(case_id=self.case_id, closed_at__isnull=True)
        for member in members:
            self.act("cast_ballot", self.seat(member), election_id=election.pk, choice_id=members[0].pk)
        return self.member(members[0])

    def push(self) -> list[Member]:
        self.chance("commit_draw")
        return self.members("pushed")

    def agreed(self, count: int = 5) -> list[Member]:
        """Nanning: pushed, picked and agreed, of two specialties at least."""
        pushed = self.push()
        other = next(one for one in pushed if one.fitting_tags != pushed[0].fitting_tags)
        chosen = [pushed[0], other, *(one for one in pushed[1:] if one.pk != other.pk)][:count]
        self.act("pick_candidates", request_id=self.request_id, member_ids=[one.pk for one in chosen])
        for one in chosen:
            self.act("record_contact", member_id=one.pk, outcome="consent")
        return [self.member(one) for one in chosen]

    def listed(self, count: int = 5) -> list[Member]:
        """Nanning: the final list stands, the first one leads."""
        chosen = self.agreed(count)
        self.act(
            "confirm_list",
            request_id=self.request_id,
            member_ids=[one.pk for one in chosen],
            leader_member_id=chosen[0].pk,
        )
        self.sweep()
        return self.members("confirmed")

    def deadlines(self, name: str) -> list[Deadline]:
        return list(
            Deadline.objects.filter(
                case_id=self.case_id, name=name, met_at__isnull=True, performed_at__isnull=True
            )
        )


def make(world: World, clock: FixedClock, needs: list[tuple[str, int, bool]], **fields: Any) -> Scene:
    """A review of this city that is ready for its draw."""
    at = clock.now()
    record = in_force(world.pack_id, at.date())
    assert record is not None
    case = Case.objects.create(
        reference=f"LZ-{world.division.code}-2026-{world.next():06d}",
        kind="review",
        title="虚构深基坑专项施工方案",
        division=world.division,
        is_city_run=True,
        pack=record,
        state="ready",
        requested_on=at.date(),
        opened_at=at,
    )
    for name in PARTIES:
        Party.objects.create(case=case, organization=world.unit(name), role=name, joined_at=at)
    request = PanelRequest.open(
        case,
        needs=needs,
        at=at,
        **{
            "pool": world.pool,
            "mode": "push" if world.city == "nanning" else "direct",
            "work_kind": "deep_pit",
            "lineage": "line-1",
            "organizer": world.unit("contractor"),
            "risk_level": "重大风险",
            "is_risk_confirmed": True,
            "touches_other_specialties": any(extra for _, _, extra in needs),
            "meeting_mode": "on_site",
            "meeting_at": at + timedelta(days=10),
            "meeting_place": "虚构路1号",
            "requested_by": "test",
            **fields,
        },
    )
    enter_steps(case, *TO_REQUEST, at=at)
    return Scene(world, clock, case.pk, request.pk)


@pytest.fixture(autouse=True)
def _one_chance() -> Any:
    """The same dice in every run: seeds count upward."""
    counter = iter(range(10**6))
    entropy.install(lambda: next(counter).to_bytes(32, "big"))
    yield
    entropy.install_system()


@pytest.fixture
def qingdao(db: None, clock: FixedClock) -> Callable[..., Scene]:
    """``qingdao()``: five of geotechnics; ``experts``, ``needs`` and fields of the request can be given."""

    def tell(needs: list[tuple[str, int, bool]] | None = None, *, experts: int = 20, **fields: Any) -> Scene:
        return make(build("qingdao", experts=experts), clock, needs or [("geotechnics", 5, False)], **fields)

    return tell


@pytest.fixture
def nanning(db: None, clock: FixedClock) -> Callable[..., Scene]:
    """``nanning()``: a push for a deep pit."""

    def tell(*, experts: int = 20, **fields: Any) -> Scene:
        return make(build("nanning", experts=experts), clock, [], **fields)

    return tell
