"""D8: what is collected is shown: refused attempts and accesses, to the supervising office and to the person concerned."""

import io

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from lunheng.cases.models import Case
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.models import Access, RefusedAttempt
from tests.factories.story import Story
from tests.factories.world import build

pytestmark = pytest.mark.django_db
REFUSALS, ACCESSES = "/records/refusals/", "/records/accesses/"
OWN_REFUSALS, OWN_ACCESSES = "/records/mine/refusals/", "/records/mine/accesses/"


@pytest.fixture
def story(clock: FixedClock) -> Story:
    told = Story(build("qingdao", experts=8), clock)
    told.project()
    told.work()
    told.review()
    return told


def page(story: Story, seat: str, address: str, **data: str) -> str:
    answer = story.as_(seat).get(address, **data)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


@pytest.fixture
def refused(story: Story) -> str:
    """The supervising engineer asks for a panel, which is the contractor's act; the reference of the review."""
    assert story.as_("chief_supervisor").refused("plans.request_panel", **story.request_body())
    return Case.objects.get(pk=story.case_id).reference


def test_d8_a_refused_act_is_kept_with_its_file_and_shown_to_the_station_that_supervises_it(
    story: Story, refused: str
) -> None:
    kept = RefusedAttempt.objects.get()
    shown = page(story, "station", REFUSALS)

    assert kept.subject == refused
    message = kept.reasons[0]["message"]
    assert (refused in shown, message in shown, "监理单位" in shown) == (True, True, True)


def test_d8_an_office_that_does_not_supervise_the_review_sees_nothing_of_it(
    story: Story, refused: str
) -> None:
    assert refused not in page(story, "other_district", REFUSALS)
    assert "没有被拒的办理" in page(story, "other_district", REFUSALS)


@pytest.mark.parametrize("address", [REFUSALS, ACCESSES])
@pytest.mark.parametrize("seat", ["contractor", "expert:0", "stranger"])
def test_d8_who_is_no_office_reads_only_the_own_records(story: Story, seat: str, address: str) -> None:
    assert story.as_(seat).get(address).status_code == 403


def test_d8_who_was_refused_reads_why_and_no_other_does(story: Story, refused: str) -> None:
    message = RefusedAttempt.objects.get().reasons[0]["message"]

    assert message in page(story, "chief_supervisor", OWN_REFUSALS)
    assert message not in page(story, "contractor", OWN_REFUSALS)


def test_d8_an_expert_reads_who_opened_the_own_file_and_not_who_opened_others(story: Story) -> None:
    own, other = story.world.experts[0], story.world.experts[1]
    story.as_("station").get(f"/experts/{own.pk}/")
    story.as_("station").get(f"/experts/{other.pk}/")

    shown = page(story, "expert:0", OWN_ACCESSES, whose="others")

    assert (shown.count('data-label="时间"'), "质安中心（站）" in shown, "查看档案" in shown) == (
        1,
        True,
        True,
    )


def test_d8_the_station_sees_who_opened_a_review_and_no_name_of_an_expert(story: Story) -> None:
    case = Case.objects.get(pk=story.case_id)
    story.as_("contractor").get(f"/cases/{case.pk}/")
    expert = story.world.experts[0]
    assert expert.account is not None
    Access.objects.create(
        kind="case", what=case.title, subject=case.reference, account=expert.account.reference,
        role="expert", at=story.clock.now(),
    )  # fmt: skip

    shown = page(story, "station", ACCESSES)

    assert shown.count(case.reference) == 2
    assert expert.name not in shown


def test_d8_the_records_are_exported_and_the_export_is_itself_kept(story: Story, refused: str) -> None:
    answer = story.as_("station").get(REFUSALS, export="xlsx")

    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert (rows[0], rows[1][3]) == (
        ("时间", "何人", "想办理的事项", "案件或档案", "为什么没有办理"),
        refused,
    )
    assert Access.objects.filter(kind="export", role="station").count() == 1
