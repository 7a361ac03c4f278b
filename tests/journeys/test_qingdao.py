"""青岛: one plan from the registration of the project to the start of works, on the screens of everybody concerned."""

import pytest

from tests.factories.files import a_pdf
from tests.journeys import closing, reviewing, seating
from tests.journeys.people import People, Screen
from tests.journeys.preparing import approve, prepare

pytestmark = [pytest.mark.journey]

PERSONS = {
    "建设单位项目负责人": ("秦虚构", "虚构轨道交通投资有限公司"),
    "监理单位项目总监理工程师": ("雷虚构", "虚构工程监理有限公司"),
}


def refuse_remote_meeting(screen: Screen) -> None:
    """The city allows meetings on the site only."""
    screen.look("26-meeting", axe=True).follow("改期").choose("远程视频会议").fill(调整原因="专家路途较远")
    screen.press("保存会议安排").refused("没有办理", "").look("27-remote-refused")
    screen.page.go_back()
    screen.page.go_back()


def review(people: People) -> None:
    reviewing.prereview(people, "修改后通过")
    reviewing.gather(people, PERSONS, refuse_remote_meeting)
    reviewing.start(people)
    reviewing.vote(people, "修改后通过")
    reviewing.end(people)
    reviewing.compile_report(people, "修改后通过")
    reviewing.sign_by_hand(people, people.story.members("confirmed"))
    reviewing.upload_result(people, "会议签到表", "签到表.pdf", a_pdf(3))
    reviewing.submit_results(people)


def close(people: People) -> None:
    closing.answer_items(people)
    approve(people, "technical_director", "43")
    closing.send_revision(people)
    closing.recheck(people)
    closing.approve_revision(people)
    closing.start_works(people)


def test_dev(qingdao: People) -> None:
    qingdao.story.ready()
    qingdao.story.panel()
    qingdao.story.commit_all()
    review(qingdao)
    close(qingdao)
