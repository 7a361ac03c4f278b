"""States: every act in every state, and every way from one state to another, against a table written by hand.

The stories are told once. At the moment at which an act is right, with the words of the one whose act it is, the review is put
into every other state, and the very same request is sent: the act is done, or it is refused and nothing has changed.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from lunheng.cases.acts import REGISTRY, act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case, UnlawfulTransition
from lunheng.core.actor import Actor, Role
from lunheng.core.procedures.step import Trait
from lunheng.core.procedures.table import STEPS, is_in_time, may_move
from lunheng.core.workflow import ReviewState
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions.law import in_force
from lunheng.ledger.models import Entry
from tests.access.probing import PERFORMERS
from tests.access.staging import stopped_clock, undone
from tests.access.walking import Walk, settle, tell_nanning, tell_qingdao
from tests.factories.world import SeatClient, build

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("lawful_states.toml").read_text("utf-8"))
ALL = [state.value for state in ReviewState]
ACTS: dict[str, list[str]] = {name: ALL if row == "any" else row for name, row in TABLE["acts"].items()}
ONLY: dict[str, dict[str, Any]] = TABLE["only"]
MOVES = {event: {tuple(pair.split()) for pair in pairs} for event, pairs in TABLE["moves"].items()}
IN_NO_STATE = {
    "plans.open_review", "plans.enter_legacy_review", "panels.add_member", "reports.upload_outside_conclusion",
    "works.register_project", "works.add_party", "works.remove_party", "works.register_work",
    "experts.admit_expert", "experts.change_state", "experts.change_unit", "experts.record_interest",
    "experts.record_qualification",
    "experts.renew_term", "pools.anchor_chains", "pools.anchor_authority", "pools.open_proceeding",
    "pools.enter_days", "pools.declare_year",
    "procedures.take_step", "procedures.draw_sample", "procedures.review_jointly", "procedures.answer_objection", "procedures.withdraw_proceeding", "notices.file_objection",
}  # fmt: skip
"""Acts that begin a review, are refused always, or are none of a review."""


ROLES = {
    "contractor": Role.CONTRACTOR, "technical_director": Role.CONTRACTOR, "subcontractor": Role.SUBCONTRACTOR,
    "sub_technical_director": Role.SUBCONTRACTOR, "agency": Role.AGENCY, "supervisor": Role.SUPERVISOR,
    "chief_supervisor": Role.SUPERVISOR, "owner": Role.OWNER, "designer": Role.DESIGNER, "station": Role.STATION,
    "bureau": Role.BUREAU, "district": Role.DISTRICT, "self": Role.EXPERT, "panel": Role.EXPERT, "leader": Role.EXPERT,
}  # fmt: skip


@dataclass
class Tried:
    """By act, the states in which it was done, and everything else that happened."""

    done: dict[str, set[str]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


class Impatient(SeatClient):
    """A browser whose acts are first tried in every state of the review."""

    def __init__(self, story: "Untimely", name: str) -> None:
        super().__init__(story.world.seats.get(name))
        self.story, self.name = story, name

    def act(self, name: str, /, **body: Any) -> Any:
        self.story.out_of_time(self, name, **body)
        return super().act(name, **body)

    def once(self, name: str, /, **body: Any) -> Any:
        """The act itself."""
        return super().act(name, **body)


@dataclass
class Untimely(Walk):
    """The story of a review, with everything tried out of its time."""

    tried: Tried = field(default_factory=Tried)
    here: set[str] = field(default_factory=set)

    def as_(self, seat: str) -> SeatClient:
        """The browser of a person."""
        if seat not in self.clients:
            has_seat = seat in self.world.seats
            self.clients[seat] = Impatient(self, seat) if has_seat else self.world.client(seat)
        return self.clients[seat]

    def aside(self, name: str, seat: str, /, **body: Any) -> None:
        """What is taken back is told only where it is an act of a review in some state."""
        if name in ACTS:
            super().aside(name, seat, **body)

    def out_of_time(self, client: Impatient, name: str, /, **body: Any) -> None:
        """The same request in every state, each taken back."""
        if name in self.here or name not in ACTS or not self.case_id:
            return
        self.here.add(name)
        found = self.tried.done.setdefault(name, set())
        for state in ALL:
            with undone():
                Case.objects.filter(pk=self.case_id).update(state=state)
                before = Entry.objects.count()
                answer = client.once(name, **body)
                entered = Entry.objects.count() - before
                if answer.status_code == 200:
                    found.add(state)
                elif answer.status_code != 403 or entered:
                    said = answer.content.decode()[:200]
                    self.tried.faults.append(
                        f"{name} in {state}: {answer.status_code}, {entered} entered: {said}"
                    )


@pytest.fixture(scope="module")
def tried(django_db_setup: None, django_db_blocker: Any) -> Iterator[Tried]:
    """Both cities' ways, told once."""
    found = Tried()
    with django_db_blocker.unblock(), stopped_clock() as clock:
        for city, tell in (("qingdao", tell_qingdao), ("nanning", tell_nanning)):
            with undone():
                world = build(city)
                settle(world, clock)
                tell(Untimely(world, clock, tried=found))
        yield found


def test_every_public_act_is_in_the_table() -> None:
    public = {name for name, spec in REGISTRY.items() if spec.is_public and ".trial" not in name}
    ours = {name for name in public if REGISTRY[name].perform.__module__.startswith("lunheng.")}
    assert {*ACTS, *IN_NO_STATE} == ours


def test_the_rows_of_the_steps_are_the_table() -> None:
    """Every act × every state."""
    told = {
        name: [state for state in ALL if is_in_time(STEPS[REGISTRY[name].event], ReviewState(state))]
        for name in ACTS
    }
    assert told == {name: [state for state in ALL if state in row] for name, row in ACTS.items()}


def test_the_rows_of_the_steps_name_the_roles_of_all_who_may() -> None:
    """Every seat of the reviewed table of performers is of a role that the row of the step names."""
    named = {name: {ROLES[seat] for seat in PERFORMERS[name] if seat in ROLES} for name in ACTS}
    left_out = {name: roles - set(STEPS[REGISTRY[name].event].who) for name, roles in named.items()}
    assert {name: roles for name, roles in left_out.items() if roles} == {}


def test_nothing_is_done_out_of_its_time(tried: Tried) -> None:
    """Every act × every state, by the one whose act it is."""
    lawful = {name: set(row) - set(ONLY.get(name, {}).get("without", ())) for name, row in ACTS.items()}
    differing = {
        name: {
            state: state in tried.done.get(name, ()) for state in lawful[name] ^ tried.done.get(name, set())
        }
        for name in lawful
    }
    assert {name: states for name, states in differing.items() if states} == {}
    assert tried.faults == []


def test_a_city_that_draws_directly_draws_once() -> None:
    step, direct, push = STEPS["draw.committed/1"], frozenset({Trait.DIRECT}), frozenset({Trait.PUSH})
    told = {
        traits: [state for state in ALL if is_in_time(step, ReviewState(state), traits)]
        for traits in (direct, push)
    }
    assert told == {direct: ["ready"], push: ["ready", "confirming"]}


def test_every_step_leads_where_the_table_says_and_nowhere_else() -> None:
    """Every step × every pair of states."""
    told = {
        event: {
            (before, after)
            for before, after in product(ALL, ALL)
            if may_move("review", before, after, by=[event])
        }
        for event in STEPS
    }
    assert {event: pairs for event, pairs in told.items() if pairs} == MOVES


def test_every_state_is_reached_and_only_what_ends_has_no_way_on() -> None:
    pairs = set().union(*MOVES.values())
    assert set(ALL) - {after for _, after in pairs} == {"cancelled"}
    assert set(ALL) - {before for before, _ in pairs} == {"failed", "void", "superseded", "cancelled"}


@pytest.mark.parametrize(
    ("event", "before", "after"),
    [("meeting.started/1", "confirming", "meeting"), ("meeting.ended/1", "preparing", "meeting")],
)
def test_a_review_moves_only_by_the_step_that_leads_there(
    event: str, before: str, after: str, clock: FixedClock
) -> None:
    """Another state than the step's own; and the step's way, taken by another step."""
    world = build("qingdao", experts=1)
    case = Case.objects.create(
        reference="LZ-1",
        kind="review",
        title="虚构方案",
        division=world.division,
        pack=in_force(world.pack_id, clock.now().date()),
        state=before,
        opened_at=clock.now(),
    )

    @act(event)
    def hurry(*, case_id: int, actor: Actor, at: datetime) -> None:
        lock(case_id).move(after)

    REGISTRY.pop(f"{hurry.__module__.split('.')[1]}.hurry")
    with pytest.raises(UnlawfulTransition):
        hurry(case_id=case.pk, actor=Actor.system(), at=clock.now())
    case.refresh_from_db()
    assert case.state == before
