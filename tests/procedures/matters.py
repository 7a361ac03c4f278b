"""A matter taken through its acts by the people of one city."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lunheng.accounts.models import Account
from lunheng.cases.acts import REGISTRY
from lunheng.clockwork.sweep import drain
from lunheng.core.actor import Actor, Role
from lunheng.core.verdict import Verdict
from lunheng.documents.models import Document
from lunheng.notices.models import Notice
from lunheng.procedures.models import Proceeding
from tests.factories.refusals import refusal
from tests.plans.hand import Hand

IDENTITIES = {1: "450102198506150005", 2: "370202198506150000", 3: "370202199001010007"}
"""Made up, with right check characters; they belong to nobody."""


def newcomer(name: str, number: int) -> Account:
    """Somebody with an account and no seat, as the door of a city makes one."""
    return Account.objects.create_account(
        phone=f"+861990099{number:04d}", name=f"虚构·{name}申请人", verified_by="test"
    )


@dataclass
class Matter:
    """One city, an applicant, and what they do one after the other."""

    hand: Hand
    account: Account
    number: int = 0
    proceeding_id: int = 0
    identities: dict[int, str] = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """The applicant."""
        return Actor(self.account.reference, Role.PUBLIC, name=self.account.name)

    @property
    def proceeding(self) -> Proceeding:
        """The matter as it is now."""
        return Proceeding.objects.get(pk=self.proceeding_id)

    @property
    def standing(self) -> tuple[str, str]:
        """State and step."""
        found = self.proceeding
        return found.state, found.step

    @property
    def notice(self) -> Notice:
        """The last public notice."""
        return Notice.objects.filter(case=self.proceeding.case, kind="notice").latest("id")

    def document(self, actor: Actor | None = None) -> int:
        """A file that the applicant uploaded."""
        self.number += 1
        return Document.objects.create(
            sha256=f"{self.number:064x}",
            name="职称证书.pdf",
            media_type="application/pdf",
            size=1000,
            uploaded_by=(actor or self.actor).reference,
            uploaded_at=self.hand.now,
        ).pk

    def form(self, **fields: Any) -> dict[str, Any]:
        """An application that meets every condition, with what the test changes."""
        world = self.hand.world
        given = {
            "name": self.account.name,
            "identity_number": IDENTITIES[1 if world.city == "nanning" else 2],
            "organization_code": world.unit("newcomer-unit").code,
            "title": "高级工程师",
            "has_senior_title": True,
            "years": 15,
            "specialties": ["geotechnics"],
            "registration": "",
            "evidence": [self.document()],
            "is_voluntary" if world.city == "nanning" else "is_true": True,
        }
        return {**given, **fields}

    def by(self, seat: str | Actor) -> Actor:
        """An actor by the name of the seat; ``applicant`` is the applicant."""
        if isinstance(seat, Actor):
            return seat
        return self.actor if seat == "applicant" else self.hand.world.actor(seat)

    def act(self, seat: str | Actor, name: str, /, **arguments: Any) -> Any:
        """Perform an act now."""
        return REGISTRY[name].perform(**arguments, actor=self.by(seat), at=self.hand.now)

    def refused(self, seat: str | Actor, name: str, /, **arguments: Any) -> Verdict:
        """An act that must be refused, and leaves the matter as it was; returns the verdict."""
        before = list(Proceeding.objects.order_by("pk").values())
        with refusal(name, self.by(seat).reference) as verdicts:
            self.act(seat, name, **arguments)
        assert list(Proceeding.objects.order_by("pk").values()) == before
        return verdicts[0]

    def apply(self, **fields: Any) -> Proceeding:
        """The application is handed in."""
        made: Proceeding = self.act(
            "applicant",
            "pools.open_proceeding",
            pool_id=self.hand.world.pool.pk,
            procedure="admission",
            data=self.form(**fields),
        )
        self.proceeding_id = made.pk
        return made

    def step(self, seat: str | Actor, step: str, outcome: str, **given: Any) -> Any:
        """Take a step."""
        return self.act(
            seat,
            "procedures.take_step",
            **{"proceeding_id": self.proceeding_id, "step": step, "outcome": outcome, **given},
        )

    def no_step(self, seat: str | Actor, step: str, outcome: str, **given: Any) -> Verdict:
        """A step that must be refused."""
        return self.refused(
            seat,
            "procedures.take_step",
            **{"proceeding_id": self.proceeding_id, "step": step, "outcome": outcome, **given},
        )

    def accept(self, **data: Any) -> Any:
        """The keeper of the pool accepts."""
        return self.step("station", "approval", "accept", data={"has_rich_experience": False, **data})

    def post(self, days: int = 5) -> Notice:
        """The bureau posts the public notice."""
        last_day = self.hand.now.date() + timedelta(days=days)
        self.step("bureau", "notice", "post", last_day=last_day)
        return self.notice

    def wait(self, until: datetime | None = None, **span: int) -> None:
        """Time passes, and the sweep does its part."""
        self.hand.clock.set(until or self.hand.now + timedelta(**span))
        drain(self.hand.now)

    def to_publication(self) -> None:
        """Applied, accepted, noticed without objection."""
        self.apply()
        self.accept()
        self.wait(until=self.post().ends_at)


def clauses(verdict: Verdict) -> list[str]:
    """The numbers of the clauses in order."""
    return [reason.clause.number for reason in verdict.reasons]
