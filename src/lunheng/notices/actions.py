"""Acts on a notice: somebody objects."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.core.actor import Actor
from lunheng.core.errors import require
from lunheng.core.identity import clean_name, contact_number, read
from lunheng.core.procedures.proceedings import FILE_OBJECTION
from lunheng.notices import permissions, queries
from lunheng.notices.models import Notice, Objection


@act(FILE_OBJECTION)
def file_objection(
    *, notice_id: int, name: str, phone: str, text: str, actor: Actor, at: datetime
) -> Objection:
    """提出异议: during the period of a public notice, by name and with a reason. The matter waits until it is answered.

    Name, number and text are for the office alone; the entry tells only that there is an objection.

    Raises:
        Refused: the period is over; no name, no number, no reason.
    """
    found = Notice.objects.select_related("case").get(pk=notice_id)
    case = lock(found.case_id)
    notice = queries.notice_for_update(notice_id)
    clause = require(permissions.may_object(notice, name, phone, text, at)).reasons[0].clause
    objection = Objection.objects.create(
        notice=notice,
        number=notice.objections.count() + 1,
        name=read(clean_name, name, clause),
        phone=read(contact_number, phone, clause),
        text=text.strip(),
        filed_at=at,
    )
    label = f"对公示提出异议（第{objection.number}号）"
    case.enter(actor=actor, at=at, data={"label": label, "clause": notice.clause, "number": objection.number})
    return objection
