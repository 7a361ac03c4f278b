"""What somebody changes behind the acts is found: table, row and field."""

from collections.abc import Callable

import pytest

from lunheng.cases.models import Case
from lunheng.clockwork.reconcile import Difference, differences
from lunheng.jobs.clock import FixedClock
from lunheng.meetings.models import Meeting
from lunheng.panels.models import Draw
from lunheng.plans.models import Approval, PlanVersion
from lunheng.reports.models import Report
from tests.factories.story import Story
from tests.factories.world import build

pytestmark = pytest.mark.django_db


def found() -> list[tuple[str, int, str, str, str | None]]:
    return [(one.table, one.row, one.field, one.stored, one.entered) for one in differences()]


def change_granted() -> tuple[str, int, str, str, str | None]:
    row = Approval.objects.latest("pk")
    Approval.objects.filter(pk=row.pk).update(is_granted=False, reason="")
    return ("plans_approval", row.pk, "is_granted", "False", "True")


def change_conclusion() -> tuple[str, int, str, str, str | None]:
    row = Report.objects.get()
    Report.objects.update(conclusion="not_approved")
    return ("reports_report", row.pk, "conclusion", "not_approved", row.conclusion)


def change_draw() -> tuple[str, int, str, str, str | None]:
    row = Draw.objects.latest("pk")
    Draw.objects.filter(pk=row.pk).update(document={**row.document, "commit": "0" * 64})
    return ("panels_draw", row.pk, "document", "0" * 64, row.document["commit"])


def change_version() -> tuple[str, int, str, str, str | None]:
    row = PlanVersion.objects.latest("pk")
    PlanVersion.objects.filter(pk=row.pk).update(number=9)
    Approval.objects.filter(version=row).delete()
    return ("plans_planversion", row.pk, "number", "9", None)


def invent_meeting() -> tuple[str, int, str, str, str | None]:
    meeting = Meeting.objects.get()
    Meeting.objects.update(number=7)
    return ("meetings_meeting", meeting.pk, "started_at", str(meeting.started_at), None)


def test_a_meeting_that_no_act_planned_or_began_is_found(story: Story) -> None:
    expected = invent_meeting()
    assert found() == [expected, expected]


CHANGES = (change_granted, change_conclusion, change_draw, change_version)


@pytest.fixture
def story(clock: FixedClock) -> Story:
    """A review from the plan to its report."""
    made = Story(build("qingdao"), clock)
    made.project()
    made.work()
    made.review()
    made.version()
    made.approve()
    made.panel()
    made.conclude()
    return made


def test_what_the_acts_wrote_is_what_they_entered(story: Story) -> None:
    assert found() == []


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_behind_the_acts_is_named(
    change: Callable[[], tuple[str, int, str, str, str | None]], story: Story
) -> None:
    assert found() == []
    expected = change()
    assert found() == [expected]


def test_a_head_that_was_moved_is_found(story: Story) -> None:
    Case.objects.filter(kind="review").update(entry_count=1)
    assert [one.table for one in differences()] == ["ledger_entry"]


def test_a_difference_is_told_in_words() -> None:
    told = [str(Difference("LZ-1", "t", 7, "f", "a", entered)) for entered in ("b", None)]
    assert told == ["LZ-1：表 t 第 7 行 f 为 a，存证为 b", "LZ-1：表 t 第 7 行 f 为 a，没有对应的存证"]


def test_a_revised_plan_is_what_its_acts_entered(clock: FixedClock) -> None:
    story = Story(build("qingdao"), clock)
    story.project()
    story.work()
    story.review()
    story.version()
    story.approve()
    story.panel()
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
    assert found() == []
