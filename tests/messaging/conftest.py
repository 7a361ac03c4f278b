"""A case with a law and an account to write to."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from lunheng.accounts.models import Account
from lunheng.cases import running
from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case, Deadline
from lunheng.core.actor import Actor
from lunheng.jobs.clock import FixedClock
from lunheng.jurisdictions import law, packs
from lunheng.jurisdictions.models import Division, PackRecord
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.messaging.texts import KINDS

Post = Callable[..., Message]


@act("trial.message_posted/1", is_public=False)
def post_message(*, case_id: int, template: str, actor: Actor, at: datetime, **fields: Any) -> Entry:
    """Write one message, as any act does."""
    case = lock(case_id)
    Message.post(Message.draft(KINDS[template], case=case, at=at, **fields))
    return case.enter(actor=actor, at=at, data={"label": "发送短信"})


@act("trial.messages_stopped/1", is_public=False)
def stop_messages(*, case_id: int, subject: str, actor: Actor, at: datetime) -> Entry:
    """Stop what has not left, as a declining expert does."""
    case = lock(case_id)
    Message.stop(case=case, subject=subject)
    return case.enter(actor=actor, at=at, data={"label": "不参加"})


@pytest.fixture
def case(clock: FixedClock) -> Case:
    """A review in Qingdao."""
    law.forget()
    packs.record_all(at=clock.now())
    return Case.objects.create(
        reference="LZ-370200-2026-000001",
        kind=Case.Kind.REVIEW,
        title="深基坑专项施工方案",
        division=Division.objects.create(code="370200", name="青岛市"),
        pack=PackRecord.objects.filter(pack_id="qingdao-2025").latest("loaded_at"),
        state="confirming",
        opened_at=clock.now(),
    )


@pytest.fixture
def account() -> Account:
    """A person with a number that nobody has."""
    return Account.objects.create_account(phone="+8619900000001", name="虚构·甲")


@pytest.fixture
def post(case: Case, account: Account, clock: FixedClock) -> Post:
    """Write a message to the account; an invitation unless told otherwise."""
    numbers = iter(range(1, 1000))

    def write(**fields: Any) -> Message:
        number = next(numbers)
        given: dict[str, Any] = {
            "key": f"invitation:{number}",
            "template": "panel.invitation",
            "subject": f"member:{number}",
            "account": account,
            "context": {
                "member": number,
                "meeting_at": "2026年12月1日（周二）09:00",
                "place": "虚构路 1 号",
                "organizer": "虚构建设集团",
                "contact": "虚构·丙 139 0000 0002",
                "limit": "在本短信送达后6小时内",
                "otherwise": "逾期未确认视为不参与。",
            },
        } | fields
        given |= {"member": number} | given.pop("context")
        later = given.pop("send_after", None)
        post_message(case_id=case.pk, actor=Actor.system(), at=clock.now(), **given)
        if later is not None:
            Message.objects.filter(key=given["key"]).update(send_after=later)
        return Message.objects.get(key=given["key"])

    return write


@pytest.fixture
def open_deadlines(case: Case) -> Callable[[], list[tuple[str, str, timedelta]]]:
    """Open deadlines as (name, subject, time from now)."""

    def found() -> list[tuple[str, str, timedelta]]:
        from lunheng.jobs import clock as product_clock

        rows = Deadline.objects.filter(case=case, met_at__isnull=True, performed_at__isnull=True)
        return [(row.name, row.subject, row.due_at - product_clock.now()) for row in rows]

    return found


@pytest.fixture
def inside_an_act() -> Iterator[None]:
    """What an act's body would see."""
    token = running.start("trial.written/1")
    yield
    running.stop(token)
