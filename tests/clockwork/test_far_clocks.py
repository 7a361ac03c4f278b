"""A review and an application on days for which no notice is out: everything goes on, nothing is breached on a guess."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from lunheng.cases.models import Deadline
from lunheng.clockwork.recounting import recount
from lunheng.clockwork.sweep import drain
from lunheng.core.deadlines import CHINA
from lunheng.jobs import clock as product_clock
from lunheng.jobs.clock import FixedClock
from lunheng.messaging.models import Message
from lunheng.reports.models import Breach, Upload
from tests.factories.story import Story
from tests.factories.world import build

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
DAYS = ("2026-12-28", "2027-02-28", "2028-02-29", "2030-01-01")
EXPERTS = {"qingdao": 22, "nanning": 40}


@pytest.fixture(params=DAYS)
def far(request: pytest.FixtureRequest) -> Iterator[FixedClock]:
    """The product's clock on a day without a notice."""
    at = datetime.fromisoformat(f"{request.param}T09:00:00").replace(tzinfo=CHINA)
    fixed = FixedClock(at)
    product_clock.install(fixed)
    yield fixed
    product_clock.install(product_clock.SystemClock())


def begun(city: str, clock: FixedClock) -> Story:
    """A review whose panel sits."""
    story = Story(build(city, experts=EXPERTS[city]), clock)
    story.ready()
    story.panel()
    story.commit_all()
    return story


@pytest.mark.parametrize("city", ["qingdao", "nanning"])
def test_a_review_goes_its_whole_way(city: str, far: FixedClock) -> None:
    story = begun(city, far)
    story.conclude("approved")

    assert story.state() == "passed"
    assert not Breach.objects.exists()
    assert list(Deadline.objects.exclude(fault="").values_list("name", "fault")) == []


@pytest.mark.parametrize("city", ["qingdao", "nanning"])
def test_whoever_comes_after_a_provisional_limit_is_reminded_and_not_late(city: str, far: FixedClock) -> None:
    story = begun(city, far)
    story.prereview()
    story.start_meeting()
    story.vote("approved")
    story.end_meeting()
    far.advance(days=30)
    for _ in range(2):
        drain(far.now())
        recount(far.now())

    waiting = Deadline.objects.filter(name="reports.record_overdue", met_at=None, performed_at=None)
    assert set(waiting.values_list("is_provisional", flat=True)) == {True}
    assert not Breach.objects.exists()
    assert Message.objects.filter(template="report.upload_reminder").exists()
    assert Message.objects.filter(template="deadline.recounted").exists()
    story.sign(story.compile("approved"))
    story.upload_results()
    assert (story.state(), set(Upload.objects.values_list("is_late", flat=True))) == ("passed", {False})


def test_the_last_day_of_february_is_a_day(far: FixedClock) -> None:
    """Whatever counts months and years from such a day finds one."""
    from lunheng.core.deadlines import Duration, due
    from lunheng.jurisdictions.calendars import work_calendar

    for unit in ("hours", "days", "working_days", "months", "years"):
        limit = due(
            Duration(1, unit, "step", "after", roll=unit != "hours"), far.now(), work_calendar(), "370200"
        )
        assert timedelta(0) < limit.at - far.now() < timedelta(days=380)
