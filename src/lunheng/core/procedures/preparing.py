"""编制、审查、申请: from the opening of a review to the request for a panel."""

from lunheng.core.actor import Role
from lunheng.core.procedures import milestones as m
from lunheng.core.procedures.consequences import RECHECK_RELATIONS
from lunheng.core.procedures.step import OPEN, Ask, Step, Trait, during, moves
from lunheng.core.workflow import ReviewState as S

CONTRACTORS = (Role.CONTRACTOR,)
ORGANIZERS = (Role.CONTRACTOR, Role.AGENCY)
BEFORE_THE_PANEL = (S.DRAFTING, S.APPROVING, S.READY, S.CONFIRMING)

OPEN_REVIEW = Step(
    event="review.opened/1",
    words="建立论证案件",
    who=CONTRACTORS,
    first="开启案件",
    counts=(m.OPENED,),
    seal=OPEN,
    asks=(
        Ask(S.FAILED, "重新编制并再次论证", "plans:plan", CONTRACTORS, waits=False),
        Ask(S.VOID, "重新组织论证", "plans:plan", CONTRACTORS, waits=False),
        Ask(S.SUPERSEDED, "查看变更后的论证", "plans:plan", CONTRACTORS, waits=False),
    ),
)
ENTER_LEGACY_REVIEW = Step(
    event="review.legacy_entered/1",
    words="录入启用前已约定的论证",
    who=CONTRACTORS,
    first="开启案件：补录平台启用前的论证",
    counts=(m.OPENED, m.SUBMITTED, m.APPROVED, m.CONCLUDED),
    seal=OPEN,
)
SUBMIT_PLAN = Step(
    event="plan.submitted/1",
    words="提交专项施工方案",
    asked="提交方案",
    who=(Role.CONTRACTOR, Role.SUBCONTRACTOR),
    phases={**during(S.DRAFTING, S.APPROVING, S.READY, S.REVISING), **during(S.PASSED, given=Trait.APPROVED)},
    after=(m.OPENED,),
    counts=(m.SUBMITTED,),
    moves=moves((S.DRAFTING, S.APPROVING), (S.READY, S.APPROVING)),
    seal=OPEN,
    asks=(Ask(S.DRAFTING, "提交方案", "plans:plan", CONTRACTORS, also=(Role.SUBCONTRACTOR,)),),
)
MARK_SECRET = Step(
    event="plan.secrecy_marked/1",
    words="标明方案文件含有保密内容",
    who=(Role.CONTRACTOR, Role.SUBCONTRACTOR),
    after=(m.SUBMITTED,),
    seal=OPEN,
)
APPROVE_PLAN = Step(
    event="plan.approval_signed/1",
    words="方案审查签署",
    asked="审查方案",
    who=(Role.CONTRACTOR, Role.SUBCONTRACTOR, Role.SUPERVISOR),
    phases={
        **during(S.APPROVING, S.REVISING, S.RECHECKING, S.REAPPROVING),
        **during(S.PASSED, given=Trait.APPROVED),
    },
    after=(m.SUBMITTED,),
    counts=(m.APPROVED,),
    moves=moves((S.APPROVING, S.DRAFTING), (S.APPROVING, S.READY)),
    seal=OPEN,
    asks=(
        Ask(
            S.APPROVING,
            "审查方案",
            "plans:plan",
            (Role.CONTRACTOR, Role.SUPERVISOR),
            also=(Role.SUBCONTRACTOR,),
        ),
    ),
)
OFFER_ENTRUSTMENT = Step(
    event="entrustment.offered/1",
    words="委托论证机构",
    asked="委托论证机构",
    who=CONTRACTORS,
    phases=during(*BEFORE_THE_PANEL),
    after=(m.OPENED,),
    counts=(m.OFFERED, m.ENTRUSTED),
    seal=OPEN,
)
ACCEPT_ENTRUSTMENT = Step(
    event="entrustment.accepted/1",
    words="论证机构接受委托",
    asked="接受委托",
    who=(Role.AGENCY,),
    phases=during(*BEFORE_THE_PANEL),
    after=(m.OFFERED,),
    counts=(m.ENTRUSTED,),
    seal=OPEN,
    sets=(RECHECK_RELATIONS,),
)
END_ENTRUSTMENT = Step(
    event="entrustment.ended/1",
    words="解除委托",
    asked="解除委托",
    who=ORGANIZERS,
    phases=during(*BEFORE_THE_PANEL, S.PREPARING, S.MEETING, S.REPORTING, S.UNDECIDED, S.UPLOADING),
    after=(m.ENTRUSTED,),
    seal=OPEN,
    sets=(RECHECK_RELATIONS,),
)
REQUEST_PANEL = Step(
    event="panel.requested/1",
    words="申请组成专家组",
    asked="申请抽取专家",
    who=ORGANIZERS,
    phases=during(S.READY),
    after=(m.SUBMITTED, m.APPROVED),
    counts=(m.REQUESTED,),
    seal=OPEN,
    asks=(Ask(S.READY, "申请抽取专家", "plans:request_panel", ORGANIZERS),),
)
CANCEL_REQUEST = Step(
    event="panel.request_cancelled/1",
    words="撤回抽取申请",
    asked="撤回抽取申请",
    who=ORGANIZERS,
    phases=during(S.DRAFTING, S.APPROVING, S.READY),
    after=(m.REQUESTED,),
    seal=OPEN,
)
