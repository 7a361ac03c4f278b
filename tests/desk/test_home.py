"""The first page of every seat: what waits, and nothing else."""

import pytest

from tests.factories.story import Story
from tests.factories.world import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(clock: object) -> Story:
    return Story(build("qingdao", experts=8), clock)  # type: ignore[arg-type]


@pytest.mark.parametrize("seat", ["contractor", "chief_supervisor", "station", "district", "expert:0"])
def test_with_nothing_to_do_the_page_says_what_will_appear_here(story: Story, seat: str) -> None:
    page = story.as_(seat).get("/desk/").content.decode()
    assert "现在没有" in page


def test_nobody_is_led_to_the_door(story: Story) -> None:
    answer = story.as_("public").get("/desk/")
    assert (answer.status_code, answer["location"]) == (302, "/login/")


def test_the_plan_waits_for_the_contractor_first(story: Story) -> None:
    story.project()
    story.work()
    story.review()
    pages = {
        seat: story.as_(seat).get("/desk/").content.decode()
        for seat in ("contractor", "chief_supervisor", "stranger")
    }
    assert {seat: "深基坑专项施工方案" in page for seat, page in pages.items()} == {
        "contractor": True,
        "chief_supervisor": False,
        "stranger": False,
    }


def test_an_invitation_waits_for_the_expert_with_its_time_limit(story: Story) -> None:
    from lunheng.experts.models import ExpertSpecialty

    for expert in story.world.experts:
        ExpertSpecialty.objects.get_or_create(expert=expert, specialty="geotechnics")
    story.ready()
    story.request()
    member = story.draw()[0]
    page = story.as_(story.seat_of(member)).get("/my/").content.decode()
    assert ("邀请：深基坑专项施工方案" in page, "二（三）" in page, "剩 6 小时" in page) == (True, True, True)


def test_who_has_asked_for_a_panel_goes_on_to_the_draw(story: Story) -> None:
    story.ready()
    desk, case = "/desk/", f"/cases/{story.case_id}/"
    asking, drawing = f'href="{case}panel-request/">申请抽取专家', f'href="{case}panel/">去抽取专家'
    texts = [story.as_("contractor").get(path).content.decode() for path in (desk, case)]
    assert [(asking in text, drawing in text) for text in texts] == [(True, False)] * 2

    story.request()
    texts = [story.as_("contractor").get(path).content.decode() for path in (desk, case)]
    assert [(asking in text, drawing in text) for text in texts] == [(False, True)] * 2


def test_a_plan_in_force_waits_for_nobody(story: Story) -> None:
    from lunheng.cases.models import Case

    story.project()
    story.work()
    story.review()
    Case.objects.filter(pk=story.case_id).update(state="working")
    assert "深基坑专项施工方案" not in story.as_("contractor").get("/desk/").content.decode()


@pytest.mark.parametrize(("seat", "is_kept"), [("station", True), ("bureau", True), ("district", False)])
def test_the_menu_leads_to_the_calendar_only_who_keeps_it(story: Story, seat: str, is_kept: bool) -> None:
    reader = story.as_(seat)
    page = reader.get("/desk/").content.decode()
    status = reader.get("/calendar/").status_code
    assert ('href="/calendar/"' in page, status == 200) == (is_kept, is_kept)


def test_letters_and_notices_keep_the_menu_of_the_seat(story: Story) -> None:
    pages = [story.as_("contractor").get(path).content.decode() for path in ("/my/letters/", "/notices/")]
    assert ['href="/desk/"' in page for page in pages] == [True, True]
