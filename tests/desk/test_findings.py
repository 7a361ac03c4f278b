"""What the nightly comparison found, as the station reads it at ten in the evening: of what, in which file, what to do."""

import pytest

from lunheng.cases.models import Case
from lunheng.clockwork.reconcile import compare
from lunheng.desk.queries.tables import TABLES
from lunheng.jobs.clock import FixedClock
from lunheng.ledger import registers
from lunheng.ledger.coverage import NOT_COVERED, OWN_CHECK, covered
from lunheng.ledger.models import Entry, Finding
from lunheng.ledger.queries import entries_of
from lunheng.plans.models import Approval
from tests.factories.steps import strike
from tests.factories.story import Story
from tests.factories.world import build
from tests.ledger.conftest import Site, site  # noqa: F401

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/findings/"


@pytest.fixture
def story(clock: FixedClock) -> Story:
    """A review up to the approvals of its plan; everything before it taken over."""
    made = Story(build("qingdao", experts=8), clock)
    registers.take_over(clock.now())
    made.ready()
    return made


def page_of(story: Story, seat: str, address: str = ADDRESS) -> str:
    return str(story.as_(seat).get(address).content.decode())


def test_every_table_that_a_finding_may_name_has_a_word_of_the_trade() -> None:
    checked = {table for table, reason in NOT_COVERED.items() if reason == OWN_CHECK}
    assert {*covered(), *checked} - set(TABLES) == set()


def test_with_nothing_found_the_page_says_so(story: Story) -> None:
    assert "没有出入" in page_of(story, "station")


def test_an_edited_cell_is_told_by_its_file_and_the_entry_that_knows_better(story: Story) -> None:
    row = Approval.objects.earliest("pk")
    Approval.objects.filter(pk=row.pk).update(signed_by="虚构")
    compare(story.clock.now())
    case = Case.objects.get(pk=story.case_id)
    signed = next(one for one in entries_of(case.reference) if one.event == "plan.approval_signed/1")
    page = page_of(story, "station")
    told = (
        f'href="/cases/{case.pk}/"',
        "方案审查签署的签署人",
        "现在的数据与最后一条存证不一致",
        f'href="/ledger/receipt/{signed.pk}/">方案审查签署</a>',
        '<span class="digest">plan.approval_signed/1</span>',
        f"表 plans_approval 第 {row.pk} 行 signed_by",
        "不要在平台上更正",
    )
    assert [words for words in told if words not in page] == []


def test_a_row_that_is_gone_is_told_by_its_file_all_the_same(story: Story) -> None:
    Approval.objects.latest("pk").delete()
    compare(story.clock.now())
    page = page_of(story, "station")
    assert (f'href="/cases/{story.case_id}/"' in page, "存证中有，现在的数据中没有" in page) == (True, True)


def test_an_office_that_does_not_supervise_the_review_is_told_nothing_of_it(story: Story) -> None:
    Approval.objects.update(signed_by="虚构")
    compare(story.clock.now())
    page = page_of(story, "district")
    assert ("没有出入" in page, "plans_approval" in page) == (True, False)


def test_a_missing_step_is_listed_with_its_file(story: Story) -> None:
    reference = Case.objects.get(pk=story.case_id).reference
    strike(reference, "plan.submitted/1")
    compare(story.clock.now())
    page = page_of(story, "station")
    told = (
        f'href="/cases/{story.case_id}/timeline/"',
        "存证中没有“提交专项施工方案”，应在“方案审查签署”之前 <span",
        '<span class="digest">plan.approval_signed/1</span>',
    )
    assert [words for words in told if words not in page] == []


def test_codes_in_a_finding_stand_behind_their_words(story: Story) -> None:
    entry = Entry.objects.filter(event="plan.submitted/1").latest("recorded_at")
    reason = "表中为 plan.opened/1，正文为 plan.submitted/1"
    at = story.clock.now()
    Finding.objects.create(
        table_name="ledger_entry", key=str(entry.pk), field="event", reason=reason, found_at=at
    )
    told = "表中为 专家查阅方案（plan.opened/1），正文为 提交专项施工方案（plan.submitted/1）"
    assert told in page_of(story, "station")


def test_the_parties_are_refused(story: Story) -> None:
    answer = story.as_("contractor").get(ADDRESS)
    assert (answer.status_code, "存证核对结果只供监督机构查看" in answer.content.decode()) == (403, True)


def test_a_finding_stands_above_what_is_due(story: Story) -> None:
    registers.take_over(story.clock.now())
    story.world.division.__class__.objects.update(region="虚构")
    compare(story.clock.now())
    page = page_of(story, "station", "/desk/")
    assert (page.count("存证核对发现出入"), page.count("须查清"), f'href="{ADDRESS}"' in page) == (1, 1, True)


def test_a_log_that_stands_still_is_told_to_the_station_and_to_nobody_else(story: Story) -> None:
    story.clock.advance(seconds=120)
    pages = [page_of(story, seat, "/desk/") for seat in ("station", "contractor")]
    assert ["超过 60 秒未编号" in page for page in pages] == [True, False]


def test_a_log_that_moves_alarms_nobody(story: Story, site: Site) -> None:  # noqa: F811
    checkpoint = site.publish()
    assert checkpoint is not None
    site.cosign(checkpoint)
    assert "存证告警" not in page_of(story, "station", "/desk/")
