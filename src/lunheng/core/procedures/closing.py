"""修改、批准、开工: what follows the conclusion, to the start of works and the change of the plan."""

from lunheng.core.actor import Role
from lunheng.core.procedures import milestones as m
from lunheng.core.procedures.proceedings import FOLLOWS
from lunheng.core.procedures.step import OPEN, Ask, Step, during, moves
from lunheng.core.workflow import ReviewState as S

CONTRACTORS = (Role.CONTRACTOR, Role.SUBCONTRACTOR)
HELD = (S.UPLOADING, S.REVISING, S.RECHECKING, S.REAPPROVING, S.PASSED, S.WORKING)
"""What was reviewed, and may be found to be void."""

ANSWER_ITEM = Step(
    event="item.answered/1",
    words="答复论证意见",
    asked="逐条答复论证意见",
    who=CONTRACTORS,
    phases=during(S.REVISING, S.PASSED),
    after=(m.COMPILED, m.HANDED_IN),
    seal=OPEN,
)
SUBMIT_REVISION = Step(
    event="revision.submitted/1",
    words="提交修改后的方案",
    asked="提交修改后的方案",
    who=CONTRACTORS,
    phases=during(S.REVISING, S.PASSED),
    after=(m.COMPILED, m.HANDED_IN),
    counts=(m.REVISED,),
    moves=moves((S.REVISING, S.RECHECKING), (S.REVISING, S.REAPPROVING)),
    seal=OPEN,
    asks=(
        Ask(
            S.REVISING,
            "逐条答复并提交修改稿",
            "reports:revision",
            (Role.CONTRACTOR,),
            also=(Role.SUBCONTRACTOR,),
        ),
    ),
)
RECHECK_REVISION = Step(
    event="revision.rechecked/1",
    words="组长复核修改后的方案",
    asked="复核修改后的方案",
    who=(Role.EXPERT,),
    phases=during(S.RECHECKING),
    after=(m.REVISED,),
    counts=(m.WRITTEN,),
    moves=moves((S.RECHECKING, S.REAPPROVING), (S.RECHECKING, S.REVISING)),
    seal=OPEN,
    asks=(Ask(S.RECHECKING, "复核修改稿", "reports:recheck", (Role.EXPERT,)),),
)
APPROVE_REVISION = Step(
    event="revision.approved/1",
    words="批准修改后的方案",
    asked="批准修改后的方案",
    who=(Role.SUPERVISOR,),
    phases=during(S.REAPPROVING, S.PASSED),
    after=(m.REVISED,),
    moves=moves((S.REAPPROVING, S.PASSED)),
    seal=OPEN,
    asks=(
        Ask(S.REAPPROVING, "批准修改后的方案", "reports:approval", (Role.SUPERVISOR,)),
        Ask(S.PASSED, "查看方案完善和批准情况", "reports:approval", also=(Role.SUPERVISOR,)),
    ),
)
START_WORKS = Step(
    event="works.started/1",
    words="方案开始实施",
    asked="方案实施（开工）",
    who=CONTRACTORS,
    phases=during(S.PASSED),
    after=(m.CONCLUDED,),
    moves=moves((S.PASSED, S.WORKING)),
    seal=OPEN,
    asks=(Ask(S.PASSED, "登记开工", "reports:works", (Role.CONTRACTOR,)),),
)
CHANGE_PLAN = Step(
    event="plan.changed/1",
    words="变更专项施工方案",
    asked="变更方案",
    who=CONTRACTORS,
    phases=during(S.PASSED, S.WORKING),
    after=(m.SUBMITTED,),
    counts=(m.SUBMITTED, m.REVISED),
    moves=moves(
        (S.PASSED, S.SUPERSEDED),
        (S.WORKING, S.SUPERSEDED),
        (S.PASSED, S.REAPPROVING),
        (S.WORKING, S.REAPPROVING),
    ),
    seal=OPEN,
    asks=(
        Ask(
            S.WORKING,
            "查看实施情况",
            "reports:works",
            (Role.CONTRACTOR, Role.SUPERVISOR),
            waits=False,
        ),
    ),
)
INVALIDATE = Step(
    event="review.invalidated/1",
    words="认定论证无效",
    after=(m.COMPILED,),
    moves=moves(*((state, S.VOID) for state in HELD)),
    seal=OPEN,
    sets=FOLLOWS,
)
