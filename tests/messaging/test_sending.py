"""Sending: every due message once, tried again when the carrier stumbles, and its outcome in the case's file."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import connections

from lunheng.accounts.models import Account
from lunheng.cases import running
from lunheng.cases.acts import AlreadyDone
from lunheng.cases.models import Case
from lunheng.core.actor import Actor, Role
from lunheng.core.errors import Refused
from lunheng.jobs.clock import FixedClock
from lunheng.ledger.queries import entries_of
from lunheng.messaging import sending
from lunheng.messaging.actions import report_delivery
from lunheng.messaging.carriers import CarrierFault, CarrierReference
from lunheng.messaging.models import Message, SimulatedPhone
from lunheng.messaging.texts import ACCOUNT_CODE
from tests.messaging.conftest import Post

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

Deadlines = Callable[[], list[tuple[str, str, timedelta]]]
NOW, HOUR = timedelta(0), timedelta(hours=1)


class Stumbling:
    """A carrier that fails with these faults, one after the other, and then takes everything."""

    def __init__(self, *faults: Exception) -> None:
        self.faults = list(faults)
        self.seen: list[str] = []

    def send(self, message: Message) -> CarrierReference:
        self.seen.append(message.key)
        if self.faults:
            raise self.faults.pop(0)
        return CarrierReference(f"taken-{message.pk}")

    def reports(self, body: bytes) -> Sequence[object]:
        return []

    def thanks(self) -> dict[str, object]:
        return {}


@pytest.fixture
def stumbling(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Stumbling]]:
    """Send through a carrier that stumbles."""

    def use(*faults: Exception) -> Stumbling:
        carrier = Stumbling(*faults)
        monkeypatch.setattr(sending, "carrier", lambda: carrier)
        return carrier

    yield use


def again(message: Message) -> Message:
    """The row as it is now."""
    return Message.objects.get(pk=message.pk)


def test_a_delivered_invitation_starts_the_time_to_answer(
    post: Post, case: Case, clock: FixedClock, open_deadlines: Deadlines
) -> None:
    message = post()
    assert sending.send_due(clock.now()) == 1
    assert (again(message).state, again(message).delivered_at) == ("delivered", clock.now())
    assert open_deadlines() == [("panels.start_window", "member:1", NOW)]
    last = entries_of(case.reference).last()
    assert last is not None
    assert last.event == "message.reported/1"


def test_what_is_not_due_stays(post: Post, clock: FixedClock) -> None:
    message = post(send_after=clock.now() + HOUR)
    assert (sending.send_due(clock.now()), again(message).state) == (0, "waiting")
    clock.advance(hours=1)
    assert (sending.send_due(clock.now()), again(message).state) == (1, "delivered")


def test_a_stopped_message_is_not_sent(
    post: Post, clock: FixedClock, stumbling: Callable[..., Stumbling]
) -> None:
    carrier = stumbling()
    Message.objects.filter(pk=post().pk).update(state="stopped")
    assert (sending.send_due(clock.now()), carrier.seen) == (0, [])


def test_a_dead_number_leaves_the_hour_after_which_the_platform_gives_up(
    post: Post, clock: FixedClock, open_deadlines: Deadlines
) -> None:
    SimulatedPhone.objects.create(phone="+8619900000001", manner="fail")
    message = post()
    sending.send_due(clock.now())
    assert (again(message).state, again(message).fault) == ("failed", "号码无法接收")
    assert open_deadlines() == [("panels.give_up_undelivered", "member:1", HOUR)]


def test_no_report_leaves_the_message_sent(post: Post, clock: FixedClock, open_deadlines: Deadlines) -> None:
    SimulatedPhone.objects.create(phone="+8619900000001", manner="silence")
    message = post()
    sending.send_due(clock.now())
    assert (again(message).state, again(message).delivered_at, open_deadlines()) == ("sent", None, [])


def test_a_stumbling_carrier_is_tried_again_with_growing_pauses(
    post: Post, clock: FixedClock, stumbling: Callable[..., Stumbling]
) -> None:
    stumbling(CarrierFault("忙", is_permanent=False), RuntimeError("broken"))
    message = post()
    waits = []
    for _ in range(2):
        sending.send_due(clock.now())
        waits.append((again(message).state, again(message).send_after - clock.now()))
        clock.set(again(message).send_after)
    sending.send_due(clock.now())
    assert waits == [("waiting", timedelta(seconds=15)), ("waiting", timedelta(seconds=30))]
    assert (again(message).state, again(message).attempts) == ("sent", 3)


def test_a_permanent_fault_is_not_tried_again(
    post: Post, clock: FixedClock, stumbling: Callable[..., Stumbling]
) -> None:
    stumbling(CarrierFault("空号", is_permanent=True))
    message = post()
    sending.send_due(clock.now())
    assert (again(message).state, again(message).failed_at, again(message).fault) == (
        "failed",
        clock.now(),
        "空号",
    )


def test_the_last_attempt_ends_as_failed(
    post: Post, clock: FixedClock, stumbling: Callable[..., Stumbling]
) -> None:
    carrier = stumbling(*(CarrierFault("忙", is_permanent=False) for _ in range(20)))
    message = post()
    while again(message).state == "waiting":
        clock.set(again(message).send_after)
        sending.send_due(clock.now())
    assert (again(message).state, len(carrier.seen)) == ("failed", sending.ATTEMPTS)


def test_one_broken_message_does_not_stop_the_others(
    post: Post, clock: FixedClock, stumbling: Callable[..., Stumbling]
) -> None:
    stumbling(RuntimeError("broken"))
    first, second = post(), post()
    assert sending.send_due(clock.now()) == 2
    assert (again(first).state, again(second).state) == ("waiting", "sent")


def test_a_claimed_message_is_nobody_elses(post: Post, clock: FixedClock) -> None:
    post()
    assert [sending.claim(clock.now()) is None for _ in range(2)] == [False, True]


def test_a_message_whose_worker_died_is_sent_by_another_under_the_same_key(
    post: Post, clock: FixedClock, stumbling: Callable[..., Stumbling]
) -> None:
    carrier = stumbling()
    message = post()
    sending.claim(clock.now())
    clock.advance(minutes=4)
    sending.send_due(clock.now())
    assert carrier.seen == []
    clock.advance(minutes=2)
    sending.send_due(clock.now())
    assert (carrier.seen, again(message).attempts) == ([message.key], 2)


def test_the_first_report_stands(
    post: Post, case: Case, clock: FixedClock, open_deadlines: Deadlines
) -> None:
    message = post()
    sending.send_due(clock.now())
    entries = entries_of(case.reference).count()
    assert not sending.report(message, is_delivered=False, fault="迟到的回执", at=clock.now())
    assert (again(message).state, entries_of(case.reference).count()) == ("delivered", entries)
    assert open_deadlines() == [("panels.start_window", "member:1", NOW)]


def test_arrival_ends_the_wait_for_arrival(
    post: Post, case: Case, clock: FixedClock, open_deadlines: Deadlines
) -> None:
    SimulatedPhone.objects.create(phone="+8619900000001", manner="fail")
    post(key="first", subject="member:1")
    sending.send_due(clock.now())
    SimulatedPhone.objects.all().delete()
    post(key="second", subject="member:1")
    sending.send_due(clock.now())
    assert open_deadlines() == [("panels.start_window", "member:1", NOW)]


def test_other_messages_start_nothing(post: Post, clock: FixedClock, open_deadlines: Deadlines) -> None:
    post(template="panel.released", context={})
    sending.send_due(clock.now())
    assert open_deadlines() == []


def test_a_message_without_a_case_has_its_outcome_in_its_row(account: Account, clock: FixedClock) -> None:
    token = running.start("trial.written/1")
    message = Message.post(Message.draft(ACCOUNT_CODE, key="code", account=account, code="1", at=clock.now()))
    running.stop(token)
    sending.send_due(clock.now())
    assert again(message).state == "delivered"


def test_nobody_but_the_carrier_reports(post: Post, clock: FixedClock) -> None:
    message = post()
    with pytest.raises(Refused):
        report_delivery(
            message_id=message.pk, state="delivered", actor=Actor("x", Role.CONTRACTOR), at=clock.now()
        )
    assert again(message).state == "waiting"


def test_a_report_says_delivered_or_failed(post: Post, clock: FixedClock) -> None:
    message = post()
    with pytest.raises(ValueError, match="delivered or failed"):
        report_delivery(message_id=message.pk, state="sent", actor=Actor.system(), at=clock.now())


def test_a_second_report_enters_nothing(post: Post, clock: FixedClock) -> None:
    message = post()
    report_delivery(message_id=message.pk, state="delivered", actor=Actor.system(), at=clock.now())
    with pytest.raises(AlreadyDone):
        report_delivery(message_id=message.pk, state="delivered", actor=Actor.system(), at=clock.now())


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_every_message_once(
    post: Post, clock: FixedClock, stumbling: Callable[..., Stumbling]
) -> None:
    carrier = stumbling()
    keys = [post().key for _ in range(40)]

    def work() -> None:
        try:
            while sending.send_due(clock.now()):
                pass
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(carrier.seen) == sorted(keys)
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
