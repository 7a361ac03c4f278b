"""From the registration of a project to a plan that may be reviewed, on the screens of whoever acts."""

import re

from playwright.sync_api import expect

from lunheng.plans.models import PlanVersion, Review
from lunheng.works.models import HazardousWork, Project
from tests.journeys.people import People, Screen

PARTS = ("工程概况", "编制依据", "施工计划", "施工工艺技术", "施工安全保证措施", "施工管理及作业人员配备和分工", "验收要求", "应急处置措施", "计算书及相关施工图纸")  # fmt: skip
PARTIES = {
    "supervisor": "监理单位",
    "owner": "建设单位",
    "designer": "设计单位",
    "investigator": "勘察单位",
    "monitor": "监测单位",
}
PAGE_OF_APPROVAL = "签字盖章的审批页扫描件（同意时必传）"


def number_in(screen: Screen) -> int:
    """The number of the row in the address of the page."""
    found = re.search(r"/(\d+)/", screen.page.url)
    assert found is not None, screen.page.url
    return int(found[1])


def arrive(screen: Screen, pattern: str) -> int:
    """Wait for the page on which an act ends; returns its number."""
    screen.page.wait_for_url(re.compile(pattern))
    return number_in(screen)


def register_project(people: People) -> None:
    """The contractor registers the project and everybody who takes part."""
    story, world = people.story, people.story.world
    with people.at("contractor") as screen:
        screen.open("/projects/").reads("没有工程").look("01-projects-empty")
        screen.follow("登记工程").fill(
            工程名称="虚构路地下通道工程", 工程地址="虚构路 1 号", 施工许可证编号="XG-2025-001"
        )
        screen.choose("市政公用工程").select("所在城市", world.division.name).select(
            "所在区县", world.district.name
        )
        screen.choose("市直管项目").look("02-project-form").press("登记工程")
        story.project_id = arrive(screen, r"/projects/\d+/$")
        for short, role in PARTIES.items():
            screen.follow("登记参建单位").fill(统一社会信用代码=world.unit(short).code).select("角色", role)
            screen.press("登记参建单位").reads(world.unit(short).name)
        screen.look("03-project", axe=True)
    assert Project.objects.get(pk=story.project_id).parties.count() == len(PARTIES) + 1


def register_work(people: People) -> None:
    """A pit of 8 m is graded as it is typed, with the clause that says so."""
    story = people.story
    with people.at("contractor") as screen:
        screen.open(f"/projects/{story.project_id}/").follow("登记危大工程").choose("基坑工程")
        screen.look("04-kind-of-works").press("下一步：填写参数")
        screen.fill(危大工程名称="1号竖井深基坑", 开挖深度="8").page.get_by_label("开挖深度").first.blur()
        screen.reads("超过一定规模的危大工程，须专家论证").look("05-work-graded").press("登记危大工程")
        story.work_id = arrive(screen, r"/works/\d+/$")
        link = screen.page.get_by_role("link", name="附件二第一项").first
        expect(link).to_have_attribute("href", re.compile("rules"))
        screen.look("06-work", axe=True)
    assert HazardousWork.objects.get(pk=story.work_id).is_over_scale


def open_review(people: People) -> None:
    """The contractor opens the review of the plan."""
    story = people.story
    with people.at("contractor") as screen:
        screen.open(f"/works/{story.work_id}/").follow("发起专家论证").look("07-open-review")
        screen.press("发起专家论证")
        story.case_id = arrive(screen, r"/cases/\d+/plan/$")
        screen.reads("还没有提交方案").look("08-plan-empty")
    story.review_id = Review.objects.get(case_id=story.case_id).pk


def submit_version(people: People, picture: str, note: str = "") -> None:
    """A PDF of the plan, the pages of its nine parts, and the statement on the site."""
    story = people.story
    with people.at("contractor") as screen:
        screen.open(f"/cases/{story.case_id}/plan/submit/")
        screen.attach("专项施工方案文件", "深基坑专项施工方案.pdf", story.fresh_pdf()).reads(
            "文件摘要 SHA-256"
        )
        screen.fill(**{f"{part}：起始页": str(index * 9 + 1) for index, part in enumerate(PARTS)})
        screen.choose("本单位声明：方案符合施工现场实际情况")
        if note:
            screen.fill(版本说明=note)
        screen.look(f"{picture}-version-form").press("提交方案")
        arrive(screen, r"/plan/$")
        screen.look(f"{picture}-version")
    story.version_id = PlanVersion.objects.filter(review_id=story.review_id).latest("number").pk


def approve(people: People, seat: str, picture: str) -> None:
    """The signed and sealed page of the one who approves."""
    with people.at(seat) as screen:
        screen.open(f"/cases/{people.story.case_id}/plan/").follow("审查方案").choose("同意，已签字盖章")
        screen.attach(PAGE_OF_APPROVAL, "审批页.pdf", people.story.fresh_pdf()).reads("文件摘要 SHA-256")
        screen.look(f"{picture}-approval-{seat}").press("提交审查意见")
        arrive(screen, r"/plan/$")


def prepare(people: People) -> None:
    """Everything up to a plan that is ready for the draw."""
    register_project(people)
    register_work(people)
    open_review(people)
    submit_version(people, "09")
    approve(people, "technical_director", "10")
    approve(people, "chief_supervisor", "11")
    assert people.story.state() == "ready"
