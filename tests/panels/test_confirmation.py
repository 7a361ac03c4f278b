"""确认、逾期、未送达、不能参加、回避: what the invited answer, and what silence means."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from lunheng.cases.models import Participant
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.panels.models import Member
from lunheng.pools.models import ServiceRecord
from tests.conftest import OPENING
from tests.panels.conftest import Scene

Tell = Callable[..., Scene]
AT_TEN = OPENING.replace(hour=22)


def delivered_at_ten(scene: Scene) -> Member:
    """Drawn in the morning; the messages arrive at 22:00:00."""
    member = scene.draw()[0]
    scene.clock.set(AT_TEN - timedelta(minutes=30))
    Message.objects.filter(case_id=scene.case_id).update(first_sent_at=scene.clock.now())
    scene.sweep()
    scene.clock.set(AT_TEN)
    scene.deliver()
    return scene.member(member)


def records(member: Member) -> list[tuple[str, bool]]:
    return list(
        ServiceRecord.objects.filter(file_id=member.expert.file_id).values_list(
            "kind", "is_for_yearly_evaluation"
        )
    )


def test_a_second_before_six_hours_is_in_time_through_the_night(qingdao: Tell) -> None:
    scene = qingdao()
    member = delivered_at_ten(scene)
    scene.clock.set(AT_TEN + timedelta(hours=5, minutes=59, seconds=59))
    scene.confirm(member)
    assert scene.member(member).state == "confirmed"
    assert scene.member(member).confirmed_at == datetime(2026, 11, 25, 3, 59, 59, tzinfo=OPENING.tzinfo)


def test_at_exactly_six_hours_it_is_too_late_even_before_the_sweep(qingdao: Tell) -> None:
    scene = qingdao()
    member = delivered_at_ten(scene)
    scene.clock.set(AT_TEN + timedelta(hours=6))
    assert scene.refused("confirm_seat", scene.seat(member), member_id=member.pk) == ["二（三）"]


def test_the_window_counts_from_the_report_of_delivery_although_the_sweep_has_not_run(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    message = Message.objects.get(subject=member.subject)
    scene.report(message, scene.clock.now())
    scene.clock.advance(hours=6)
    assert scene.refused("confirm_seat", scene.seat(member), member_id=member.pk) == ["二（三）"]


def test_after_six_hours_the_state_turns_by_itself_at_the_legal_moment(qingdao: Tell) -> None:
    scene = qingdao()
    member = delivered_at_ten(scene)
    scene.sweep(hours=9)
    silent = scene.member(member)
    assert (silent.state, silent.get_state_display()) == ("silent", "逾期未确认（不参与）")
    assert silent.left_at == AT_TEN + timedelta(hours=6)


def test_silence_goes_into_the_yearly_evaluation_and_is_no_absence(qingdao: Tell) -> None:
    scene = qingdao()
    member = delivered_at_ten(scene)
    scene.sweep(hours=6)
    assert records(member) == [("no_answer", True)]
    assert [entry.event for entry in Entry.objects.filter(subject=member.expert.file.reference)] == [
        "panel.invitation_expired/1"
    ]


def test_a_silent_expert_is_refused_with_the_clause_of_the_window(qingdao: Tell) -> None:
    scene = qingdao()
    member = delivered_at_ten(scene)
    scene.sweep(hours=7)
    assert scene.refused("confirm_seat", scene.seat(member), member_id=member.pk) == ["二（三）"]


def test_who_confirmed_in_time_stays_confirmed_when_the_window_ends(qingdao: Tell) -> None:
    scene = qingdao()
    member = delivered_at_ten(scene)
    scene.confirm(member)
    scene.sweep(hours=7)
    assert scene.member(member).state == "confirmed"
    assert records(member) == []


def test_a_message_that_never_arrived_starts_no_clock_and_makes_no_entry(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    scene.deliver_others_than(member)
    message = Message.objects.get(subject=member.subject)
    Message.objects.filter(pk=message.pk).update(first_sent_at=scene.clock.now(), attempts=1)
    scene.sweep(minutes=59, seconds=59)
    assert scene.member(member).state == "invited"
    scene.sweep(seconds=1)
    gone = scene.member(member)
    assert (gone.state, gone.ground, records(gone)) == ("undelivered", "短信未送达", [])
    replacement = Member.objects.get(replaces=member)
    assert (replacement.state, replacement.draw.because) == ("invited", "undelivered")


def test_the_hour_of_failed_attempts_counts_from_the_first_attempt(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    scene.deliver_others_than(member)
    tried = scene.clock.now() + timedelta(minutes=40)
    Message.objects.filter(subject=member.subject).update(first_sent_at=tried, attempts=1)
    scene.sweep(hours=1)
    assert scene.member(member).state == "invited"
    scene.sweep(minutes=40)
    assert scene.member(member).state == "undelivered"


def test_another_person_cannot_answer(qingdao: Tell) -> None:
    scene = qingdao()
    first, second = scene.draw()[:2]
    for seat in ("contractor", "station", scene.seat(second)):
        assert scene.refused("confirm_seat", seat, member_id=first.pk) == ["四（二）1"]
    assert scene.member(first).state == "invited"


def test_a_confirmed_member_sees_the_case_and_is_sent_the_plan(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    scene.confirm(member)
    participant = Participant.objects.get(case_id=scene.case_id, expert=member.expert.reference)
    assert participant.is_member is True
    assert [one.subject for one in scene.deadlines("plans.deliver_version")] == [member.subject]


def test_confirming_twice_is_refused(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    scene.confirm(member)
    assert scene.refused("confirm_seat", scene.seat(member), member_id=member.pk) == ["第四条"]


def test_the_last_confirmation_makes_the_panel_whole(qingdao: Tell) -> None:
    scene = qingdao()
    drawn = scene.draw()
    scene.confirm(*drawn[:-1])
    assert (scene.case.state, scene.deadlines("meetings.plan_meeting")) == ("confirming", [])
    scene.confirm(drawn[-1])
    assert scene.case.state == "preparing"
    assert [
        len(scene.deadlines(f"{name}")) for name in ("meetings.plan_meeting", "panels.open_election")
    ] == [1, 1]


def test_the_send_window_holds_the_message_and_the_clock_runs_from_delivery(qingdao: Tell) -> None:
    scene = qingdao()
    scene.enable_send_window()
    scene.clock.set(OPENING.replace(hour=4))
    member = scene.draw()[0]
    message = Message.objects.get(subject=member.subject)
    assert (member.drawn_at, message.send_after) == (OPENING.replace(hour=4), OPENING.replace(hour=8))
    scene.clock.set(OPENING.replace(hour=8))
    scene.deliver()
    scene.clock.set(OPENING.replace(hour=13, minute=59, second=59))
    scene.confirm(member)
    assert scene.member(member).state == "confirmed"


def test_a_decline_needs_a_reason(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    assert scene.refused("decline_seat", scene.seat(member), member_id=member.pk, reason=" ") == ["二（三）"]


def test_not_suited_is_recorded_and_not_counted_as_no_answer(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    scene.act("decline_seat", scene.seat(member), member_id=member.pk, reason="不熟悉降水", is_unsuited=True)
    gone = scene.member(member)
    assert (gone.state, gone.ground, gone.is_unsuited) == ("declined", "不熟悉降水", True)
    record = ServiceRecord.objects.get(file_id=gone.expert.file_id)
    assert (record.kind, record.is_for_yearly_evaluation) == ("declined", False)
    assert record.clause.endswith("四（二）2")


def test_a_decline_after_six_hours_is_refused(qingdao: Tell) -> None:
    scene = qingdao()
    member = delivered_at_ten(scene)
    scene.clock.advance(hours=6)
    assert scene.refused("decline_seat", scene.seat(member), member_id=member.pk, reason="出差") == [
        "二（三）"
    ]


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_a_recusal_ends_access_at_once_and_is_no_silence(qingdao: Tell, is_confirmed: bool) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    if is_confirmed:
        scene.confirm(member)
    scene.act("recuse_member", scene.seat(member), member_id=member.pk, ground="配偶在监理单位任职")
    assert scene.member(member).state == "recused"
    assert Participant.objects.filter(expert=member.expert.reference, left_at__isnull=True).count() == 0
    assert records(member) == [("recused", False)]
    scene.sweep()
    assert Member.objects.get(replaces=member).draw.because == "recused"


def test_a_recusal_needs_its_ground(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.draw()[0]
    assert scene.refused("recuse_member", scene.seat(member), member_id=member.pk, ground="") == ["四（二）7"]


def test_a_recusal_after_the_conclusion_is_refused(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.confirmed_panel()[0]
    case = scene.case
    case.state = "uploading"
    case.save()
    assert scene.refused("recuse_member", scene.seat(member), member_id=member.pk, ground="利害") == [
        "第四条"
    ]


def test_the_commitment_is_signed_once_by_the_member(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.confirmed_panel()[0]
    assert scene.refused("sign_commitment", "contractor", member_id=member.pk) == ["四（二）1"]
    scene.act("sign_commitment", scene.seat(member), member_id=member.pk)
    first = scene.member(member).committed_at
    scene.clock.advance(hours=1)
    scene.act("sign_commitment", scene.seat(member), member_id=member.pk)
    assert scene.member(member).committed_at == first == OPENING
    assert Participant.objects.get(expert=member.expert.reference).committed_at == OPENING


def test_a_leak_can_be_filed_against_an_expert_by_a_party_only(qingdao: Tell) -> None:
    scene = qingdao()
    member = scene.confirmed_panel()[0]
    assert scene.refused("file_leak", "stranger", member_id=member.pk, text="外传方案") == ["四（二）1"]
    assert scene.refused("file_leak", "owner", member_id=member.pk, text=" ") == ["四（二）1"]
    scene.act("file_leak", "owner", member_id=member.pk, text="将方案发至外部群")
    assert records(member) == [("leak", True)]
