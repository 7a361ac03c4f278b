"""From the first opinions to the uploaded results, on the screens of experts, leader and organizer."""

from collections.abc import Callable

from playwright.sync_api import FilePayload, expect

from lunheng.panels.models import Member
from lunheng.reports.models import Report
from tests.journeys.people import People, Screen
from tests.journeys.preparing import arrive

ITEM = {
    "方案中的位置": "第4章 第12页",
    "存在的问题": "支撑拆除条件未写明",
    "依据": "《建筑基坑支护技术规程》JGJ 120",
    "修改建议": "补充换撑顺序和混凝土强度要求",
}
QUESTIONS = {
    "专项施工方案内容是否完整、可行": "内容完整，技术路线可行。",
    "专项施工方案计算书和验算依据、施工图是否符合有关标准规范": "计算书齐全，符合现行标准。",
    "专项施工方案是否满足现场实际情况，并能够确保施工安全": "与现场相符，修改后能够确保施工安全。",
    "综合意见": "方案总体可行，按所列意见修改完善。",
}


def prereview(people: People, conclusion: str) -> None:
    """Every expert opens the plan and writes a first opinion on the phone."""
    story = people.story
    for index, member in enumerate(story.members("confirmed")):
        with people.at(people.expert(member), phone=True) as screen:
            screen.open(f"/my/reviews/{story.case_id}/").press("开始审阅方案").reads("方案第")
            if index == 0:
                screen.look("23-plan-phone").open(f"/my/reviews/{story.case_id}/").look(
                    "24-prereview-phone", axe=True
                )
            screen.open(f"/my/reviews/{story.case_id}/").fill(**ITEM).choose(conclusion)
            screen.press("提交审查意见").reads("我的审查意见")
            if index == 0:
                screen.look("25-prereview-done-phone")


def gather(
    people: People,
    persons: dict[str, tuple[str, str]],
    picture: Callable[[Screen], object],
    *,
    host: str = "contractor",
) -> None:
    """Parties sign at the desk, every expert with one button on the phone."""
    story = people.story
    story.clock.set(story.meeting().planned_at)
    story.sweep()
    with people.at(host) as screen:
        screen.open(f"/cases/{story.case_id}/meeting/")
        picture(screen)
        screen.follow("会议签到").look("28-desk", axe=True)
        for role, (person, unit) in persons.items():
            screen.select("身份", role).fill(姓名=person).select("单位", unit).press("登记").reads(person)
    for index, member in enumerate(story.members("confirmed")):
        with people.at(people.expert(member), phone=True) as screen:
            screen.open(f"/meetings/{story.meeting().pk}/sign-in/")
            if index == 0:
                screen.look("29-sign-in-phone", axe=True)
            screen.press(f"{member.expert.name} 签到").reads("已签到")


def start(people: People, *, host: str = "contractor") -> None:
    """The organizer opens the meeting."""
    with people.at(host) as screen:
        screen.open(f"/cases/{people.story.case_id}/meeting/").look("30-all-here").press("开始论证会").reads(
            "论证会已开始"
        )
    people.story.sweep()


def vote(people: People, conclusion: str) -> None:
    """Every expert votes once; a second vote, from a page left open, is refused with its clause."""
    for index, member in enumerate(people.story.members("confirmed")):
        with people.at(people.expert(member), phone=True) as screen:
            address = f"/my/reviews/{people.story.case_id}/vote/"
            screen.open(address)
            if index == 0:
                _vote_in_two_tabs(screen, address, conclusion)
            else:
                screen.choose(conclusion).press("提交论证意见").reads("我的论证意见")


def _vote_in_two_tabs(screen: Screen, address: str, conclusion: str) -> None:
    other = (
        Screen(screen.page.context.new_page(), screen.base, screen.pictures).open(address).choose("不通过")
    )
    screen.look("31-vote-phone", axe=True).choose(conclusion).press("提交论证意见").reads("我的论证意见")
    screen.look("32-voted-phone")
    other.press("提交论证意见").refused("没有办理", "《论衡平台运行规则》第三条").look(
        "33-second-vote-phone", axe=True
    )


def end(people: People, *, host: str = "contractor") -> None:
    """Two hours later the organizer closes the meeting."""
    story = people.story
    story.clock.advance(hours=2)
    with people.at(host) as screen:
        screen.open(f"/cases/{story.case_id}/meeting/").look("34-meeting-running")
        screen.press("结束论证会").reads("论证会已结束").look("35-meeting-ended", axe=True)
    story.sweep()


def compile_report(people: People, conclusion: str) -> Report:
    """The leader merges the opinions; the platform writes the report as a PDF."""
    story = people.story
    with people.at(people.expert(story.leader())) as screen:
        screen.open(f"/cases/{story.case_id}/report/compile/").fill(**QUESTIONS).choose(conclusion)
        screen.look("36-compile", axe=True).press("形成论证报告")
        arrive(screen, r"/report/$")
        story.sweep()
        screen.open(f"/cases/{story.case_id}/report/").reads("查看论证报告（PDF）").look(
            "37-report", axe=True
        )
    report = Report.objects.get(case_id=story.case_id)
    assert report.document is not None
    return report


def sign_by_hand(people: People, members: list[Member]) -> None:
    """The organizer uploads the scan on which every signature stands."""
    story = people.story
    with people.at("contractor") as screen:
        screen.open(f"/cases/{story.case_id}/report/sign/")
        screen.attach("手写签名的论证报告扫描件", "签名报告.pdf", story.fresh_pdf())
        for member in members:
            screen.page.get_by_label(member.expert.name).check()
        screen.look("38-sign").press("上传签名的报告")
        arrive(screen, r"/report/$")


def upload_result(
    people: People,
    item: str,
    name: str,
    content: bytes,
    media_type: str = "application/pdf",
    *,
    host: str = "contractor",
) -> None:
    """One of the things that the city wants on the platform after the meeting."""
    with people.at(host) as screen:
        screen.open(f"/cases/{people.story.case_id}/report/upload/")
        row = screen.page.get_by_role("row", name=item)
        file: FilePayload = {"name": name, "mimeType": media_type, "buffer": content}
        row.get_by_label("选择文件").set_input_files(files=[file])
        row.get_by_role("button", name="上传").click()
        expect(screen.page.get_by_role("row", name=item)).to_contain_text("已上传")


def submit_results(people: People, *, host: str = "contractor") -> None:
    """Everything is there: hand it in."""
    story = people.story
    with people.at(host) as screen:
        screen.open(f"/cases/{story.case_id}/report/upload/").look("39-upload", axe=True)
        screen.press("提交论证结果")
        arrive(screen, r"/report/$")
        screen.look("40-concluded")
    story.sweep()
