"""邀请与确认: six hours from delivery in Qingdao, consents and the odd list in Nanning."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from lunheng.ledger.models import Access
from lunheng.messaging.models import Message
from lunheng.panels.models import Member
from lunheng.pools.models import ServiceRecord
from tests.clauses.documents import nanning as nn
from tests.clauses.documents import qingdao as qd
from tests.factories.carrier import report, waiting
from tests.factories.chance import draw_by
from tests.factories.story import Story

NIGHT = datetime.fromisoformat("2025-06-10T22:00:00+08:00")


@pytest.fixture
def drawn(qingdao: Story) -> Story:
    """Drawn and delivered at 22:00:00."""
    qingdao.ready()
    qingdao.request()
    qingdao.clock.set(NIGHT)
    qingdao.draw()
    return qingdao


def invitation_of(member: Member) -> Message:
    return Message.objects.get(subject=f"member:{member.pk}", template="panel.invitation")


@pytest.mark.clause("QD-二(三)2a/one message")
def test_each_drawn_expert_gets_one_message_with_meeting_time_and_link(drawn: Story) -> None:
    messages = [invitation_of(member) for member in drawn.members()]
    meeting = drawn.panel_request().meeting_at.astimezone(NIGHT.tzinfo)
    assert len(messages) == 5
    for message in messages:
        assert (message.channel, message.state) == ("sms", "delivered")
        assert f"{meeting.month}月{meeting.day}日" in message.text
        assert "/my/invitations/" in message.link + message.text


@pytest.mark.clause("QD-二(三)2a/failed")
def test_a_failed_delivery_is_listed_for_contractor_and_station(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.request()
    draw_by(qingdao.as_("contractor").done, "panels.commit_draw", qingdao.request_id)
    first, *others = waiting(qingdao.clock.now())
    report(first, qingdao.clock.now(), "failed", "空号")
    for message in others:
        report(message, qingdao.clock.now())
    for seat in ("contractor", "station"):
        page = qingdao.as_(seat).get(f"/cases/{qingdao.case_id}/panel/").content.decode()
        assert ("发送失败" in page, "已送达" in page) == (True, True)


@pytest.mark.clause("QD-二(三)2b")
def test_one_second_before_six_hours_is_in_time(drawn: Story) -> None:
    member = drawn.members()[0]
    drawn.clock.set(NIGHT + timedelta(hours=6, seconds=-1))
    drawn.as_(drawn.seat_of(member)).done("panels.confirm_seat", member_id=member.pk)
    assert Member.objects.get(pk=member.pk).state == "confirmed"


@pytest.mark.clause("QD-二(三)2b")
def test_at_six_hours_it_is_too_late_even_before_the_sweep(drawn: Story) -> None:
    member = drawn.members()[0]
    drawn.clock.set(NIGHT + timedelta(hours=6))
    seat = drawn.as_(drawn.seat_of(member))
    assert seat.refused("panels.confirm_seat", member_id=member.pk) == [qd("二（三）")]
    assert Member.objects.get(pk=member.pk).state == "invited"


@pytest.mark.clause("QD-二(三)2c/by itself")
def test_silence_becomes_not_taking_part_by_itself_and_goes_into_the_yearly_evaluation(drawn: Story) -> None:
    member = drawn.members()[0]
    drawn.clock.set(NIGHT + timedelta(hours=6))
    drawn.sweep()
    record = ServiceRecord.objects.get(file=member.expert.file)
    assert Member.objects.get(pk=member.pk).state == "silent"
    assert (record.kind, record.is_for_yearly_evaluation, record.at) == (
        "no_answer",
        True,
        NIGHT + timedelta(hours=6),
    )


@pytest.mark.clause("QD-二(三)2c/by itself")
def test_one_second_earlier_nothing_has_happened(drawn: Story) -> None:
    drawn.clock.set(NIGHT + timedelta(hours=6, seconds=-1))
    drawn.sweep()
    assert ({member.state for member in drawn.members()}, ServiceRecord.objects.count()) == ({"invited"}, 0)


@pytest.mark.clause("QD-二(三)2c/undelivered")
def test_a_message_never_delivered_starts_no_clock_and_makes_no_entry(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.request()
    draw_by(qingdao.as_("contractor").done, "panels.commit_draw", qingdao.request_id)
    unreached, *others = waiting(qingdao.clock.now())
    for message in others:
        report(message, qingdao.clock.now())
    qingdao.sweep()
    member = Member.objects.get(pk=int(unreached.subject.removeprefix("member:")))
    qingdao.sweep(minutes=59, seconds=59)
    assert Member.objects.get(pk=member.pk).state == "invited"
    qingdao.sweep(seconds=1)
    member.refresh_from_db()
    backfilled = qingdao.members()[-1]
    assert (member.state, member.expert.file.service_records.count()) == ("undelivered", 0)
    assert (backfilled.draw.kind, backfilled.draw.because) == ("backfill", "undelivered")


@pytest.mark.clause("QD-二(三)2d/at six hours")
def test_at_six_hours_another_of_the_same_specialty_is_drawn_with_hours_of_his_own(drawn: Story) -> None:
    silent = drawn.members()[0]
    for member in drawn.members()[1:]:
        drawn.as_(drawn.seat_of(member)).done("panels.confirm_seat", member_id=member.pk)
    drawn.clock.set(NIGHT + timedelta(hours=6))
    drawn.sweep()
    drawn.send()
    newcomer = Member.objects.get(case_id=drawn.case_id, replaces=silent)
    drawn.clock.set(NIGHT + timedelta(hours=12, seconds=-1))
    drawn.as_(drawn.seat_of(newcomer)).done("panels.confirm_seat", member_id=newcomer.pk)
    assert (newcomer.specialty, newcomer.state, newcomer.drawn_at) == (
        silent.specialty,
        "invited",
        NIGHT + timedelta(hours=6),
    )


@pytest.mark.clause("QD-二(三)2d/decline")
def test_a_decline_is_backfilled_at_once(drawn: Story) -> None:
    member = drawn.members()[0]
    drawn.as_(drawn.seat_of(member)).done("panels.decline_seat", member_id=member.pk, reason="出差")
    drawn.sweep()
    assert Member.objects.filter(replaces=member, drawn_at=NIGHT).count() == 1


@pytest.mark.clause("QD-二(三)2d/none left")
def test_when_none_is_left_contractor_and_station_are_told_with_the_numbers(
    small: Callable[..., Story],
) -> None:
    story = small("qingdao", 0)
    for _ in range(5):
        story.world.add_expert(specialties=("geotechnics",))
    story.ready()
    story.request()
    member = story.draw()[0]
    story.as_(story.seat_of(member)).done("panels.decline_seat", member_id=member.pk, reason="出差")
    story.sweep()
    letters = Message.objects.filter(template="panel.exhausted")
    told = {letter.account_id for letter in letters}
    assert {story.world.seat("contractor").account_id, story.world.seat("station").account_id} <= told
    assert all("5" in letter.text and "1" in letter.text for letter in letters)


@pytest.mark.clause("QD-二(三)2e/draw")
def test_with_the_send_window_on_the_message_waits_for_eight_and_its_hours_run_from_there(
    qingdao: Story, send_window: Callable[[Story], object]
) -> None:
    send_window(qingdao)
    qingdao.ready()
    qingdao.request()
    qingdao.clock.set(datetime.fromisoformat("2025-06-11T04:00:00+08:00"))
    members = qingdao.draw()
    assert [member.drawn_at for member in members] == [qingdao.clock.now()] * 5
    assert Message.objects.filter(template="panel.invitation", state="delivered").count() == 0
    eight = datetime.fromisoformat("2025-06-11T08:00:00+08:00")
    qingdao.clock.set(eight)
    qingdao.send()
    page = qingdao.as_("contractor").get(f"/cases/{qingdao.case_id}/panel/").content.decode()
    qingdao.clock.set(eight + timedelta(hours=6, seconds=-1))
    qingdao.as_(qingdao.seat_of(members[0])).done("panels.confirm_seat", member_id=members[0].pk)
    qingdao.clock.set(eight + timedelta(hours=6))
    assert qingdao.as_(qingdao.seat_of(members[1])).refused(
        "panels.confirm_seat", member_id=members[1].pk
    ) == [qd("二（三）")]
    assert ("04:00" in page, "08:00" in page) == (True, True)


@pytest.mark.clause("QD-二(三)2e/off by default")
def test_by_default_the_message_leaves_at_night_too(qingdao: Story) -> None:
    qingdao.ready()
    qingdao.request()
    qingdao.clock.set(datetime.fromisoformat("2025-06-11T04:00:00+08:00"))
    qingdao.draw()
    assert Message.objects.filter(template="panel.invitation", delivered_at=qingdao.clock.now()).count() == 5


@pytest.fixture
def picked(nanning: Story) -> Story:
    nanning.ready()
    nanning.request()
    nanning.push()
    nanning.pick(nanning.lawful_pick())
    return nanning


def panel_page(story: Story, seat: str) -> str:
    """The page of the panel, whatever the answer."""
    return str(story.as_(seat).get(f"/cases/{story.case_id}/panel/").content.decode())


@pytest.mark.clause("NN-二(二)e/contacts")
def test_contacts_appear_after_the_pick_and_only_of_the_picked(picked: Story) -> None:
    page = panel_page(picked, "contractor")
    shown = {member.pk: member.expert.phone[3:] in page for member in picked.members()}
    expected = {member.pk: member.state == "picked" for member in picked.members()}
    assert shown == expected


@pytest.mark.clause("NN-二(二)e/contacts")
def test_before_the_pick_no_contact_is_shown(nanning: Story) -> None:
    nanning.ready()
    nanning.request()
    nanning.push()
    page = panel_page(nanning, "contractor")
    assert [member for member in nanning.members() if member.expert.phone[3:] in page] == []


@pytest.mark.clause("NN-二(二)e/contacts", "NN-二(二)e/views logged")
def test_contacts_are_for_client_and_keeper_only_and_views_are_logged(picked: Story) -> None:
    phone = picked.members("picked")[0].expert.phone[3:]
    seen = {
        seat: phone in panel_page(picked, seat)
        for seat in ("contractor", "station", "owner", "supervisor", "stranger")
    }
    assert seen == {
        "contractor": True,
        "station": True,
        "owner": False,
        "supervisor": False,
        "stranger": False,
    }
    assert picked.as_("stranger").get(f"/cases/{picked.case_id}/panel/").status_code == 403
    assert Access.objects.filter(kind="contacts").count() == 2


@pytest.mark.clause("NN-二(二)e/expert denies")
def test_the_expert_can_deny_a_recorded_consent(picked: Story) -> None:
    member = picked.members("picked")[0]
    picked.as_("contractor").done("panels.record_contact", member_id=member.pk, outcome="consent")
    picked.as_(picked.seat_of(member)).done("panels.answer_contact", member_id=member.pk, agrees=False)
    others = picked.members("picked")
    picked.consent(others)
    members = [member, *others]
    assert nn("二（二）") in picked.as_("contractor").refused(
        "panels.confirm_list",
        request_id=picked.request_id,
        member_ids=[one.pk for one in members],
        leader_member_id=others[0].pk,
    )


@pytest.mark.clause("NN-二(二)e/expert confirms")
def test_the_expert_can_confirm_a_recorded_consent(picked: Story) -> None:
    members = picked.members("picked")
    picked.consent(members)
    picked.as_(picked.seat_of(members[0])).done("panels.answer_contact", member_id=members[0].pk, agrees=True)
    picked.confirm_list(members)
    line = next(
        line
        for line in picked.as_("station").get(f"/api/cases/{picked.case_id}/timeline").json()
        if line["event"] == "panel.contact_answered/1"
    )
    assert (line["role"], len(picked.members("confirmed"))) == ("专家", len(members))


@pytest.mark.clause("NN-二(二)e/without consent")
def test_an_expert_without_recorded_consent_cannot_be_confirmed(picked: Story) -> None:
    members = picked.members("picked")
    picked.consent(members[:4])
    assert picked.as_("contractor").refused(
        "panels.confirm_list",
        request_id=picked.request_id,
        member_ids=[one.pk for one in members],
        leader_member_id=members[0].pk,
    ) == [nn("二（二）")]


@pytest.mark.clause("NN-二(二)e/calls")
def test_the_order_of_calls_and_refusals_with_reason_are_kept(picked: Story) -> None:
    first, second, *_ = picked.members("picked")
    picked.as_("contractor").done("panels.record_contact", member_id=second.pk, outcome="consent")
    picked.as_("contractor").done(
        "panels.record_contact", member_id=first.pk, outcome="refusal", reason="外出"
    )
    rows = {member.pk: (member.contact_order, member.state) for member in picked.members()}
    assert (rows[second.pk], rows[first.pk]) == ((1, "consented"), (2, "declined"))
    assert Member.objects.get(pk=first.pk).ground == "外出"


def confirmed(story: Story, count: int) -> list[Member]:
    """A confirmed list of so many."""
    story.ready()
    story.request(meeting_at=(story.clock.now() + timedelta(days=10)).isoformat())
    story.push()
    members = story.lawful_pick(count)
    story.pick(members)
    story.consent(members)
    story.confirm_list(members)
    return story.members("confirmed")


@pytest.mark.clause("NN-二(三)i/start refused")
@pytest.mark.parametrize(("count", "way"), [(5, "recusal"), (7, "illness"), (5, "removal")])
def test_a_lost_member_stops_the_meeting_until_the_list_is_lawful_again(
    nanning: Story, count: int, way: str
) -> None:
    members = confirmed(nanning, count)
    lose(nanning, members[-1], way)
    nanning.gather()
    assert nn("二（三）") in nanning.as_("contractor").refused(
        "meetings.start_meeting", meeting_id=nanning.meeting().pk
    )


def lose(story: Story, member: Member, way: str) -> None:
    """One member is lost."""
    if way == "recusal":
        story.as_(story.seat_of(member)).done(
            "panels.recuse_member", member_id=member.pk, ground="与建设单位有利害关系"
        )
    elif way == "illness":
        story.as_("contractor").done("panels.report_loss", member_id=member.pk, ground="因病不能到会")
    else:
        story.as_("station").done("panels.remove_member", member_id=member.pk, ground="发现为参建单位人员")
    story.sweep()


@pytest.mark.clause("NN-二(三)i/random removal")
def test_from_six_the_system_removes_one_at_random_never_the_client(nanning: Story) -> None:
    members = confirmed(nanning, 7)
    lose(nanning, members[-1], "illness")
    draw_by(nanning.as_("contractor").done, "panels.reduce_list", nanning.request_id)
    answer = nanning.as_("contractor").act("panels.remove_member", member_id=members[1].pk, ground="换人")
    assert (len(nanning.members("confirmed")), answer.status_code) == (5, 403)


@pytest.mark.clause("NN-二(三)i/one more from the pushed")
def test_one_more_from_the_pushed_makes_the_list_lawful_again(nanning: Story) -> None:
    members = confirmed(nanning, 5)
    lose(nanning, members[-1], "illness")
    units = {member.expert.unit_id for member in nanning.members("confirmed")}
    spare = next(member for member in nanning.members("skipped") if member.expert.unit_id not in units)
    again = [*nanning.members("confirmed"), spare]
    nanning.pick(again)
    nanning.consent([spare])
    nanning.confirm_list(again)
    assert len(nanning.members("confirmed")) == 5


@pytest.mark.clause("NN-二(三)i/leader anew")
def test_a_lost_leader_must_be_set_anew(nanning: Story) -> None:
    members = confirmed(nanning, 7)
    lose(nanning, nanning.leader(), "illness")
    draw_by(nanning.as_("contractor").done, "panels.reduce_list", nanning.request_id)
    nanning.gather()
    contractor = nanning.as_("contractor")
    assert nn("二（二）") in contractor.refused("meetings.start_meeting", meeting_id=nanning.meeting().pk)
    left = nanning.members("confirmed")
    contractor.done("panels.name_leader", case_id=nanning.case_id, member_id=left[0].pk)
    contractor.done("meetings.start_meeting", meeting_id=nanning.meeting().pk)
    assert len(members) == 7


@pytest.mark.clause("NN-二(三)i/start refused")
def test_a_member_absent_on_the_day_has_the_same_effect(nanning: Story) -> None:
    confirmed(nanning, 5)
    nanning.clock.set(nanning.meeting().planned_at)
    nanning.sweep()
    for member in nanning.members("confirmed")[:-1]:
        nanning.as_(nanning.seat_of(member)).done(
            "meetings.sign_in_member", meeting_id=nanning.meeting().pk, member_id=member.pk
        )
    assert nn("二（三）") in nanning.as_("contractor").refused(
        "meetings.start_meeting", meeting_id=nanning.meeting().pk
    )
