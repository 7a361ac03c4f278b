"""青岛: from the request to five seated experts with a leader, none of whom anybody chose."""

from playwright.sync_api import expect

from lunheng.messaging.models import Message
from lunheng.panels.models import Member, PanelRequest
from tests.journeys.people import People, Screen
from tests.journeys.preparing import arrive

NOTICE = "《关于启用青岛市市政公用工程专家评审管理服务平台规范专项施工方案专家论证工作的通知》"
SIZE = NOTICE + "二（二）"
MEETING_AT = "2025-06-16T09:30"


def request_panel(people: People) -> None:
    """Four experts are refused by the clause, with everything typed kept; five are asked for."""
    story = people.story
    with people.at("contractor") as screen:
        screen.open(f"/cases/{story.case_id}/plan/").follow("申请抽取专家").fill(**{"岩土工程（人）": "4"})
        screen.fill(论证会时间=MEETING_AT, 会议地点="虚构路 1 号项目部会议室").page.get_by_label(
            "已核对"
        ).check()
        screen.reads("按现在的人数可以抽出专家组").look("12-request", axe=True)
        screen.press("提交抽取申请").refused("申请没有提交，没有抽取任何专家", SIZE).look(
            "13-four-refused", axe=True
        )
        expect(screen.page.get_by_label("岩土工程（人）")).to_have_value("4")
        expect(screen.page.get_by_label("论证会时间")).to_have_value(MEETING_AT)
        expect(screen.page.get_by_label("已核对")).to_be_checked()
        screen.fill(**{"岩土工程（人）": "5"}).press("提交抽取申请")
        arrive(screen, r"/plan/$")
        screen.look("14-requested")
    story.request_id = PanelRequest.objects.get(case_id=story.case_id).pk


def draw(people: People) -> list[Member]:
    """The system draws; nobody can ask for somebody."""
    story = people.story
    with people.at("contractor") as screen:
        screen.open(f"/cases/{story.case_id}/plan/").follow("去抽取专家").reads("抽取前：专家库够不够深")
        screen.look("15-depth", axe=True).press("随机抽取专家").reads("已承诺，等待揭示").reads(
            "随机数已揭示"
        )
        screen.look("16-drawn")
    story.send()
    return story.members("invited")


def invited(people: People, member: Member, screen: Screen) -> Screen:
    """The expert follows the link in the short message."""
    message = Message.objects.filter(subject=member.subject, channel="sms").latest("pk")
    return screen.open(message.link.removeprefix(people.base))


def confirm(people: People, member: Member, picture: str = "") -> None:
    """One large button on the phone."""
    with people.at(people.expert(member), phone=True) as screen:
        invited(people, member, screen).reads("确认参加")
        if picture:
            screen.look(f"{picture}-invitation-phone", axe=True)
        screen.press("确认参加").reads("已确认参加")


def decline(people: People, member: Member) -> None:
    """Cannot come, and says why."""
    with people.at(people.expert(member), phone=True) as screen:
        invited(people, member, screen).follow("不能参加").choose("出差在外").look(
            "18-decline-phone", axe=True
        )
        screen.press("提交").reads("已记录您不能参加").look("18-declined-phone")


def recuse(people: People, member: Member) -> None:
    """Steps back, and says why; from then on the file is closed to this expert."""
    with people.at(people.expert(member), phone=True) as screen:
        invited(people, member, screen).follow("我应当回避").choose("与参建单位有经济往来").look(
            "19-recuse-phone"
        )
        screen.press("提交").reads("已回避").lacks("虚构轨道交通投资有限公司")


def fill_seats(people: People) -> None:
    """Two confirm, one declines, one recuses, one is silent for six hours; the platform draws again each time."""
    story = people.story
    first, second, busy, biased, silent = draw(people)
    confirm(people, first, "17")
    confirm(people, second)
    decline(people, busy)
    recuse(people, biased)
    story.sweep()
    story.send()
    replacements = [member for member in story.members("invited") if member.pk != silent.pk]
    assert len(replacements) == 2
    for member in replacements:
        confirm(people, member)
    story.sweep(hours=6)
    story.send()
    with people.at("contractor") as screen:
        screen.open(f"/cases/{story.case_id}/panel/").reads("逾期未确认").look("20-backfilled", axe=True)
    (last,) = story.members("invited")
    confirm(people, last)
    story.sweep()
    story.send()
    assert (len(story.members("confirmed")), story.state()) == (5, "preparing")


def elect_leader(people: People) -> None:
    """Every member has one vote; they agree on the first."""
    story = people.story
    members = story.members("confirmed")
    for index, member in enumerate(members):
        with people.at(people.expert(member), phone=True) as screen:
            screen.open(f"/my/invitations/{member.pk}/").follow("推选组长")
            screen.page.get_by_label(members[0].expert.name).check()
            if index == 0:
                screen.look("21-election-phone", axe=True)
            screen.press("投票").reads("投票已记录")
    story.sweep()
    story.send()
    assert story.leader().pk == members[0].pk


def commit(people: People) -> None:
    """Nobody reads the plan before having signed the commitment."""
    for index, member in enumerate(people.story.members("confirmed")):
        with people.at(people.expert(member), phone=True) as screen:
            screen.open(f"/my/invitations/{member.pk}/")
            if index == 0:
                screen.look("22-commitment-phone")
            screen.press("签署保密承诺").reads("已签署保密承诺")
