"""A story in which, before every act, everybody who must not perform it tries to."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lunheng.ledger.models import Entry
from lunheng.panels.models import Member
from tests.access.staging import undone
from tests.access.walking import Walk
from tests.factories.world import SeatClient, session_of_person

PERFORMERS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("acts.toml").read_text("utf-8"))[
    "performers"
]
SEATS = (
    "contractor", "technical_director", "subcontractor", "sub_technical_director", "supervisor", "chief_supervisor", "owner",
    "designer", "agency", "agency_two", "stranger", "station", "bureau", "district", "other_district", "administrator",
)  # fmt: skip


@dataclass
class Probes:
    """What was tried, and what should have been refused and was not."""

    tried: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


class Prober(SeatClient):
    """A browser whose acts are first tried by everybody else."""

    def __init__(self, story: "ProbedStory", name: str) -> None:
        super().__init__(story.world.seats.get(name))
        self.story, self.name = story, name
        if name in story.world.people:
            self.sit(session_of_person(story.world.people[name], story.world.city))

    def act(self, name: str, /, **body: Any) -> Any:
        self.story.probe(name, self.name, **body)
        return super().act(name, **body)


@dataclass
class ProbedStory(Walk):
    """The story of a review, with everybody trying everything."""

    probes: Probes = field(default_factory=Probes)
    browsers: dict[str, SeatClient] = field(default_factory=dict)

    def as_(self, seat: str) -> SeatClient:
        """The browser of a person."""
        if seat not in self.clients:
            self.clients[seat] = Prober(self, seat)
        return self.clients[seat]

    def meet(self) -> None:
        """Log everybody in before anything is taken back."""
        for seat in (*SEATS, *(name for name in self.world.seats if name.startswith("expert:"))):
            self.browsers[seat] = SeatClient(self.world.seats.get(seat))
        self.browsers["public"] = SeatClient(None)

    def aside(self, name: str, seat: str, /, **body: Any) -> None:
        """Only the others try: what the right one may do elsewhere is told by the ledger's tests."""
        self.probe(name, seat, **body)

    attempt = aside

    def probe(self, name: str, performer: str, /, **body: Any) -> None:
        """Once for each act: everybody outside its row sends the same request."""
        if name in self.probes.tried:
            return
        self.probes.tried.add(name)
        for seat in self._wrong(name, performer):
            with undone():
                entries = Entry.objects.count()
                response = self.browsers[seat].act(name, **body)
                if response.status_code != 403:
                    answer = response.content.decode()[:200]
                    self.probes.faults.append(f"{name} as {seat}: {response.status_code} {answer}")
                if Entry.objects.count() != entries:
                    self.probes.faults.append(f"{name} as {seat}: something was entered")

    def _wrong(self, name: str, performer: str) -> list[str]:
        row = PERFORMERS[name]
        if row == ["everybody"]:
            return []
        experts = self._experts(row)
        wrong = [seat for seat in (*SEATS, *experts, "public") if seat not in row]
        return [seat for seat in dict.fromkeys(wrong) if seat != performer]

    def _experts(self, row: list[str]) -> list[str]:
        """One who sits, one who leads and one who has nothing to do with the case, where the row leaves them out."""
        members = list(Member.objects.filter(case_id=self.case_id or 0).select_related("expert"))
        known = {member.expert_id for member in members}
        outsider = next(one for one in self.world.experts if one.pk not in known)
        found = [self.world.expert_seat(outsider)]
        sitting = [member for member in members if member.state == "confirmed"]
        plain = [self.seat_of(member) for member in sitting if not member.is_leader]
        leaders = [self.seat_of(member) for member in sitting if member.is_leader]
        found += plain[:2] if "panel" not in row else []
        found += leaders if not {"panel", "leader"} & set(row) else []
        return found
