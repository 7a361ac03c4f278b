"""From the report to the start of works: every opinion answered, looked at again, approved."""

from lunheng.reports.models import Report
from tests.journeys.people import People
from tests.journeys.preparing import arrive, submit_version


def answer_items(people: People) -> None:
    """A revised version, and where each opinion was followed."""
    story = people.story
    submit_version(people, "41", note="按论证报告修改")
    report = Report.objects.get(case_id=story.case_id)
    with people.at("contractor") as screen:
        screen.open(f"/cases/{story.case_id}/report/revision/").look("42-revision", axe=True)
        for number, _ in enumerate(report.items, start=1):
            card = screen.page.locator("section.card").filter(has_text=f"第 {number} 条").first
            card.get_by_label("已修改").check()
            card.get_by_label("修改位置").fill("第6章 第30页")
            card.get_by_role("button", name="保存答复").click()
            screen.reads(f"第{number}条已答复")
        screen.reads("全部意见已答复")


def send_revision(people: People) -> None:
    """The organizer sends the signed version to the leader."""
    story = people.story
    with people.at("contractor") as screen:
        screen.open(f"/cases/{story.case_id}/report/revision/").look("43-answered").press("提交修改后的方案")
        arrive(screen, r"/report/$")
    story.sweep()


def recheck(people: People) -> None:
    """The leader compares the answers with the new version."""
    story = people.story
    with people.at(people.expert(story.leader()), phone=True) as screen:
        screen.open(f"/cases/{story.case_id}/report/").follow("复核修改后的方案")
        screen.choose("同意，已按论证报告修改").look("44-recheck-phone", axe=True).press("提交审查意见")
        arrive(screen, r"/report/$")
    story.sweep()


def approve_revision(people: People) -> None:
    """The chief supervisor approves with the sealed page."""
    story = people.story
    with people.at("chief_supervisor") as screen:
        screen.open(f"/cases/{story.case_id}/report/").follow("批准修改后的方案")
        screen.attach("总监理工程师签字、加盖执业印章的审批页", "批准页.pdf", story.fresh_pdf())
        screen.look("45-approval", axe=True).press("批准修改后的方案")
        arrive(screen, r"/report/$")
    story.sweep()
    assert story.state() == "passed"


def start_works(people: People) -> None:
    """Only now may the works begin."""
    story = people.story
    with people.at("contractor") as screen:
        screen.open(f"/cases/{story.case_id}/report/works/").look("46-works").press("登记开工").reads(
            "已登记开工"
        )
        screen.look("47-working")
    assert story.state() == "working"
