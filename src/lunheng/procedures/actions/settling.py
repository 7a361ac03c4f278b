"""Acts beside the way: an objection is answered, a matter is taken back."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused
from lunheng.core.ledger.canonical import JsonValue
from lunheng.core.procedures.proceedings import ANSWER_OBJECTION, WITHDRAW_PROCEEDING
from lunheng.core.reasons import GivenReason
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.messaging.texts import OBJECTION_ANSWERED
from lunheng.notices.models import Notice, Objection
from lunheng.notices.queries import has_upheld_objection, open_objections
from lunheng.procedures import flow, permissions, queries
from lunheng.procedures.models import Proceeding


@act(ANSWER_OBJECTION)
def answer_objection(
    *, objection_id: int, is_upheld: bool, answer: GivenReason, actor: Actor, at: datetime
) -> Objection:
    """答复异议: the office that posted the notice says whether the objection is right, and why.

    An objection that is right ends the matter; when the period is over and the last one is answered, it goes on.

    Raises:
        Refused: not this office's; answered before; no reason; the notice is over.
    """
    found = Objection.objects.select_related("notice").filter(pk=objection_id).first()
    if found is None:
        raise Refused(permissions.UNKNOWN)
    case = lock(found.notice.case_id)
    proceeding = queries.proceeding_for_update(case)
    objection = (
        Objection.objects.select_for_update(of=("self",)).select_related("notice").get(pk=objection_id)
    )
    permissions.require_known(actor, proceeding, permissions.may_answer(actor, proceeding, objection, answer))
    here = proceeding.here
    assert here is not None
    objection.settle(is_upheld=is_upheld, answer=answer.strip(), at=at)
    word = "成立" if is_upheld else "不成立"
    if is_upheld:
        _uphold(proceeding, at)
    else:
        _go_on_if_settled(proceeding, at)
    flow.tell(proceeding, f"第{objection.number}号异议经核实{word}", at)
    Message.post(
        Message.draft(
            OBJECTION_ANSWERED,
            key=f"objection:{objection.pk}:answered",
            case=case,
            phone=objection.phone,
            at=at,
            notice=objection.notice.title,
            number=objection.number,
            word=word,
            answer=objection.answer,
        )
    )
    data: dict[str, JsonValue] = {
        "label": f"答复第{objection.number}号异议：{word}",
        "clause": objection.notice.clause,
        "number": objection.number,
        "is_upheld": is_upheld,
    }
    case.enter(actor=actor, at=at, data=data)
    return objection


@act(WITHDRAW_PROCEEDING)
def withdraw_proceeding(*, proceeding_id: int, reason: GivenReason, actor: Actor, at: datetime) -> Entry:
    """撤回: whoever began the matter takes it back before it takes effect; nothing follows from it any more.

    Raises:
        Refused: somebody else's; over or taking effect; no reason.
    """
    found = queries.proceeding(proceeding_id)
    if found is None:
        raise Refused(permissions.UNKNOWN)
    case = lock(found.case_id)
    proceeding = queries.proceeding_for_update(case)
    verdict = permissions.require_known(
        actor, proceeding, permissions.may_withdraw(actor, proceeding, reason)
    )
    proceeding.end(Proceeding.State.WITHDRAWN, at)
    data = {
        "label": f"撤回{proceeding.rule.title}",
        "clause": str(verdict.reasons[0].clause),
        "reason": reason.strip(),
    }
    return case.enter(actor=actor, at=at, data=data)


def _uphold(proceeding: Proceeding, at: datetime) -> None:
    """An objection was right: where the step says, else the matter ends without success."""
    here = proceeding.here
    assert here is not None
    target = here.on.get("upheld")
    if target is None or target == "end":
        proceeding.end(Proceeding.State.REFUSED, at)
        return
    for notice in proceeding.case.notices.filter(kind=Notice.Kind.NOTICE, withdrawn_at__isnull=True):
        notice.withdraw(at)
    flow.enter(proceeding, target, at)


def _go_on_if_settled(proceeding: Proceeding, at: datetime) -> bool:
    """After the end of the period, with no objection open, the matter goes on."""
    here = proceeding.here
    assert here is not None
    notice = proceeding.case.notices.filter(kind=Notice.Kind.NOTICE, withdrawn_at__isnull=True).first()
    is_over = notice is not None and notice.ended_at is not None
    is_blocked = here.objections == "block" and open_objections(proceeding.case).exists()
    if not is_over or is_blocked or has_upheld_objection(proceeding.case):
        return False
    flow.leave(proceeding, here, at)
    return True
