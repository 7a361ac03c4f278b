"""Acts of messaging: what a carrier says became of a message."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.cases.permissions import NO_CITY_RULE
from lunheng.core.actor import Actor, Role
from lunheng.core.errors import require
from lunheng.core.procedures.consequences import GIVE_UP_UNDELIVERED, START_WINDOW
from lunheng.core.procedures.files import REPORT_DELIVERY
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.messaging.texts import PANEL_INVITATION

State = Message.State


@act(REPORT_DELIVERY, is_public=False)
def report_delivery(*, message_id: int, state: str, actor: Actor, at: datetime, fault: str = "") -> Entry:
    """短信回执: the carrier says delivered or failed for good. The arrival of an invitation starts the expert's
    time to answer (二（三）: 收到短信); one that failed leaves the time after which the platform gives up.

    Raises:
        AlreadyDone: an outcome is known already; carriers report more than once.
    """
    message = Message.objects.select_related("case").get(pk=message_id)
    if message.case is None:
        raise ValueError("a message without a case has no file to enter")
    case = lock(message.case)
    message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
    require(_may_report(actor))
    message.settle(State(state), fault=fault, at=at)
    if message.template == PANEL_INVITATION.key:
        _follow_up(case, message, at)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": "短信已送达" if state == State.DELIVERED else "短信发送失败",
            "clause": str(_clause(case, message)),
            "message": message.key,
            "template": message.template,
            "subject": message.subject,
            "attempts": message.attempts,
            "fault": message.fault,
        },
    )


def _follow_up(case: Case, message: Message, at: datetime) -> None:
    law, key = case.law, GIVE_UP_UNDELIVERED.key_in(message.subject)
    if message.state == State.DELIVERED:
        case.met(GIVE_UP_UNDELIVERED, key=key, at=at)
        if not case.awaits(START_WINDOW, key=key):
            case.due(START_WINDOW, key=key, due=at, clause=law.clause("confirmation.window"))
    elif not case.awaits(GIVE_UP_UNDELIVERED, key=key):
        first = message.first_sent_at or message.send_after
        due = law.due("confirmation.undelivered", first)
        case.due(GIVE_UP_UNDELIVERED, key=key, due=due, clause=law.clause("confirmation.undelivered"))


def _may_report(actor: Actor) -> Verdict:
    if actor.role == Role.SYSTEM:
        return allowed(NO_CITY_RULE, "运营商回执")
    return refused(NO_CITY_RULE, "短信回执只由运营商接口写入", "请等待运营商回执", actor.role.label)


def _clause(case: Case, message: Message) -> object:
    is_bound = case.pack_id is not None and message.template == PANEL_INVITATION.key
    key = "confirmation.window" if message.state == State.DELIVERED else "confirmation.undelivered"
    return case.law.clause(key) if is_bound else NO_CITY_RULE
