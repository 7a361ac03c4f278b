"""Acts on a file of any kind: its content is erased."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.permissions import ERASING, may_as_office, may_erase
from lunheng.core.actor import Actor
from lunheng.core.errors import require
from lunheng.core.procedures.files import ERASE_CONTENT
from lunheng.core.reasons import GivenReason
from lunheng.ledger.erasing import erase
from lunheng.ledger.models import Entry
from lunheng.ledger.queries import entries_of


@act(ERASE_CONTENT)
def erase_content(*, case_id: int, number: int, reason: GivenReason, actor: Actor, at: datetime) -> Entry:
    """擦除: destroy salt and content of one entry of a closed file (《个人信息保护法》第四十七条); leaf, moment, place and
    proof stay, and who erased it and why is entered in the same file.

    A review is closed at its last step (归档: 不通过, 无效, 已变更, 已撤回), another file when its state is closed. Whether a
    statutory period has ended the platform cannot see: the office answers for it with its reason, which is never erased.

    Raises:
        Refused: no office that supervises the case; still open; no reason; no such entry; erased; itself an erasure.
    """
    case = lock(case_id)
    require(may_as_office(actor, case, "erase_content"))
    entry = entries_of(case.reference).filter(subject_number=number).first()
    require(may_erase(case, entry, reason, str(number)))
    assert entry is not None
    erase(entry, at)
    return case.enter(
        actor=actor,
        at=at,
        data={
            "label": f"擦除第 {number} 条存证的内容",
            "clause": str(ERASING),
            "number": number,
            "reason": reason.strip(),
        },
        because=entry.pk,
    )
