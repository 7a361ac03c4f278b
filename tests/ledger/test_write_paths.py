"""L-03: every write path leaves an entry. The database's own notes say what was written; acts take them, each its own."""

import pytest
from django.db import connection

from lunheng.cases.acts import REGISTRY
from lunheng.clockwork.reconcile import differences
from lunheng.jobs.clock import FixedClock
from lunheng.ledger import coverage, registers, touching
from lunheng.ledger.models import Entry, RowState, Touched
from lunheng.organizations.models import Organization
from tests.factories.story import Story
from tests.factories.world import build

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def notes() -> set[str]:
    """Tables in which rows were written that no act took note of."""
    return set(Touched.objects.values_list("table_name", flat=True)) - set(coverage.WITHOUT_CASE)


def begun(city: str, clock: FixedClock) -> Story:
    story = Story(build(city, experts=22 if city == "qingdao" else 40), clock)
    registers.take_over(clock.now())
    story.ready()
    return story


def revised(story: Story) -> None:
    """From a conclusion with conditions to works that begin."""
    report_id = story.conclude("approved_if_revised")
    contractor, case_id = story.as_("contractor"), story.case_id
    contractor.done(
        "reports.answer_item", report_id=report_id, item=1, answer="changed", place="第4章 第13页", reason=""
    )
    version = story.version()
    contractor.done("reports.submit_revision", case_id=case_id, version_id=version)
    story.approve("technical_director")
    leader = story.as_(story.seat_of(story.leader()))
    leader.done("reports.recheck_revision", case_id=case_id, version_id=version, is_positive=True, items=[])
    page = story.upload("chief_supervisor", "批准页.pdf", kind="approval")
    story.as_("chief_supervisor").done("reports.approve_revision", case_id=case_id, document_id=page)
    contractor.done("reports.start_works", case_id=case_id)
    story.sweep()


def lost(story: Story) -> None:
    """A panel that somebody declines, and that chance completes."""
    story.request()
    story.draw()
    member = story.members("invited")[0]
    story.as_(story.seat_of(member)).done("panels.decline_seat", member_id=member.pk, reason="出差")
    story.sweep()
    story.send()
    story.confirm_all()
    story.elect()


def reached() -> set[str]:
    """The acts whose events are in the log."""
    events = set(Entry.objects.values_list("event", flat=True))
    return {name for name, spec in REGISTRY.items() if spec.event in events}


def test_every_row_that_a_review_writes_is_written_inside_an_act(clock: FixedClock) -> None:
    """From the project to the start of works, with a panel that lost a member on the way."""
    story = begun("qingdao", clock)
    lost(story)
    revised(story)
    assert (notes(), [str(one) for one in differences()]) == (set(), [])
    assert len(reached()) >= 40


def test_every_row_of_a_pushed_panel_is_written_inside_an_act(clock: FixedClock) -> None:
    story = begun("nanning", clock)
    story.panel()
    story.conclude()
    assert (notes(), [str(one) for one in differences()]) == (set(), [])
    assert {"panels.pick_candidates", "panels.record_contact", "panels.confirm_list"} <= reached()


def test_every_covered_table_that_the_acts_write_is_bound(clock: FixedClock) -> None:
    """An act that touched rows names them in its entry: no entry of a review without them."""
    story = begun("qingdao", clock)
    story.panel()
    events = {
        entry.event
        for entry in Entry.objects.exclude(subject=registers.SUBJECT)
        if not RowState.objects.filter(entry=entry).exists()
    }
    # These two are entered together with the step that binds the rows of both.
    assert events <= {"draw.result/1", "message.reported/1"}


def test_a_write_outside_of_an_act_is_noted(clock: FixedClock) -> None:
    """The control."""
    begun("qingdao", clock)
    Organization.objects.filter(pk=Organization.objects.earliest("pk").pk).update(name="虚构")
    assert notes() == {"organizations_organization"}


def test_every_covered_table_is_watched() -> None:
    assert touching.unwatched(connection) == []
