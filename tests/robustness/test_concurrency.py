"""At the same moment: one wins, the other reads why not, and what falls due is answered once. On PostgreSQL by row
locks, on SQLite by its one writer at a time: the tests are the same."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import Any, cast

import pytest
from django.db import IntegrityError, OperationalError, connection, connections

from lunheng.cases import locks
from lunheng.cases.acts import REGISTRY
from lunheng.cases.models import Case, Deadline
from lunheng.cases.queries import chain_faults
from lunheng.clockwork.sweep import sweep
from lunheng.jobs import ticks
from lunheng.jobs.models import Tick
from lunheng.ledger.models import Entry
from lunheng.panels.models import Ballot, Election, Member
from lunheng.panels.queries import rows
from lunheng.pools.models import ServiceRecord
from tests.factories.story import Story
from tests.factories.world import SeatClient
from tests.robustness.at_once import at_once
from tests.robustness.swift import SwiftStory

pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]
ORDER = "《论衡平台运行规则》第四条"
VOTES = "《论衡平台运行规则》第三条"


@pytest.fixture
def drawn(transactional_db: None, qingdao: Story) -> Story:
    """Drawn and delivered."""
    qingdao.ready()
    qingdao.request()
    qingdao.draw()
    return qingdao


@pytest.fixture
def last_seat(drawn: Story) -> tuple[Story, Member]:
    """Four of five have confirmed; the fifth is about to."""
    *others, last = drawn.members("invited")
    for member in others:
        drawn.as_(drawn.seat_of(member)).done("panels.confirm_seat", member_id=member.pk)
    return drawn, last


def answer(client: SeatClient, act: str, body: dict[str, Any]) -> tuple[int, list[str]]:
    """What the interface answers: status, and the clauses of a refusal."""
    response = client.act(act, **body)
    return response.status_code, [reason["clause"] for reason in response.json().get("reasons", [])]


def clauses_of(answers: Iterable[Any]) -> set[str]:
    """Every clause that a refusal among the answers names."""
    return {clause for _, clauses in answers for clause in clauses}


def test_the_last_seat_is_confirmed_by_one_of_two_browsers(last_seat: tuple[Story, Member]) -> None:
    story, last = last_seat
    browsers = [story.world.client(story.seat_of(last)) for _ in range(2)]
    answers = at_once(
        *[partial(answer, one, "panels.confirm_seat", {"member_id": last.pk}) for one in browsers]
    )
    assert sorted(status for status, _ in answers) == [200, 403]
    assert clauses_of(answers) == {ORDER}
    entries = Entry.objects.filter(event="panel.seat_confirmed/1", subject=last.case.reference)
    assert (entries.count(), Deadline.objects.filter(name="meetings.plan_meeting").count()) == (5, 1)
    assert (Case.objects.get(pk=story.case_id).state, chain_faults(last.case.reference)) == ("preparing", [])


@pytest.fixture
def without_locks(last_seat: tuple[Story, Member], monkeypatch: pytest.MonkeyPatch) -> None:
    """Once four have confirmed, read rows without locking them, and go on only when both have read."""
    both_have_read = Barrier(2)

    def read_member(case: Case, member_id: int) -> Member:
        member = Member.objects.select_related("expert", "request", "draw").get(pk=member_id)
        member.case = member.request.case = case
        both_have_read.wait(20)
        return member

    monkeypatch.setattr(locks, "_locking", Case.objects.all)
    monkeypatch.setattr(rows, "member_for_update", read_member)
    if connection.vendor == "sqlite":
        # SQLite's lock is its transaction: IMMEDIATE takes it before the first look.
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "transaction_mode", "DEFERRED")
        monkeypatch.setitem(connections.settings["default"]["OPTIONS"], "timeout", 5)


@pytest.mark.usefixtures("without_locks")
def test_without_the_lock_the_second_would_stumble_instead_of_reading_why(
    last_seat: tuple[Story, Member],
) -> None:
    story, last = last_seat
    act, actor = REGISTRY["panels.confirm_seat"], story.world.actor(story.seat_of(last))

    def confirm() -> Entry | Exception:
        try:
            return cast(Entry, act.perform(member_id=last.pk, actor=actor, at=story.clock.now()))
        except Exception as error:
            return error

    first, second = sorted(at_once(confirm, confirm), key=lambda one: isinstance(one, Exception))
    assert isinstance(first, Entry)
    assert isinstance(second, IntegrityError | OperationalError)


def test_one_ballot_of_two_from_the_same_member_counts(drawn: Story) -> None:
    members = drawn.confirm_all()
    ballot = {"election_id": Election.objects.get().pk, "choice_id": members[0].pk}
    browsers = [drawn.world.client(drawn.seat_of(members[0])) for _ in range(2)]
    answers = at_once(*[partial(answer, one, "panels.cast_ballot", ballot) for one in browsers])
    assert (sorted(status for status, _ in answers), clauses_of(answers)) == ([200, 403], {VOTES})
    assert Ballot.objects.count() == 1


def test_all_ballots_at_once_elect_one_leader(drawn: Story) -> None:
    members = drawn.confirm_all()
    ballot = {"election_id": Election.objects.get().pk, "choice_id": members[2].pk}
    browsers = [drawn.world.client(drawn.seat_of(member)) for member in members]
    answers = at_once(*[partial(answer, one, "panels.cast_ballot", ballot) for one in browsers])
    assert [status for status, _ in answers] == [200] * 5
    assert (drawn.leader(), Ballot.objects.count()) == (members[2], 5)


def test_one_vote_on_the_plan_of_two_from_the_same_member_counts(drawn: Story) -> None:
    drawn.confirm_all()
    drawn.elect()
    drawn.prereview()
    drawn.start_meeting()
    member = drawn.members("confirmed")[0]
    vote = {"member_id": member.pk, "conclusion": "approved", "items": [drawn.item()]}
    browsers = [drawn.world.client(drawn.seat_of(member)) for _ in range(2)]
    answers = at_once(*[partial(answer, one, "reports.cast_vote", vote) for one in browsers])
    assert (sorted(status for status, _ in answers), clauses_of(answers)) == ([200, 403], {VOTES})
    assert Entry.objects.filter(event__startswith="vote.").count() == 1


def reviews(story: Story, count: int) -> list[Story]:
    """So many reviews of one city, drawn and delivered: five answers are awaited in each."""
    made: list[Story] = []
    for _ in range(count):
        one = SwiftStory(story.world, story.clock, papers=story.papers)
        one.ready()
        one.request()
        one.draw()
        story.papers = one.papers
        made.append(one)
    return made


def test_two_sweepers_answer_fifty_deadlines_once_each(transactional_db: None, qingdao: Story) -> None:
    made = reviews(qingdao, 10)
    qingdao.clock.advance(hours=6)
    due = Deadline.objects.filter(name="panels.expire_invitation", due_at__lte=qingdao.clock.now())
    assert due.count() == 50
    sweeper = partial(sweep, qingdao.clock.now(), pause=lambda _: None)
    at_once(sweeper, sweeper)
    entries = Counter(
        Entry.objects.filter(event="panel.invitation_expired/1").values_list("subject", flat=True)
    )
    expired = {case.reference: 5 for case in Case.objects.filter(pk__in=[one.case_id for one in made])}
    records = ServiceRecord.objects.filter(kind="no_answer")
    silent = Counter(records.values_list("file", "review").order_by())
    asked = Counter(
        Member.objects.filter(state="silent").values_list("expert__file", "case__reference").order_by()
    )
    # A review's own chain holds five, and the file of each expert one for every review that heard nothing.
    assert {subject: count for subject, count in entries.items() if subject in expired} == expired
    assert (silent, silent.total(), due.filter(performed_at=None).count()) == (asked, 50, 0)


def test_after_two_sweepers_every_lost_seat_was_refilled_once(transactional_db: None, qingdao: Story) -> None:
    made = reviews(qingdao, 2)
    qingdao.clock.advance(hours=6)
    sweeper = partial(sweep, qingdao.clock.now(), pause=lambda _: None)
    for _ in range(3):
        at_once(sweeper, sweeper)
    for one in made:
        states = Counter(member.state for member in one.members())
        replaced = Counter(member.replaces_id for member in one.members("invited"))
        assert (states, set(replaced.values())) == ({"silent": 5, "invited": 5}, {1})
        assert chain_faults(Case.objects.get(pk=one.case_id).reference) == []


@pytest.mark.parametrize("is_new", [True, False])
def test_a_tick_has_one_winner_among_eight(drawn: Story, is_new: bool) -> None:
    at = drawn.clock.now()
    if not is_new:
        Tick.objects.create(name="duty", due_at=at - timedelta(hours=1))
    claim = partial(ticks.claim, "duty", every=timedelta(seconds=1), at=at)
    assert Counter(at_once(*[claim] * 8)) == {True: 1, False: 7}
