"""Everything that a person does is done twice at the same moment, as by a double click: once it happens, once it is
refused with its reason, and the file has one line more. Told through the whole way of both cities, with two connections."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from django.db.models import Count

from lunheng.accounts.models import Account
from lunheng.cases.acts import REGISTRY
from lunheng.cases.models import Case
from lunheng.cases.queries import chain_faults
from lunheng.experts.models import Expert
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Entry
from tests.access.staging import JUNE
from tests.access.walking import keep_pool
from tests.factories.world import SeatClient, build
from tests.robustness.at_once import at_once
from tests.robustness.ways import Way, tell_nanning, tell_qingdao

pytestmark = pytest.mark.django_db(transaction=True)
REPEATABLE = frozenset(
    {
        "experts.change_state", "experts.change_unit", "experts.record_interest", "experts.renew_term",
        "experts.record_qualification",
        "meetings.ask_site_visit", "meetings.reschedule_meeting", "meetings.sign_in", "meetings.sign_in_member",
        "panels.file_leak", "panels.pick_candidates", "panels.record_contact", "panels.sign_commitment",
        "plans.open_version", "reports.answer_defects", "reports.answer_item", "reports.upload_result",
        "reports.upload_signed_report", "works.register_project", "works.register_work",
    }
)  # fmt: skip
"""What may lawfully be done once more in the same words: whoever may stutter names a key."""


@dataclass
class Pairs:
    """The acts that came twice at once, and what is wrong with how they were answered."""

    tried: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Twin(SeatClient):
    """A browser that sends every act twice at the same moment, the first time that anybody performs it."""

    pairs: Pairs

    def act(self, name: str, /, **body: Any) -> Any:
        if name in self.pairs.tried:
            return super().act(name, **body)
        before = entered(name)
        self.http.raise_request_exception = False
        self.pairs.tried[name] += 1
        headers = {"Idempotency-Key": str(self.pairs.tried.total())} if name in REPEATABLE else {}
        send = partial(
            self.http.post, f"/api/acts/{name}", body, content_type="application/json", headers=headers
        )
        one, other = sorted(at_once(send, send), key=lambda answer: answer.status_code)
        self.pairs.faults += faults_of(name, one, other, entered(name) - before)
        return one


def faults_of(name: str, one: Any, other: Any, more: Counter[str]) -> Iterator[str]:
    """What is wrong with a pair of answers, or with what was entered."""
    if name in REPEATABLE:
        is_well = one.status_code == other.status_code == 200 and one.json() == other.json()
    else:
        is_well = (one.status_code, other.status_code) == (200, 403) and bool(other.json()["reasons"])
    if not is_well:
        yield f"{name}: {one.status_code}, {other.status_code} {other.content.decode()[:300]}"
    if set(more.values()) != {1}:
        yield f"{name}: entered {dict(more)}"


def entered(name: str) -> Counter[str]:
    """How often each file has what this act enters."""
    rows = (
        Entry.objects.filter(event=REGISTRY[name].event)
        .order_by()
        .values_list("subject")
        .annotate(Count("pk"))
    )
    return Counter(dict(rows))


@dataclass
class TwinStory(Way):
    """A story whose every step is taken twice at once."""

    pairs: Pairs = field(default_factory=Pairs)

    def as_(self, seat: str) -> SeatClient:
        """The browser of a person."""
        if seat not in self.clients:
            sitting = self.world.seats.get(seat)
            if sitting is not None:
                # Whom the story admits to the pool comes in as all others do: by the identity service.
                Account.objects.filter(pk=sitting.account_id, verified_by="").update(verified_by="test")
            self.clients[seat] = Twin(sitting)
            self.clients[seat].pairs = self.pairs  # type: ignore[attr-defined]
        return self.clients[seat]


def test_whom_the_story_admits_to_the_pool_it_knows_when_he_is_drawn(clock: FixedClock) -> None:
    clock.set(JUNE)
    story = TwinStory(build("qingdao"), clock)
    keep_pool(story)
    newcomer = story.world.experts[-1]
    everybody = set(Expert.objects.filter(pool=story.world.pool).values_list("pk", flat=True))
    assert {one.pk for one in story.world.experts} == everybody
    assert story.world.seat(story.world.expert_seat(newcomer)).expert == newcomer.reference


@pytest.mark.parametrize(("city", "acts"), [("qingdao", 44), ("nanning", 15)])
def test_every_step_taken_twice_at_once_is_taken_once(clock: FixedClock, city: str, acts: int) -> None:
    clock.set(JUNE)
    story = TwinStory(build(city), clock)
    {"qingdao": tell_qingdao, "nanning": tell_nanning}[city](story)
    assert story.pairs.faults == []
    assert len(story.pairs.tried) >= acts
    assert [one.reference for one in Case.objects.all() if chain_faults(one.reference)] == []
