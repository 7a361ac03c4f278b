"""The timeline of a case for people: who, what, when, by which clause, and the proof of each line one click away."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lunheng.cases.models import Case
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Access, Entry, Payload
from lunheng.ledger.queries import entries_of
from tests.factories.story import Story
from tests.factories.world import build
from tests.ledger.conftest import Site, site  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(clock: FixedClock) -> Story:
    """A plan that the contractor submitted and had approved."""
    made = Story(build("qingdao", experts=8), clock)
    made.ready()
    return made


def entries(story: Story) -> list[Entry]:
    found = entries_of(Case.objects.get(pk=story.case_id).reference)
    return list(found.select_related("sequence", "payload"))


def page_of(story: Story, seat: str, **query: str) -> str:
    return str(story.as_(seat).get(f"/cases/{story.case_id}/timeline/", **query).content.decode())


def test_every_line_says_what_was_done_by_which_clause_and_leads_to_its_proof(story: Story) -> None:
    page = page_of(story, "contractor")
    links = [f'href="/ledger/receipt/{entry.pk}/"' for entry in entries(story)]
    assert [link for link in links if page.count(link) != 1] == []
    assert [
        words for words in ("提交方案第1版", "施工单位", "2026年11月24日（周二）09:00") if words not in page
    ] == []


def test_a_line_waits_until_a_checkpoint_covers_it(story: Story, site: Site) -> None:  # noqa: F811
    waiting = page_of(story, "contractor")
    site.publish()
    signed = page_of(story, "contractor")
    made = entries(story)
    assert (waiting.count("待签发"), waiting.count("已签发 #")) == (len(made) + 1, 0)
    assert [signed.count(f"已签发 #{entry.sequence.number} ") for entry in made] == [1] * len(made)
    assert [signed.count(f"/ledger/receipt/{entry.pk}.tlog-proof") for entry in made] == [1] * len(made)


def test_it_can_be_searched(story: Story) -> None:
    page = page_of(story, "contractor", text="没有这样的事项")
    assert ("没有符合条件的办理记录" in page, "/ledger/receipt/" in page) == (True, False)


def test_a_look_at_it_is_kept(story: Story) -> None:
    page_of(story, "chief_supervisor")
    reference = Case.objects.get(pk=story.case_id).reference
    assert Access.objects.filter(kind="timeline", subject=reference).count() == 1


def test_a_stranger_sees_nothing(story: Story) -> None:
    story.world.client("stranger")
    assert story.as_("stranger").get(f"/cases/{story.case_id}/timeline/").status_code == 403


def test_a_lawful_predecessor_that_the_log_lacks_is_named(story: Story) -> None:
    """The row says that experts are being asked; no request of a panel was ever entered."""
    assert "存证有缺口" not in page_of(story, "station")
    Case.objects.filter(pk=story.case_id).update(state="confirming")
    assert "到“专家确认中”之前，存证中没有“申请组成专家组”" in page_of(story, "station")


def test_a_line_whose_content_was_erased_still_says_what_was_done(story: Story) -> None:
    entry = Entry.objects.filter(event="plan.submitted/1").latest("recorded_at")
    erased_at = story.clock.now()
    Payload.objects.filter(entry=entry).update(salt=None, content=None, erased_at=erased_at)
    page = page_of(story, "contractor")
    assert ("plan.submitted/1" in page, "提交专项施工方案" in page, "提交方案第1版" in page) == (
        False,
        True,
        False,
    )


def questions(story: Story) -> int:
    """How many the page asks the database, once packs and templates are known."""
    page_of(story, "contractor")
    with CaptureQueriesContext(connection) as asked:
        page_of(story, "contractor")
    return len(asked)


def test_a_long_timeline_asks_as_many_questions_as_a_short_one(story: Story) -> None:
    short = len(entries(story)), questions(story)
    story.panel()
    long = len(entries(story)), questions(story)
    assert (long[0] > 2 * short[0], long[1]) == (True, short[1])
