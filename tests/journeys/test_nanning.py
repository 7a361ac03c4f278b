"""南宁: an agency organizes, picks from ten that the system pushed, meets by video, and everybody signs with the log-in."""

import pytest
from playwright.sync_api import Locator, expect

from lunheng.cases.models import Case
from lunheng.cases.queries import chain_faults
from lunheng.panels.models import Member, PanelRequest
from lunheng.web.wording import write_phone
from tests.factories.files import a_pdf, a_photo
from tests.journeys import closing, reviewing, seating
from tests.journeys.people import People, Screen
from tests.journeys.preparing import arrive, prepare

pytestmark = [pytest.mark.journey]


def entrust(people: People) -> None:
    """The contractor offers, the agency accepts; both see who organizes now."""
    story = people.story
    with people.at("contractor") as screen:
        screen.open(f"/cases/{story.case_id}/plan/").follow("组织方式").look("12-organizing")
        screen.fill(论证机构统一社会信用代码=story.world.unit("agency").code).press("委托论证机构")
        screen.reads("委托已发出").look("13-entrusted", axe=True)
    with people.at("agency") as screen:
        screen.open("/desk/").look("14-agency-desk", axe=True)
        screen.open(f"/cases/{story.case_id}/entrustment/").look("15-offer").press("接受委托").reads(
            "已接受委托"
        )


def request_push(people: People) -> None:
    """The agency asks, by video, and leaves the numbers to the system; ten are pushed."""
    story = people.story
    with people.at("agency") as screen:
        screen.open(f"/cases/{story.case_id}/plan/").follow("申请抽取专家").choose("远程视频会议")
        screen.fill(论证会时间="2025-06-16T09:30", 会议地点="会议号 000 000 000").page.get_by_label(
            "已核对"
        ).check()
        screen.look("16-request", axe=True).press("提交抽取申请")
        arrive(screen, r"/plan/$")
        screen.follow("去抽取专家").look("17-before").press("随机推送专家").reads("已承诺，等待揭示").reads(
            "随机数已揭示"
        )
        screen.look("18-pushed", axe=True)
    story.request_id = PanelRequest.objects.get(case_id=story.case_id).pk
    assert len(story.members("pushed")) == 10


def pick(people: People, count: int) -> list[Member]:
    """Some of the ten; their numbers are shown from then on, and only theirs."""
    story = people.story
    chosen = story.lawful_pick(count)
    with people.at("agency") as screen:
        screen.open(f"/cases/{story.case_id}/panel/")
        expect(screen.page.get_by_role("cell", name="选取后显示")).to_have_count(10)
        for member in chosen:
            _tick(screen, "members", member)
        screen.press("选取所勾选的专家").reads("已选取，可以查看联系方式并逐一联系")
        expect(screen.page.get_by_role("cell", name="选取后显示")).to_have_count(10 - count)
        screen.reads(write_phone(chosen[0].expert.phone)).look("19-picked", axe=True)
    return chosen


def contact(people: People, members: list[Member], refusing: Member) -> None:
    """What each said on the telephone; whoever refuses gives a reason."""
    story = people.story
    for member in members:
        with people.at("agency") as screen:
            screen.open(f"/cases/{story.case_id}/panel/members/{member.pk}/contact/")
            if member == refusing:
                screen.choose("拒绝参加").fill(拒绝的理由="会期在外地").look("20-refusal")
            else:
                screen.choose("同意参加")
            screen.press("提交").reads("联系结果已登记")


def refuse_even_list(people: People, agreed: list[Member]) -> None:
    """Six are an even number: the page says so, names the clause, and keeps the ticks; five are taken."""
    story = people.story
    with people.at("agency") as screen:
        screen.open(f"/cases/{story.case_id}/panel/").follow("确认最终名单")
        for member in agreed:
            _tick(screen, "members", member)
        _tick(screen, "leader", agreed[0])
        screen.look("21-list", axe=True).press("确认最终名单").refused("名单没有确认", "的通知》二（三）")
        screen.look("22-even-refused", axe=True)
        for member in agreed:
            expect(_box(screen, "members", member)).to_be_checked()
        _box(screen, "members", agreed[-1]).uncheck()
        screen.press("确认最终名单").reads("最终名单和组长已确认").look("23-confirmed")
    story.sweep()
    story.send()
    assert (len(story.members("confirmed")), story.leader()) == (5, agreed[0])


def _box(screen: Screen, name: str, member: Member) -> Locator:
    return screen.page.locator(f"input[name={name}][value='{member.pk}']")


def _tick(screen: Screen, name: str, member: Member) -> None:
    _box(screen, name, member).check()


def sign_electronically(people: People) -> None:
    """After a meeting by video every expert signs with the own log-in, on the phone."""
    story = people.story
    for index, member in enumerate(story.members("confirmed")):
        with people.at(people.expert(member), phone=True) as screen:
            screen.open(f"/cases/{story.case_id}/report/").follow("签署论证报告")
            if index == 0:
                screen.look("38-sign-phone", axe=True)
            screen.press("签署论证报告").reads("已签署")
    story.sweep()


def look_into_the_meeting(screen: Screen) -> None:
    """The meeting by video, with its number instead of a place."""
    screen.reads("远程视频会议", "会议号 000 000 000").look("26-meeting", axe=True)


def review(people: People) -> None:
    """From the first opinions to the results on the platform; the agency holds the meeting."""
    persons = {"建设单位项目负责人": ("秦虚构", "虚构轨道交通投资有限公司")}
    reviewing.prereview(people, "通过")
    reviewing.gather(people, persons, look_into_the_meeting, host="agency")
    reviewing.start(people, host="agency")
    reviewing.vote(people, "通过")
    reviewing.end(people, host="agency")
    reviewing.compile_report(people, "通过")
    sign_electronically(people)
    reviewing.upload_result(people, "专家论证结论", "论证结论.pdf", a_pdf(3), host="agency")
    reviewing.upload_result(people, "与会签到记录", "签到表.pdf", a_pdf(4), host="agency")
    reviewing.upload_result(
        people, "现场会议照片", "视频会议画面.jpg", a_photo(), "image/jpeg", host="agency"
    )
    reviewing.upload_result(people, "论证报告扫描件", "论证报告.pdf", a_pdf(5), host="agency")
    reviewing.submit_results(people, host="agency")
    assert people.story.state() == "passed"


def test_an_agency_carries_a_plan_from_the_entrustment_to_the_start_of_works(nanning: People) -> None:
    prepare(nanning)
    entrust(nanning)
    request_push(nanning)
    seven = pick(nanning, 7)
    contact(nanning, seven, refusing=seven[-1])
    refuse_even_list(nanning, seven[:-1])
    seating.commit(nanning)
    review(nanning)
    closing.start_works(nanning)
    assert chain_faults(Case.objects.get(pk=nanning.story.case_id).reference) == []
