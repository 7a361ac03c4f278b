"""青岛: one plan from the registration of the project to the start of works, on the screens of everybody concerned."""

import hashlib
import io
import json
import zipfile

import pytest

from lunheng.cases.models import Case
from lunheng.cases.queries import chain_faults
from lunheng.documents.models import Document
from lunheng.verifiers import verify_draw
from tests.factories.files import a_pdf
from tests.journeys import closing, reviewing, seating
from tests.journeys.people import People, Screen
from tests.journeys.preparing import approve, prepare

pytestmark = [pytest.mark.journey]

PERSONS = {
    "建设单位项目负责人": ("秦虚构", "虚构轨道交通投资有限公司"),
    "监理单位项目总监理工程师": ("雷虚构", "虚构工程监理有限公司"),
}
TIMELINE = (
    "发起专家论证",
    "申请抽取专家",
    "系统随机抽取专家",
    "系统自动补抽（不参加）",
    "系统自动补抽（回避）",
    "系统自动补抽（逾期未确认",
    "推选出组长（5票）",
    "开始论证会",
    "汇总论证报告",
    "提交论证结果：修改后通过",
    "组长复核修改后的方案：同意",
    "总监理工程师批准修改后的方案",
    "方案开始实施",
)


def refuse_remote_meeting(screen: Screen) -> None:
    """The city allows meetings on the site only; what was typed is still there."""
    screen.look("26-meeting", axe=True).follow("改期").choose("远程视频会议").fill(调整原因="专家路途较远")
    screen.press("保存会议安排").refused("没有办理", seating.NOTICE + "四（一）4").look("27-remote-refused")
    assert screen.page.get_by_label("调整原因").input_value() == "专家路途较远"
    screen.open(screen.page.url.removeprefix(screen.base).removesuffix("reschedule/"))


def seat(people: People) -> None:
    """Five experts whom nobody chose, with a leader of their own."""
    seating.request_panel(people)
    seating.fill_seats(people)
    seating.elect_leader(people)
    seating.commit(people)


def review(people: People) -> None:
    """From the first opinions to the results on the platform."""
    reviewing.prereview(people, "修改后通过")
    reviewing.gather(people, PERSONS, refuse_remote_meeting)
    reviewing.start(people)
    reviewing.vote(people, "修改后通过")
    reviewing.end(people)
    report = reviewing.compile_report(people, "修改后通过")
    assert report.document is not None
    reviewing.sign_by_hand(people, people.story.members("confirmed"))
    reviewing.upload_result(people, "会议签到表", "签到表.pdf", a_pdf(3))
    reviewing.submit_results(people)


def close(people: People) -> None:
    """Every opinion answered, looked at again and approved; then the works begin."""
    closing.answer_items(people)
    approve(people, "technical_director", "43")
    closing.send_revision(people)
    closing.recheck(people)
    closing.approve_revision(people)
    closing.start_works(people)


def read_timeline(people: People) -> None:
    """Who did what and when, by which clause, on the page of the case."""
    with people.at("station") as screen:
        screen.open("/cases/").reads("1号竖井深基坑专项施工方案").look("48-cases", axe=True)
        screen.open(f"/cases/{people.story.case_id}/").look("49-case", axe=True)
        screen.page.get_by_text("全部办理记录").click()
        screen.reads(*TIMELINE).look("50-timeline")


def case_file(people: People) -> dict[str, bytes]:
    """The whole file of the case, as it is carried away and opened."""
    with people.at("station") as screen:
        screen.open(f"/cases/{people.story.case_id}/")
        with screen.page.expect_download() as download:
            screen.page.get_by_role("link", name="下载案件文件（ZIP）").click()
        content = download.value.path().read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check_case_file(people: People, files: dict[str, bytes]) -> None:
    """Nothing is missing, every file is what its digest says, and an outsider's program confirms the draw."""
    documents = Document.objects.filter(case_id=people.story.case_id)
    manifest = json.loads(files["manifest.json"])
    named = {one["path"]: one["sha256"] for one in manifest["files"]}
    assert {name: hashlib.sha256(files[name]).hexdigest() for name in named} == named
    assert sum(name.startswith("documents/") for name in files) == documents.count()
    assert sum(name.endswith(".body.json") for name in files) == manifest["case"]["entries"]
    assert verify_draw.verify(json.loads(files["extra/transcript-1.json"])) == []


@pytest.mark.sqlite
def test_a_plan_from_the_registration_of_the_project_to_the_start_of_works(qingdao: People) -> None:
    prepare(qingdao)
    seat(qingdao)
    review(qingdao)
    close(qingdao)
    read_timeline(qingdao)
    check_case_file(qingdao, case_file(qingdao))
    assert chain_faults(Case.objects.get(pk=qingdao.story.case_id).reference) == []


def test_a_file_that_is_no_pdf_is_not_taken_and_the_form_keeps_what_was_typed(qingdao: People) -> None:
    story = qingdao.story
    story.project()
    story.work()
    story.review()
    with qingdao.at("contractor") as screen:
        screen.open(f"/cases/{story.case_id}/plan/submit/").fill(**{"工程概况：起始页": "7"})
        screen.attach("专项施工方案文件", "方案.pdf", b"MZ not a plan")
        screen.refused("文件没有上传", "《论衡平台运行规则》").look("no-pdf", axe=True)
        assert screen.page.get_by_label("工程概况：起始页").input_value() == "7"
    assert Document.objects.filter(case_id=story.case_id).count() == 0
