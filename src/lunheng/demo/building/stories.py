"""The stories of the demo: for both cities, a review in every state that a review can be in."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from lunheng.demo.building.people import People
from lunheng.demo.building.stage import Stage, Story
from lunheng.demo.building.tale import Tale
from lunheng.demo.building.works import work

IF_REVISED, PASSED, FAILED = "approved_if_revised", "approved", "not_approved"
REMOTE = (2, 7, 13)
"""Which stories of Nanning meet by video."""
SILENCE = 6.0
"""Hours after which an invitation in Qingdao lapses."""


def stories(stage: Stage, people: People) -> Iterator[Story]:
    """Every story of one city, each with works of its own."""
    short = people.city.short
    for number, tell in enumerate(_OF_BOTH + (_OF_DIRECT if people.city.key == "qingdao" else _OF_PUSH)):
        is_nanning = people.city.key == "nanning"
        planned = work(short, number + 5 * is_nanning, number)
        tale = Tale(stage, people, planned, is_city_run=number % 4 != 3)
        if is_nanning and number in REMOTE:
            tale.meeting_mode = "remote"
        yield tell(tale)


def _prepared(tale: Tale, begin: datetime) -> Story:
    """Opened, submitted and approved, within a day and a half."""
    yield begin
    tale.open()
    yield begin + timedelta(hours=3)
    tale.submit()
    yield begin + timedelta(hours=22)
    tale.approve("technical_director")
    yield begin + timedelta(hours=27)
    tale.approve("chief_supervisor")


def _panelled(tale: Tale, begin: datetime, meeting_at: datetime) -> Story:
    """With a whole panel; drawn on the second day after the beginning."""
    yield from _prepared(tale, begin)
    yield begin + timedelta(hours=29)
    tale.ask(meeting_at)
    yield from tale.gather_panel()


def _met(tale: Tale, first: int, meeting: int, conclusion: str) -> Story:
    """With a meeting held that many working days from today."""
    day = tale.stage.day
    yield from _panelled(tale, day(first, "09:10"), day(meeting, "14:00"))
    yield from tale.hold(conclusion)


def _reported(tale: Tale, first: int, meeting: int, conclusion: str) -> Story:
    """With the signed report and the result on the platform."""
    yield from _met(tale, first, meeting, conclusion)
    tale.compile(conclusion)
    yield tale.pause(hours=1)
    tale.sign()
    yield tale.pause(hours=16)
    tale.upload()
    tale.finish()
    yield tale.pause(hours=3)


def drafting(tale: Tale) -> Story:
    """方案编制."""
    yield tale.stage.day(-2, "10:20")
    tale.open()


def approving(tale: Tale) -> Story:
    """方案审查: the chief supervisor has not looked yet."""
    begin = tale.stage.day(-3, "09:40")
    yield begin
    tale.open()
    yield begin + timedelta(hours=4)
    tale.submit()
    yield begin + timedelta(hours=25)
    tale.approve("technical_director")


def ready(tale: Tale) -> Story:
    """待抽取: everything is there, the panel may be asked for."""
    yield from _prepared(tale, tale.stage.day(-4, "09:30"))


def asked(tale: Tale) -> Story:
    """待抽取: asked for, not drawn; an earlier request was withdrawn."""
    yield from _prepared(tale, tale.stage.day(-5, "10:10"))
    yield tale.pause(hours=2)
    tale.ask(tale.stage.day(7, "09:00"))
    assert tale.request is not None
    yield tale.pause(hours=3)
    reason = "会议时间与主体结构验收冲突"
    tale.act("plans.cancel_request", tale.organizer, request_id=tale.request.pk, reason=reason)
    yield tale.pause(hours=1)
    tale.ask(tale.stage.day(8, "14:00"))


def preparing(tale: Tale) -> Story:
    """专家预审: two first opinions are in; one member asks to see the site."""
    yield from _panelled(tale, tale.stage.day(-6, "09:00"), tale.stage.day(4, "14:00"))
    yield tale.stage.day(-2, "19:00")
    tale.preview(tale.members("confirmed")[:2])
    yield tale.stage.day(-1, "10:00")
    asking = tale.members("confirmed")[1]
    reason = "方案中周边管线位置与勘察资料不一致，需要现场核对"
    tale.act("meetings.ask_site_visit", asking, member_id=asking.pk, reason=reason)


def meeting(tale: Tale) -> Story:
    """论证会进行中: it began three quarters of an hour ago."""
    begins = tale.stage.ago(minutes=45)
    yield from _panelled(tale, tale.stage.day(-7, "09:20"), begins)
    yield begins - timedelta(hours=20)
    tale.preview(tale.members("confirmed")[:4])
    yield begins
    tale.start()
    yield begins + timedelta(minutes=30)
    voter = tale.members("confirmed")[0]
    tale.act(
        "reports.cast_vote",
        voter,
        member_id=voter.pk,
        conclusion=IF_REVISED,
        items=[tale.work.opinion(0)],
    )


def reporting(tale: Tale) -> Story:
    """形成论证报告: all agree, the leader has yet to compile."""
    begins = tale.stage.ago(hours=4)
    yield from _panelled(tale, tale.stage.day(-7, "09:50"), begins)
    yield from tale.hold(IF_REVISED)


def undecided(tale: Tale) -> Story:
    """未形成结论: the votes differ."""
    day = tale.stage.day
    yield from _panelled(tale, day(-9, "09:00"), day(-2, "09:00"))
    yield day(-3, "15:00")
    tale.preview()
    yield day(-2, "09:00")
    tale.start()
    yield day(-2, "11:00")
    tale.vote(PASSED, FAILED, IF_REVISED)
    yield day(-2, "11:30")
    tale.end()


def uploading_late(tale: Tale) -> Story:
    """上传论证结果: overdue; the sign-in sheet is missing."""
    yield from _met(tale, -14, -7, IF_REVISED)
    tale.compile(IF_REVISED)
    yield tale.pause(hours=1)
    tale.sign()


def uploading_soon(tale: Tale) -> Story:
    """上传论证结果: the time limit is near."""
    yield from _met(tale, -8, -1, PASSED)
    tale.compile(PASSED)
    yield tale.pause(hours=1)
    tale.sign()


def revising(tale: Tale) -> Story:
    """修改: two of three opinions are answered."""
    yield from _reported(tale, -11, -4, IF_REVISED)
    for item in (1, 2):
        tale.act(
            "reports.answer_item",
            "contractor",
            report_id=tale.case.report.pk,
            item=item,
            answer="changed",
            place=f"第{item + 3}章第{item + 5}页",
        )


def rechecking(tale: Tale) -> Story:
    """组长复核: the revised version waits for the leader."""
    yield from _reported(tale, -13, -6, IF_REVISED)
    tale.answer()
    yield tale.stage.day(-2, "16:00")
    tale.revise()


def reapproving(tale: Tale) -> Story:
    """监理批准: the leader turned one version down and agreed to the next."""
    yield from _reported(tale, -15, -8, IF_REVISED)
    tale.answer()
    yield tale.stage.day(-5, "10:00")
    tale.revise()
    yield tale.stage.day(-4, "20:00")
    tale.recheck(is_positive=False)
    yield tale.stage.day(-3, "15:00")
    tale.answer()
    tale.revise()
    yield tale.stage.day(-2, "09:00")
    tale.recheck()


def passed(tale: Tale) -> Story:
    """论证通过: works have not begun."""
    yield from _reported(tale, -12, -5, PASSED)


def failed(tale: Tale) -> Story:
    """不通过: a new plan is written, and its review is linked to the one that failed."""
    yield from _reported(tale, -17, -10, FAILED)
    yield tale.stage.day(-3, "09:30")
    tale.open_review()
    yield tale.stage.day(-2, "09:30")
    tale.submit(note="按不通过意见重新编制")


def void(tale: Tale) -> Story:
    """论证无效: somebody who was never drawn signed the report."""
    yield from _met(tale, -16, -9, IF_REVISED)
    tale.compile(IF_REVISED)
    yield tale.pause(hours=2)
    tale.sign(outsiders=("赵拟外",))


def _revised_to_the_end(tale: Tale, first: int, meeting_on: int, then: int) -> Story:
    yield from _reported(tale, first, meeting_on, IF_REVISED)
    tale.answer()
    yield tale.stage.day(then, "10:00")
    tale.revise()
    yield tale.stage.day(then, "20:00")
    tale.recheck()
    yield tale.stage.day(then + 1, "11:00")
    tale.approve_revision()
    yield tale.stage.day(then + 2, "08:00")
    tale.act("reports.start_works", "contractor", case_id=tale.case.pk)


def working(tale: Tale) -> Story:
    """方案实施中: revised, rechecked, approved, begun."""
    yield from _revised_to_the_end(tale, -20, -13, -8)


def superseded(tale: Tale) -> Story:
    """方案已变更: the plan in force was changed, so that a new review is needed."""
    yield from _revised_to_the_end(tale, -24, -17, -12)
    yield tale.stage.day(-4, "14:30")
    changed = tale.file("contractor", f"{tale.work.title}变更版.pdf", _changed(tale))
    reason = "地下水位高于勘察值，支护形式由放坡改为排桩"
    tale.act("reports.change_plan", "contractor", case_id=tale.case.pk, document_ids=[changed], reason=reason)
    yield tale.stage.day(-3, "10:00")
    tale.open_review()


def _changed(tale: Tale) -> bytes:
    from lunheng.demo.building import papers

    return papers.plan(tale.work.title, number=9, note="变更内容：支护形式改为排桩。")


def replacing(tale: Tale) -> Story:
    """确认中 (Qingdao): one silent, one declined, one recused and replaced; one invited now, with hours to answer."""
    drawn_at = tale.stage.ago(hours=9)
    yield from _prepared(tale, tale.stage.day(-5, "08:50"))
    yield drawn_at - timedelta(minutes=20)
    tale.ask(tale.stage.day(6, "09:00"))
    yield drawn_at
    tale.draw()
    yield drawn_at + timedelta(minutes=25)
    _, declining, recusing, fourth, fifth = tale.members("invited")
    tale.confirm(fourth)
    yield drawn_at + timedelta(minutes=50)
    tale.act("panels.decline_seat", declining, member_id=declining.pk, reason="当日在外地开会，不能参加")
    yield drawn_at + timedelta(minutes=80)
    ground = "本人近亲属在建设单位任职"
    tale.act("panels.recuse_member", recusing, member_id=recusing.pk, ground=ground)
    yield drawn_at + timedelta(minutes=110)
    tale.confirm(fifth)
    yield drawn_at + timedelta(minutes=170)
    for replacement in tale.members("invited")[1:]:
        tale.confirm(replacement)
        yield tale.pause(minutes=9)
    yield drawn_at + timedelta(hours=SILENCE, minutes=30)


def picking(tale: Tale) -> Story:
    """确认中 (Nanning): pushed, picked; two agreed, one refused, the others are still to be reached."""
    pushed_at = tale.stage.ago(hours=5)
    yield from _prepared(tale, tale.stage.day(-5, "08:50"))
    yield pushed_at - timedelta(minutes=20)
    tale.ask(tale.stage.day(6, "09:00"))
    yield pushed_at
    tale.draw()
    yield pushed_at + timedelta(minutes=30)
    chosen = tale.pick()
    yield pushed_at + timedelta(minutes=55)
    tale.reach(chosen[0])
    yield pushed_at + timedelta(minutes=80)
    tale.reach(chosen[1], agrees=False, reason="论证当日有其他工作安排")
    yield pushed_at + timedelta(minutes=100)
    tale.reach(chosen[2])


def entrusted(tale: Tale) -> Story:
    """预审 (Nanning): organized by a review agency."""
    yield from _prepared(tale, tale.stage.day(-8, "09:00"))
    yield tale.pause(hours=1)
    tale.entrust()
    yield tale.pause(hours=2)
    tale.ask(tale.stage.day(3, "09:30"))
    yield from tale.gather_panel()


Teller = Callable[[Tale], Story]
_OF_BOTH: tuple[Teller, ...] = (
    drafting, approving, ready, asked, preparing, meeting, reporting, undecided, uploading_late, uploading_soon,
    revising, rechecking, reapproving, passed, failed, void, working, superseded,
)  # fmt: skip
_OF_DIRECT: tuple[Teller, ...] = (replacing,)
_OF_PUSH: tuple[Teller, ...] = (picking, entrusted)
