"""确认: invitations and answers, the final list, the leader, and every way in which a seat is lost."""

from lunheng.core.actor import Role
from lunheng.core.procedures import milestones as m
from lunheng.core.procedures.consequences import (
    BACKFILL_SEAT,
    DELIVER_VERSION,
    EXPIRE_INVITATION,
    GIVE_UP_UNDELIVERED,
    OPEN_ELECTION,
    PART_MEMBER,
    PLAN_MEETING,
)
from lunheng.core.procedures.drawing import OFFICES, ORGANIZERS, SEATING
from lunheng.core.procedures.step import OF_EXPERTS, OPEN, Ask, Step, Trait, during, moves
from lunheng.core.workflow import ReviewState as S

EXPERTS = (Role.EXPERT,)
COMPLETE = moves((S.CONFIRMING, S.PREPARING))
"""The last seat is taken, or the list has its leader."""
VACATE = moves(*((state, S.CONFIRMING) for state in SEATING if state is not S.CONFIRMING))
"""A seat of a whole panel is lost before the conclusion."""

START_THE_WINDOW = Step(
    event="panel.window_started/1",
    words="邀请送达，确认时限起算",
    after=(m.DRAWN,),
    seal=OF_EXPERTS,
    sets=(EXPIRE_INVITATION,),
)
EXPIRE = Step(
    event="panel.invitation_expired/1",
    words="专家逾期未确认",
    after=(m.DRAWN,),
    moves=VACATE,
    seal=OF_EXPERTS,
    sets=(BACKFILL_SEAT,),
)
GIVE_UP = Step(
    event="panel.invitation_undelivered/1",
    words="邀请未送达",
    after=(m.DRAWN,),
    moves=VACATE,
    seal=OF_EXPERTS,
    sets=(BACKFILL_SEAT, GIVE_UP_UNDELIVERED),
)
CONFIRM_SEAT = Step(
    event="panel.seat_confirmed/1",
    words="专家确认参加",
    asked="确认参加",
    who=EXPERTS,
    phases=during(S.CONFIRMING),
    after=(m.DRAWN,),
    counts=(m.SEATED,),
    moves=COMPLETE,
    seal=OF_EXPERTS,
    asks=(Ask(S.CONFIRMING, "答复邀请", "panels:invitations", EXPERTS, given=Trait.DIRECT),),
    sets=(DELIVER_VERSION, PLAN_MEETING, OPEN_ELECTION),
)
DECLINE_SEAT = Step(
    event="panel.seat_declined/1",
    words="专家不能参加",
    asked="答复不能参加",
    who=EXPERTS,
    phases=during(*SEATING),
    after=(m.DRAWN,),
    moves=VACATE,
    seal=OF_EXPERTS,
    sets=(BACKFILL_SEAT,),
)
RECUSE = Step(
    event="panel.member_recused/1",
    words="专家主动回避",
    asked="申请回避",
    who=EXPERTS,
    phases=during(*SEATING),
    after=(m.DRAWN,),
    moves=VACATE,
    seal=OF_EXPERTS,
    sets=(BACKFILL_SEAT,),
)
REPORT_LOSS = Step(
    event="panel.member_lost/1",
    words="专家不能到会",
    asked="登记专家不能到会",
    who=(*ORGANIZERS, Role.EXPERT, *OFFICES),
    phases=during(*SEATING),
    after=(m.DRAWN,),
    moves=VACATE,
    seal=OF_EXPERTS,
    sets=(BACKFILL_SEAT,),
)
REMOVE_MEMBER = Step(
    event="panel.member_removed/1",
    words="专家被移出专家组",
    asked="移出专家组成员",
    who=OFFICES,
    phases=during(*SEATING),
    after=(m.DRAWN,),
    moves=VACATE,
    seal=OF_EXPERTS,
    sets=(BACKFILL_SEAT,),
)
RECHECK = Step(
    event="panel.relations_rechecked/1",
    words="重新核对回避",
    first="参建单位或专家变动即重新核对回避",
    seal=OF_EXPERTS,
    sets=(PART_MEMBER,),
)
PART = Step(
    event="panel.member_removed_by_recusal/1",
    words="专家应当回避而离组",
    after=(m.DRAWN,),
    moves=VACATE,
    seal=OF_EXPERTS,
    sets=(BACKFILL_SEAT,),
)
SIGN_COMMITMENT = Step(
    event="panel.commitment_signed/1",
    words="签署保密承诺",
    asked="签署保密承诺",
    who=EXPERTS,
    phases=during(*SEATING),
    after=(m.DRAWN,),
    seal=OF_EXPERTS,
)
FILE_LEAK = Step(
    event="panel.leak_filed/1",
    words="登记泄密线索",
    who=(
        Role.CONTRACTOR,
        Role.SUBCONTRACTOR,
        Role.AGENCY,
        Role.SUPERVISOR,
        Role.OWNER,
        Role.DESIGNER,
        *OFFICES,
    ),
    after=(m.DRAWN,),
    seal=OF_EXPERTS,
)
PICK_CANDIDATES = Step(
    event="panel.candidates_picked/1",
    words="选定候选专家",
    asked="选取专家",
    who=ORGANIZERS,
    phases=during(S.CONFIRMING),
    after=(m.DRAWN,),
    counts=(m.PICKED,),
    seal=OF_EXPERTS,
    asks=(
        Ask(
            S.CONFIRMING,
            "查看专家确认情况",
            "panels:panel",
            ORGANIZERS,
            also=(Role.STATION,),
            given=Trait.PUSH,
        ),
    ),
)
RECORD_CONTACT = Step(
    event="panel.contact_recorded/1",
    words="登记联系专家的结果",
    asked="登记联系结果",
    who=ORGANIZERS,
    phases=during(S.CONFIRMING),
    after=(m.DRAWN, m.PICKED),
    seal=OF_EXPERTS,
)
ANSWER_CONTACT = Step(
    event="panel.contact_answered/1",
    words="专家本人答复联系结果",
    asked="答复是否同意",
    who=EXPERTS,
    phases=during(*SEATING),
    after=(m.DRAWN, m.PICKED),
    moves=VACATE,
    seal=OF_EXPERTS,
)
CONFIRM_LIST = Step(
    event="panel.list_confirmed/1",
    words="确认最终名单",
    asked="确认最终名单",
    who=ORGANIZERS,
    phases=during(S.CONFIRMING),
    after=(m.DRAWN, m.PICKED),
    counts=(m.SEATED,),
    moves=COMPLETE,
    seal=OF_EXPERTS,
    sets=(DELIVER_VERSION, PLAN_MEETING, OPEN_ELECTION),
)
NAME_LEADER = Step(
    event="panel.leader_named/1",
    words="指定组长",
    asked="确定组长",
    who=ORGANIZERS,
    phases=during(*SEATING),
    after=(m.DRAWN, m.SEATED),
    moves=COMPLETE,
    seal=OF_EXPERTS,
    sets=(PLAN_MEETING, OPEN_ELECTION),
)
OPEN_THE_ELECTION = Step(
    event="panel.election_opened/1",
    words="发起推选组长",
    after=(m.DRAWN, m.SEATED),
    counts=(m.ELECTION,),
    seal=OF_EXPERTS,
)
CAST_BALLOT = Step(
    event="panel.ballot_cast/1",
    words="投票推选组长",
    asked="推选组长",
    who=EXPERTS,
    phases=during(*SEATING),
    after=(m.DRAWN, m.ELECTION),
    seal=OF_EXPERTS,
)
DELIVER_PLAN = Step(
    event="plan.delivered/1",
    words="方案送专家审阅",
    after=(m.SUBMITTED, m.DRAWN),
    seal=OPEN,
)
READ_PLAN = Step(
    event="plan.opened/1",
    words="专家查阅方案",
    who=EXPERTS,
    after=(m.SUBMITTED, m.DRAWN),
    seal=OPEN,
)
