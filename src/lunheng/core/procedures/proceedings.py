"""办理事项: the few acts by which every procedure of a pack is run; who takes which step, when and after what, the pack says."""

from lunheng.core.procedures.consequences import (
    ANSWER_LIMIT,
    APPOINT_CANDIDATE,
    BAR_CANDIDATE,
    END_CANDIDATE,
    END_NOTICE,
    ENTER_POINTS,
    INVALIDATE_REVIEW,
    ISSUE_DOCUMENT,
    RECORD_CONDUCT,
    REFER_MATTER,
    RENEW_CANDIDATE,
    RESTORE_CANDIDATE,
    SUSPEND_CANDIDATE,
)
from lunheng.core.procedures.step import OPEN, Step

EFFECTS = (
    APPOINT_CANDIDATE,
    RENEW_CANDIDATE,
    END_CANDIDATE,
    SUSPEND_CANDIDATE,
    RESTORE_CANDIDATE,
    BAR_CANDIDATE,
    RECORD_CONDUCT,
    ENTER_POINTS,
    ISSUE_DOCUMENT,
    REFER_MATTER,
    INVALIDATE_REVIEW,
)
"""After one effect the next may be asked for; by whatever a step leads on, a limit may begin."""
FOLLOWS = (ANSWER_LIMIT, *EFFECTS)

OPEN_PROCEEDING = Step(event="proceeding.opened/1", words="启动或申请办理事项", seal=OPEN, sets=FOLLOWS)
WITHDRAW_PROCEEDING = Step(event="proceeding.withdrawn/1", words="撤回办理事项", seal=OPEN)
TAKE_STEP = Step(event="step.taken/1", words="办理步骤", seal=OPEN, sets=(*FOLLOWS, END_NOTICE))
DRAW_SAMPLE = Step(event="sample.drawn/1", words="抽取抽查样本", seal=OPEN)
EXPIRE_STEP = Step(event="step.expired/1", words="办理步骤期限届满", seal=OPEN, sets=FOLLOWS)
FINISH_NOTICE = Step(event="notice.ended/1", words="公示期满", seal=OPEN, sets=FOLLOWS)
FILE_OBJECTION = Step(event="objection.filed/1", words="对公示提出异议", seal=OPEN)
ISSUE = Step(event="document.issued/1", words="制发文书", seal=OPEN, sets=FOLLOWS)
REFER = Step(event="matter.referred/1", words="移送", seal=OPEN, sets=FOLLOWS)
ANSWER_OBJECTION = Step(event="objection.answered/1", words="答复异议", seal=OPEN, sets=FOLLOWS)
