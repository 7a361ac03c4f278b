"""The queue of cases: in the order of the law's time limits, narrowed in the address, and what the desk counts of it."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook  # type: ignore[import-untyped]

from lunheng.cases.models import Case, Deadline
from lunheng.desk.queries.turns import WITHOUT_LIMIT
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Access
from lunheng.organizations.models import Organization
from lunheng.reports.models import Breach
from lunheng.works.models import Project
from tests.factories.story import Story
from tests.factories.world import build

pytestmark = pytest.mark.django_db
CASES = "/cases/"
REFERENCE = re.compile(r'data-label="编号" class="short"><a href="/cases/(\d+)/">')
TOTAL = re.compile(r"共 (\d+) 条")
NUMBER = re.compile(r'<li><a href="([^"]+)"><strong>(\d+)</strong> ([^<]+)</a></li>')


@pytest.fixture
def story(clock: FixedClock) -> Story:
    return Story(build("qingdao", experts=8), clock)


@pytest.fixture
def three(story: Story) -> list[Case]:
    """Three reviews of three projects: one overdue since three days, one with a time limit to come, one without."""
    found = []
    for name in ("虚构甲工程", "虚构乙工程", "虚构丙工程"):
        story.project()
        Project.objects.filter(pk=story.project_id).update(name=name)
        story.work()
        story.review(title=f"{name}的深基坑专项施工方案")
        found.append(Case.objects.get(pk=story.case_id))
    late, running, _ = found
    at = story.clock.now()
    Breach.objects.create(
        case=late, duty="report", clause="《虚构规则》一", due_at=at - timedelta(days=3), recorded_at=at
    )
    Deadline.objects.filter(case__in=found).delete()
    limit = {"clause": "《虚构规则》一", "name": "reports.record_overdue", "subject": "report"}
    Deadline.objects.create(case=running, due_at=at + timedelta(days=2), **limit)
    Deadline.objects.create(
        case=found[2], due_at=at + timedelta(hours=1), **{**limit, "name": "reports.remind_upload"}
    )
    return found


def page(story: Story, seat: str, address: str, status: int = 200, **data: Any) -> str:
    answer = story.as_(seat).get(address, **data)
    assert answer.status_code == status
    text: str = answer.content.decode()
    return text


def listed(story: Story, seat: str = "contractor", **data: Any) -> list[int]:
    """The cases that the list shows, in its order."""
    return [int(key) for key in REFERENCE.findall(page(story, seat, CASES, **data))]


def test_d5_what_is_overdue_stands_first_with_its_days_and_a_reminder_is_no_time_limit(
    story: Story, three: list[Case]
) -> None:
    late, running, without = three

    shown = page(story, "contractor", CASES)

    assert listed(story) == [late.pk, running.pk, without.pk]
    assert ("已逾期 3 天" in shown, "剩 2 天" in shown, "这一步没有规定时限" in shown) == (True, True, True)


def test_d5_the_page_of_an_overdue_review_says_so_like_the_list(story: Story, three: list[Case]) -> None:
    late, _, without = three

    shown = [page(story, "station", f"{CASES}{one.pk}/") for one in (late, without)]

    assert [("已逾期 3 天" in text, "系统自动记录逾期，仍可补传" in text) for text in shown] == [
        (True, True),
        (False, False),
    ]


def test_d1_the_card_of_a_review_tells_no_reminder_as_its_time_limit(story: Story, three: list[Case]) -> None:
    _, running, only_reminded = three

    shown = [page(story, "contractor", f"{CASES}{one.pk}/") for one in (running, only_reminded)]

    assert [WITHOUT_LIMIT in text for text in shown] == [False, True]


def test_d5_every_number_of_the_desk_is_the_number_of_rows_of_the_list_it_opens(
    story: Story, three: list[Case]
) -> None:
    Case.objects.filter(pk=three[1].pk).update(state="confirming")
    Case.objects.filter(pk=three[2].pk).update(state="cancelled")

    numbers = NUMBER.findall(page(story, "contractor", "/desk/"))

    assert [(label, int(count)) for _, count, label in numbers] == [
        ("全部案件", 3),
        ("办理中", 2),
        ("专家确认中", 1),
        ("已逾期", 1),
    ]
    opened = [page(story, "contractor", url.replace("&amp;", "&")) for url, _, _ in numbers]
    assert [TOTAL.search(one)[1] for one in opened] == [count for _, count, _ in numbers]  # type: ignore[index]


def test_d21_the_list_is_narrowed_by_time_limit_phase_district_day_and_conclusion(
    story: Story, three: list[Case]
) -> None:
    late, running, without = three
    Case.objects.filter(pk=running.pk).update(state="confirming", district_id=None)
    Case.objects.filter(pk=without.pk).update(opened_at=story.clock.now() - timedelta(days=40))
    day = f"{timezone.localtime(story.clock.now()).date() - timedelta(days=1):%Y-%m-%d}"
    place = story.world.division.code

    found = {
        "late": listed(story, overdue="late"),
        "running": listed(story, overdue="running"),
        "none": listed(story, overdue="none"),
        "phase": listed(story, state="confirming"),
        "since": listed(story, since=day),
        "until": listed(story, until=day),
        "conclusion": listed(story, conclusion="approved"),
        "elsewhere": listed(story, place=place) != listed(story),
        "unknown": listed(story, state="no such state"),
    }

    assert found == {
        "late": [late.pk],
        "running": [running.pk],
        "none": [without.pk],
        "phase": [running.pk],
        "since": [late.pk, running.pk],
        "until": [without.pk],
        "conclusion": [],
        "elsewhere": True,
        "unknown": [],
    }


def test_d21_projects_and_units_are_searched_however_they_are_typed(story: Story, three: list[Case]) -> None:
    unit = Organization.objects.get(pk=three[0].review.contractor_id)
    unit.name = "虚构（青岛）建设集团"
    unit.save()

    assert listed(story, text="虚构乙工程") == [three[1].pk]
    assert listed(story, text=three[2].reference.lower()) == [three[2].pk]
    assert listed(story, text="虚构(青岛) 建设集团") == [one.pk for one in three]
    assert listed(story, text="没有的工程") == []


def test_d14_a_page_that_does_not_exist_is_said_with_the_last_that_does(
    story: Story, three: list[Case]
) -> None:
    assert "没有第 999 页，共 1 页" in page(story, "contractor", CASES, 404, page="999")
    assert "没有第 甲 页，共 1 页" in page(story, "contractor", CASES, 404, page="甲")


def test_d21_the_export_holds_what_the_list_shows_and_is_kept(story: Story, three: list[Case]) -> None:
    Case.objects.filter(pk=three[0].pk).update(title="=HYPERLINK(1)")

    answer = story.as_("contractor").get(CASES, overdue="late", export="xlsx")

    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert [row[:2] for row in rows] == [("编号", "方案"), (three[0].reference, "'=HYPERLINK(1)")]
    kept = Access.objects.get(kind="export")
    assert (kept.what, kept.role) == ("论证案件（1 条）", "contractor")


def test_whoever_is_not_logged_in_exports_nothing(story: Story, three: list[Case]) -> None:
    answer = story.as_("public").get(CASES, export="xlsx")

    assert (answer.status_code, answer["location"][:7]) == (302, "/login/")
    assert not Access.objects.filter(kind="export").exists()


def test_all_rows_stand_on_one_page_for_paper(story: Story, three: list[Case]) -> None:
    shown = page(story, "contractor", CASES, print="1", overdue="late")

    assert ("时限：已逾期。共 1 条" in shown, "打印本页" in shown) == (True, True)
