"""An authority that exists in these tests alone: a prefecture over a layer of its province, begun by ``lunheng city init``.

Its rules are the packs beside this file; no product code names it. Its people of units log in as in every story of the
tests; offices, pool, chains and experts come by the command and by acts.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stdnum.cn import ric

from lunheng.accounts.models import Seat
from lunheng.cli.main import main
from lunheng.jurisdictions.models import Division
from lunheng.panels.models import Member
from lunheng.pools.models import Pool
from tests.factories.chance import draw_by
from tests.factories.story import PARTIES, Story
from tests.factories.world import POSITIONS, ROLES_OF_UNITS, SeatClient, World, session_of_person

HERE = Path(__file__).parent
PACKS = HERE / "packs"
TABLE = HERE / "authority.csv"
PREFECTURE, PROVINCE = "fictional-prefecture-2026", "fictional-province"
DOOR = "fictional-prefecture"
"""The pack without its year: the door by which people log in."""
FIRST_NUMBER = 70000
"""Units and people of this authority are numbered from here: the city beside it has its own numbers."""
SPECIALTIES = (
    ("geotechnics",),
    ("monitoring", "geotechnics"),
    ("construction",),
    ("geotechnics", "structure"),
)
SEATS = {
    "department": "+8619900970001", "bureau": "+8619900970002", "center": "+8619900970003",
    "county": "+8619900970004", "other_county": "+8619900970005",
}  # fmt: skip
"""Whom the table of the authority puts into its offices, by telephone."""


def found() -> World:
    """The authority as the command leaves it, with units that may log in and not one expert yet."""
    assert main(["city", "init", PREFECTURE, "--table", str(TABLE)]) == 0
    home, county, other = (Division.objects.get(pk=code) for code in ("992900", "992922", "992923"))
    pool = Pool.objects.get(key="fictional-prefecture")
    world = World("fictional", home, county, other, PREFECTURE, pool, number=FIRST_NUMBER)
    world.seats = {name: Seat.objects.get(account__phone=phone) for name, phone in SEATS.items()}
    for unit, role in ROLES_OF_UNITS.items():
        world.add_seat(unit, role, unit=unit)
    for seat, (unit, role, position) in POSITIONS.items():
        world.add_seat(seat, role, unit=unit, position=position)
    return world


@dataclass
class Founded(Story):
    """A review in this authority, step by step as its own rules have it."""

    papers: int = 40
    """Pages of its files: no file is that of the city beside it."""

    def as_(self, seat: str) -> SeatClient:
        """The browser of a person who came in through the door of this authority."""
        if seat not in self.clients:
            client = self.clients[seat] = SeatClient(None)
            client.seat = self.world.seat(seat)
            client.sit(session_of_person(client.seat.account, DOOR))
        return self.clients[seat]

    def admit(self, count: int) -> None:
        """The keeper of the pool admits so many experts of distinct units, in turn of these specialties."""
        for index in range(count):
            number = self.world.next()
            body = f"11010119800101{index:03d}"
            self.as_("center").done(
                "experts.admit_expert",
                pool_id=self.world.pool.pk,
                name=f"虚构·专家{index}",
                phone=f"+86199009{number:05d}",
                identity_number=next(body + one for one in "0123456789X" if ric.is_valid(body + one)),
                organization_code=self.world.unit(f"expert-unit-{index}").code,
                title="教授级高级工程师",
                specialties=list(SPECIALTIES[index % len(SPECIALTIES)]),
                years=20,
                has_senior_title=True,
            )
        self.world.meet_newcomers()

    def prepare(self, kind: str, **parameters: Any) -> None:
        """A project of the county, works of this kind, and the plan up to the request."""
        self.project(kind="municipal", is_city_run=False, parties=PARTIES)
        self.work(kind, **parameters)
        self.review(title="虚构专项施工方案")
        self.version()
        self.approve()

    def listed(self) -> list[Member]:
        """The organizer asks, and the system lists everybody who is eligible."""
        self.request(needs=[{"specialty": "geotechnics", "count": 5, "is_extra": False}])
        draw_by(self.as_("contractor").done, "panels.commit_draw", self.request_id)
        return self.members("pushed")

    def seat_panel(self, chosen: list[Member]) -> None:
        """The organizer picks, reaches them, and confirms the list; there is no leader."""
        self.pick(chosen)
        self.consent(chosen)
        self.as_("contractor").done(
            "panels.confirm_list",
            request_id=self.request_id,
            member_ids=[member.pk for member in chosen],
            leader_member_id=None,
        )
        self.sweep()
        self.send()

    def meet(self, **others: str) -> None:
        """The meeting is held and everybody votes 修改后通过, but for the others."""
        self.prereview()
        self.start_meeting()
        self.vote("approved_if_revised", **others)
        self.end_meeting()

    def report(self, writer: str) -> Any:
        """The report, compiled by this seat; the answer of the interface."""
        return self.as_(writer).act(
            "reports.compile_report",
            case_id=self.case_id,
            conclusion="approved_if_revised",
            items=[self.item()],
            three_questions={"complete": "完整", "calculation": "符合标准", "site": "满足现场实际"},
            summary="方案总体可行",
        )

    def recheck(self, member: Member) -> None:
        """One member agrees to the revised plan."""
        self.as_(self.seat_of(member)).done(
            "reports.recheck_revision",
            case_id=self.case_id,
            version_id=self.version_id,
            is_positive=True,
            items=[],
        )
