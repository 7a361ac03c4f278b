"""A step whose lawful predecessor is not in the log is refused, whatever the rows say (L-13)."""

from datetime import datetime

import pytest

from lunheng.cases import precedents
from lunheng.cases.acts import REGISTRY, act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.clockwork.reconcile import expected
from lunheng.clockwork.reconcile.nightly import compare
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused
from lunheng.core.events import EVENTS
from lunheng.core.procedures.table import COUNTING, FIRST, HOLDS, STEPS
from lunheng.core.workflow import REVIEW_PHASES
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions.law import in_force
from lunheng.ledger.models import Entry, RefusedAttempt
from tests.cases.lawful_order import BEFORE, BEFORE_STATE, MEANS
from tests.factories.steps import TO_PANEL, TO_REQUEST, enter_steps, strike
from tests.factories.story import Story
from tests.factories.world import World, build

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
ROWS = [(step, needed) for step, all_needed in BEFORE.items() for needed in all_needed]
STANDING = [(state, needed) for state, all_needed in BEFORE_STATE.items() for needed in all_needed]
REMEDY = (
    "请与监督机构联系，告知案件编号 {}：由监督机构查明缺少的存证，按规定补办该步骤或更正记录后，再办理本步骤"
)
STATES_IN_WORDS = {state.value: phase.label for state, phase in REVIEW_PHASES.items()}
NOUNS_OF_OTHER_FILES = {
    "sample",
    "conduct",
    "points",
    "document",
    "matter",
    "calendar",
    "project",
    "work",
    "pool",
    "proceeding",
    "step",
    "notice",
    "objection",
}
ALWAYS_FIRST = {
    "expert.admitted/1",
    "expert.appointed/1",
    "expert.renewed/1",
    "expert.ended/1",
    "expert.restored/1",
}
"""Entered in the file of the expert alone."""


@pytest.fixture
def world(clock: FixedClock) -> World:
    return build("qingdao", experts=1)


def a_review(world: World, clock: FixedClock, *events: str) -> Case:
    """A review whose log holds these events and nothing else; no rows stand behind them."""
    case = Case.objects.create(
        reference=f"LZ-{world.next():06d}",
        kind="review",
        title="虚构方案",
        division=world.division,
        pack=in_force(world.pack_id, clock.now().date()),
        state="drafting",
        opened_at=clock.now(),
    )
    enter_steps(case, *events, at=clock.now())
    return case


def take(case: Case, event: str) -> Entry:
    """Enter an event by an act that asks for nothing, so that only the log itself can be the reason to refuse."""

    @act(event)
    def step(*, case_id: int, actor: Actor, at: datetime) -> Entry:
        return lock(case_id).enter(actor=actor, at=at, data={"label": "虚构", "clause": ""})

    REGISTRY.pop(f"{step.__module__.split('.')[1]}.step")
    return step(case_id=case.pk, actor=Actor.system(), at=case.opened_at)


def words(needed: str) -> str:
    """What people are told of something that is needed."""
    return needed.partition("（")[0]


def others(all_needed: tuple[str, ...], without: str) -> list[str]:
    """One entry for everything else that is needed, none of which would do for the one left out."""
    left = [set(MEANS[needed]) - set(MEANS[without]) for needed in all_needed if needed != without]
    return [min(events) for events in left if events]


def answer(case: Case, event: str) -> str:
    """What the log says to a step: its event when it was entered, the words of the refusal when it was not."""
    try:
        return take(case, event).event
    except Refused as refusal:
        (reason,) = refusal.verdict.reasons
        assert (reason.clause.number, reason.remedy, reason.value) == (
            "第四条",
            REMEDY.format(case.reference),
            "",
        )
        return reason.message


def test_a_step_without_its_predecessor_is_refused(world: World, clock: FixedClock) -> None:
    """Every row: all that the step needs but one."""
    told = {
        (step, needed): answer(a_review(world, clock, *others(BEFORE[step], needed)), step)
        for step, needed in ROWS
    }
    assert told == {(step, needed): f"存证中没有“{words(needed)}”，这一步不能办理" for step, needed in ROWS}


def test_each_entry_that_will_do_is_enough(world: World, clock: FixedClock) -> None:
    """Every row: whichever entry of it is there, with all the rest."""
    told = {
        (step, enough): answer(a_review(world, clock, *others(BEFORE[step], needed), enough), step)
        for step, needed in ROWS
        for enough in MEANS[needed]
    }
    assert told == {(step, enough): step for step, enough in told}


def test_a_step_that_was_entered_without_its_predecessor_is_found_at_night(
    world: World, clock: FixedClock
) -> None:
    """Every row: somebody entered the step past the acts."""
    wanted = set()
    for step, needed in ROWS:
        case = a_review(world, clock, *others(BEFORE[step], needed), step)
        wanted.add((case.reference, f"存证中没有“{words(needed)}”，应在“{EVENTS[step]}”之前（{step}）"))
    assert wanted - found_at_night() == set()


def test_a_state_without_its_entries_is_found_at_night(world: World, clock: FixedClock) -> None:
    """Every row: somebody moved the case on past the acts."""
    wanted = set()
    for state, needed in STANDING:
        case = a_review(world, clock, *others(BEFORE_STATE[state], needed))
        Case.objects.filter(pk=case.pk).update(state=state)
        wanted.add(
            (case.reference, f"存证中没有“{words(needed)}”，应在“{STATES_IN_WORDS[state]}”之前（{state}）")
        )
    assert wanted - found_at_night() == set()


def found_at_night() -> set[tuple[str, str]]:
    """Every gap that the nightly comparison tells, with its file."""
    return {(one.row, one.reason) for one in expected.differences()}


def test_nothing_else_is_asked_for() -> None:
    """The table of the product is the one written down here, nothing more and nothing less."""
    asked = {event: [set(COUNTING[one]) for one in step.after] for event, step in STEPS.items() if step.after}
    states = {state.value: [set(COUNTING[one]) for one in held] for state, held in HOLDS.items()}
    assert asked == {step: [set(MEANS[one]) for one in needed] for step, needed in BEFORE.items()}
    assert states == {state: [set(MEANS[one]) for one in needed] for state, needed in BEFORE_STATE.items()}


def test_every_event_of_a_review_has_its_predecessors_or_a_reason_to_have_none() -> None:
    """Whoever adds an act says what must come before it."""
    ours = [spec for spec in REGISTRY.values() if spec.perform.__module__.startswith("lunheng.")]
    events = {event for spec in ours for event in (spec.event, *spec.further)}
    of_reviews = {
        event for event in events if event.partition(".")[0] not in NOUNS_OF_OTHER_FILES
    } - ALWAYS_FIRST
    assert of_reviews == {*BEFORE, *FIRST}


def test_every_group_has_its_words() -> None:
    told = {frozenset(group): one.words for one, group in COUNTING.items()}
    assert told == {frozenset(events): words(needed) for needed, events in MEANS.items()}


def test_a_step_of_the_same_act_counts(world: World, clock: FixedClock) -> None:
    """A backfill commits and draws in one act."""
    case = a_review(world, clock, *TO_REQUEST)

    @act("draw.committed/1", further=("draw.result/1",))
    def step(*, case_id: int, actor: Actor, at: datetime) -> Entry:
        file = lock(case_id)
        file.enter(actor=actor, at=at, data={"label": "虚构", "clause": ""})
        return file.enter(actor=actor, at=at, data={"label": "虚构", "clause": ""}, event="draw.result/1")

    REGISTRY.pop(f"{step.__module__.split('.')[1]}.step")
    assert step(case_id=case.pk, actor=Actor.system(), at=case.opened_at).event == "draw.result/1"


def test_nothing_is_missing_from_a_log_in_order(world: World, clock: FixedClock) -> None:
    case = a_review(world, clock, *TO_REQUEST, *TO_PANEL)
    assert precedents.gaps(case) == []


def test_what_the_log_lacks_is_told(world: World, clock: FixedClock) -> None:
    case = a_review(world, clock, *TO_REQUEST, *TO_PANEL, "meeting.planned/1")
    strike(case.reference, "draw.result/1")
    assert [str(gap) for gap in precedents.gaps(case)] == ["存证中没有“抽取结果”"]


def test_a_state_that_no_entry_accounts_for_is_told(world: World, clock: FixedClock) -> None:
    """Somebody moved the row on without any step."""
    case = a_review(world, clock, *TO_REQUEST)
    Case.objects.filter(pk=case.pk).update(state="meeting")
    case.refresh_from_db()
    assert [gap.missing for gap in precedents.gaps(case)] == ["抽取结果", "论证会安排", "论证会开始"]


def test_a_state_that_does_not_exist_stops_nobody_from_looking(world: World, clock: FixedClock) -> None:
    case = a_review(world, clock, *TO_REQUEST)
    case.state = "meet1ng"
    assert precedents.gaps(case) == []


@pytest.fixture
def seated(clock: FixedClock) -> Story:
    """A real review whose panel is complete."""
    story = Story(build("qingdao", experts=14), clock)
    story.ready()
    story.panel()
    return story


def test_a_real_step_is_refused_and_kept_and_changes_nothing(seated: Story) -> None:
    """A draw that somebody took out of the log: no member signs, no meeting begins, the page says why."""
    reference = Case.objects.get(pk=seated.case_id).reference
    assert strike(reference, "draw.result/1") == 1
    member = seated.members("confirmed")[0]
    clauses = seated.as_(seated.seat_of(member)).refused("panels.sign_commitment", member_id=member.pk)
    member.refresh_from_db()
    assert (clauses, member.committed_at) == (["《论衡平台运行规则》第四条"], None)
    assert RefusedAttempt.objects.latest("pk").act == "panels.sign_commitment"


def test_a_missing_step_is_shown_on_the_pages_of_the_case_and_on_the_stations_desk(seated: Story) -> None:
    """A draw that somebody took out of the log."""
    strike(Case.objects.get(pk=seated.case_id).reference, "draw.result/1")
    compare(seated.clock.now())
    station, case = seated.as_("station"), f"/cases/{seated.case_id}/"
    pages = [case, f"{case}timeline/", "/desk/findings/"]
    told = {page: "存证中没有“抽取结果”" in station.get(page).content.decode() for page in pages}
    assert told == dict.fromkeys(pages, True)


def test_the_file_of_an_expert_knows_no_order(world: World, clock: FixedClock) -> None:
    """A step of a review leaves a line in it, and its own steps are in the review's log."""
    file = world.experts[0].file
    assert answer(file, "panel.seat_declined/1") == "panel.seat_declined/1"
    assert precedents.gaps(file) == []
