"""抽取: the draw, its halves and what it leaves; whom the office lets take part in it."""

from lunheng.core.actor import Role
from lunheng.core.procedures import milestones as m
from lunheng.core.procedures.consequences import (
    BACKFILL_SEAT,
    GIVE_UP_UNDELIVERED,
    OPEN_ELECTION,
    PLAN_MEETING,
    START_WINDOW,
    WITHHOLD_DRAW,
)
from lunheng.core.procedures.step import OF_EXPERTS, OPEN, Step, Trait, during, moves
from lunheng.core.workflow import ReviewState as S

ORGANIZERS = (Role.CONTRACTOR, Role.AGENCY)
OFFICES = (Role.STATION, Role.BUREAU, Role.DISTRICT)
SEATING = (S.CONFIRMING, S.PREPARING, S.MEETING, S.REPORTING, S.UNDECIDED)
"""From the draw to the conclusion: who sits may still change."""

COMMIT_DRAW = Step(
    event="draw.committed/1",
    words="抽取承诺",
    asked="随机抽取专家",
    who=ORGANIZERS,
    phases={**during(S.READY), **during(S.CONFIRMING, given=Trait.PUSH)},
    after=(m.REQUESTED,),
    counts=(m.COMMITTED,),
    seal=OPEN,
    sets=(WITHHOLD_DRAW, GIVE_UP_UNDELIVERED, BACKFILL_SEAT),
)
REVEAL_DRAW = Step(
    event="draw.revealed/1",
    words="揭示抽取的随机数",
    asked="揭示随机数",
    who=(*ORGANIZERS, Role.BUREAU),
    phases=during(S.READY, S.CONFIRMING),
    after=(m.COMMITTED,),
    seal=OPEN,
    sets=(GIVE_UP_UNDELIVERED, BACKFILL_SEAT),
)
CONCLUDE_DRAW = Step(
    event="draw.result/1",
    words="抽取结果",
    after=(m.COMMITTED,),
    counts=(m.DRAWN,),
    moves=moves((S.READY, S.CONFIRMING), (S.CONFIRMING, S.PREPARING)),
    seal=OPEN,
    sets=(START_WINDOW, GIVE_UP_UNDELIVERED, BACKFILL_SEAT, PLAN_MEETING, OPEN_ELECTION),
)
WITHHOLD_THE_DRAW = Step(
    event="draw.withheld/1",
    words="未揭示，抽取作废",
    after=(m.COMMITTED,),
    seal=OPEN,
    sets=(BACKFILL_SEAT,),
)
LEAVE_SEAT = Step(
    event="panel.seat_left/1",
    words="席位未补抽",
    after=(m.REQUESTED, m.COMMITTED),
    seal=OF_EXPERTS,
)
DECIDE_SISTER = Step(
    event="panel.sister_decided/1",
    words="判定兄弟单位",
    asked="判定兄弟单位",
    who=OFFICES,
    phases=during(S.READY, *SEATING),
    after=(m.COMMITTED,),
    seal=OF_EXPERTS,
)
ADD_MEMBER = Step(
    event="panel.member_added_by_hand/1",
    words="人工添加专家",
    first="一律拒绝",
    seal=OF_EXPERTS,
)
