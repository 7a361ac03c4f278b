"""办理事项: the few acts by which every procedure of a pack is run; who takes which step, when and after what, the pack says."""

from lunheng.core.procedures.consequences import (
    ANSWER_LIMIT,
    APPOINT_CANDIDATE,
    END_CANDIDATE,
    END_NOTICE,
    RENEW_CANDIDATE,
)
from lunheng.core.procedures.step import OPEN, Step

FOLLOWS = (ANSWER_LIMIT, END_NOTICE, APPOINT_CANDIDATE, RENEW_CANDIDATE, END_CANDIDATE)

OPEN_PROCEEDING = Step(event="proceeding.opened/1", words="启动或申请办理事项", seal=OPEN, sets=FOLLOWS)
WITHDRAW_PROCEEDING = Step(event="proceeding.withdrawn/1", words="撤回办理事项", seal=OPEN)
TAKE_STEP = Step(event="step.taken/1", words="办理步骤", seal=OPEN, sets=FOLLOWS)
EXPIRE_STEP = Step(event="step.expired/1", words="办理步骤期限届满", seal=OPEN, sets=FOLLOWS)
FINISH_NOTICE = Step(event="notice.ended/1", words="公示期满", seal=OPEN, sets=FOLLOWS)
FILE_OBJECTION = Step(event="objection.filed/1", words="对公示提出异议", seal=OPEN)
ANSWER_OBJECTION = Step(event="objection.answered/1", words="答复异议", seal=OPEN, sets=FOLLOWS)
