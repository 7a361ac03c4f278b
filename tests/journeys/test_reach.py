"""Everybody can work the pages: by keyboard alone, in large type, and without script."""

import pytest
from playwright.sync_api import Locator, expect

from lunheng.panels.models import PanelRequest
from lunheng.plans.models import PlanVersion
from lunheng.works.models import Project
from tests.journeys import seating
from tests.journeys.people import People, Screen
from tests.journeys.preparing import PARTS, arrive

pytestmark = [pytest.mark.journey]
MOST_STOPS = 60


def tab_to(screen: Screen, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(MOST_STOPS):
        screen.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached by keyboard")


def key_in(screen: Screen, label: str, text: str) -> None:
    """Reach a field and write into it."""
    tab_to(screen, screen.page.get_by_label(label).first)
    screen.page.keyboard.insert_text(text)


def push(screen: Screen, label: str) -> None:
    """Reach a button and press it."""
    tab_to(screen, screen.page.get_by_role("button", name=label, exact=True).first)
    screen.page.keyboard.press("Enter")


def move(screen: Screen, label: str, key: str, times: int = 1) -> None:
    """Reach a list or a circle and move in it."""
    tab_to(screen, screen.page.get_by_label(label, exact=True).first)
    for _ in range(times):
        screen.page.keyboard.press(key)


@pytest.mark.sqlite
def test_a_project_is_registered_by_keyboard_alone(qingdao: People) -> None:
    with qingdao.at("contractor") as screen:
        screen.open("/projects/new/")
        key_in(screen, "工程名称", "虚构路地下通道工程")
        move(screen, "房屋建筑工程", "ArrowDown")
        move(screen, "所在城市", "ArrowDown")
        key_in(screen, "工程地址", "虚构路 1 号")
        push(screen, "登记工程")
        arrive(screen, r"/projects/\d+/$")
    project = Project.objects.get()
    assert (project.kind, project.division_id, project.address) == ("municipal", "370200", "虚构路 1 号")


@pytest.mark.sqlite
def test_an_expert_confirms_and_votes_for_a_leader_by_keyboard_alone(qingdao: People) -> None:
    story = qingdao.story
    story.ready()
    story.request()
    first, *others = story.draw()
    with qingdao.at(qingdao.expert(first), phone=True) as screen:
        seating.invited(qingdao, first, screen)
        push(screen, "确认参加")
        screen.reads("已确认参加")
    for member in others:
        story.as_(story.seat_of(member)).done("panels.confirm_seat", member_id=member.pk)
    story.sweep()
    with qingdao.at(qingdao.expert(first), phone=True) as screen:
        screen.open(f"/my/invitations/{first.pk}/vote/")
        tab_to(screen, screen.page.get_by_role("radio").first)
        screen.page.keyboard.press("Space")
        push(screen, "投票")
        screen.reads("投票已记录")


def test_in_large_type_the_experts_pages_fit_the_phone(qingdao: People) -> None:
    story = qingdao.story
    story.ready()
    story.request()
    first, *_ = story.draw()
    with qingdao.at(qingdao.expert(first), phone=True) as screen:
        screen.open("/my/").press("大字模式").reads("标准字号").look("large-1-home", axe=True)
        seating.invited(qingdao, first, screen).look("large-2-invitation", axe=True)
    story.confirm_all()
    story.elect()
    story.commit_all()
    story.sweep()
    with qingdao.at(qingdao.expert(first), phone=True) as screen:
        screen.open("/my/").reads("标准字号")
        screen.open(f"/my/reviews/{story.case_id}/").look("large-3-prereview", axe=True)
        screen.open(f"/cases/{story.case_id}/").look("large-4-case", axe=True)
        screen.open(f"/cases/{story.case_id}/meeting/").look("large-5-meeting", axe=True)


def test_without_script_a_plan_is_handed_in_and_a_panel_is_asked_for_and_drawn(qingdao: People) -> None:
    story = qingdao.story
    story.project()
    story.work()
    story.review()
    with qingdao.at("contractor", script=False) as screen:
        screen.open(f"/cases/{story.case_id}/plan/submit/")
        screen.attach("专项施工方案文件", "方案.pdf", story.fresh_pdf()).choose(
            "本单位声明：方案符合施工现场实际情况"
        )
        screen.fill(**{f"{part}：起始页": str(index + 1) for index, part in enumerate(PARTS)}).press(
            "提交方案"
        )
        arrive(screen, r"/plan/$")
        story.version_id = PlanVersion.objects.get(review_id=story.review_id).pk
        story.approve()
        screen.open(f"/cases/{story.case_id}/plan/").follow("申请抽取专家").fill(**{"岩土工程（人）": "5"})
        screen.fill(论证会时间=seating.MEETING_AT, 会议地点="项目部").page.get_by_label("已核对").check()
        screen.press("核对专家库余量").reads("按现在的人数可以抽出专家组").press("提交抽取申请")
        arrive(screen, r"/plan/$")
        screen.follow("去抽取专家").press("随机抽取专家").reads("抽取已作出承诺")
        expect(screen.page.get_by_role("row")).to_have_count(6)
    assert PanelRequest.objects.get(case_id=story.case_id).state == PanelRequest.State.DRAWN


def test_what_one_expert_typed_is_not_shown_to_the_next_at_the_same_computer(qingdao: People) -> None:
    story = qingdao.story
    story.ready()
    story.panel()
    story.commit_all()
    story.sweep()
    first, second, *_ = story.members("confirmed")
    address = f"/my/reviews/{story.case_id}/"
    with qingdao.at(qingdao.expert(first)) as screen:
        screen.open(address).fill(存在的问题="支撑拆除条件未写明").reads("草稿已保存在本机")
        qingdao.log_in(screen, qingdao.expert(second))
        screen.open(address)
        expect(screen.page.get_by_label("存在的问题").first).to_have_value("")
        qingdao.log_in(screen, qingdao.expert(first))
        screen.open(address)
        expect(screen.page.get_by_label("存在的问题").first).to_have_value("支撑拆除条件未写明")
