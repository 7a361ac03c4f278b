"""会议: the meeting from its planning to its end, and visits of the site."""

from lunheng.core.actor import Role
from lunheng.core.procedures import milestones as m
from lunheng.core.procedures.consequences import (
    ATTACH_SHEET,
    OPEN_ELECTION,
    RECORD_MISSING_OPINIONS,
    RECORD_OVERDUE,
    REMIND_UPLOAD,
    SETTLE_VOTES,
)
from lunheng.core.procedures.drawing import ORGANIZERS
from lunheng.core.procedures.step import OPEN, Ask, Step, during, moves
from lunheng.core.workflow import ReviewState as S

PLAN_THE_MEETING = Step(
    event="meeting.planned/1",
    words="论证会安排",
    after=(m.DRAWN, m.SEATED),
    counts=(m.PLANNED,),
    seal=OPEN,
)
RESCHEDULE_MEETING = Step(
    event="meeting.rescheduled/1",
    words="论证会改期",
    asked="安排论证会",
    who=ORGANIZERS,
    phases=during(S.CONFIRMING, S.PREPARING),
    after=(m.PLANNED,),
    seal=OPEN,
)
SIGN_IN = Step(
    event="meeting.attended/1",
    words="参会人员签到",
    asked="会议签到",
    who=ORGANIZERS,
    phases=during(S.CONFIRMING, S.PREPARING, S.MEETING),
    after=(m.PLANNED,),
    seal=OPEN,
)
SIGN_IN_MEMBER = Step(
    event="meeting.member_attended/1",
    words="专家签到",
    asked="专家会议签到",
    who=(Role.EXPERT, *ORGANIZERS),
    phases=during(S.CONFIRMING, S.PREPARING, S.MEETING),
    after=(m.DRAWN, m.PLANNED),
    seal=OPEN,
)
START_MEETING = Step(
    event="meeting.started/1",
    words="论证会开始",
    asked="开始论证会",
    who=ORGANIZERS,
    phases=during(S.PREPARING),
    after=(m.SUBMITTED, m.APPROVED, m.DRAWN, m.PLANNED),
    counts=(m.STARTED,),
    moves=moves((S.PREPARING, S.MEETING)),
    seal=OPEN,
    asks=(Ask(S.PREPARING, "准备论证会", "meetings:meeting", also=ORGANIZERS),),
    sets=(RECORD_MISSING_OPINIONS, OPEN_ELECTION),
)
END_MEETING = Step(
    event="meeting.ended/1",
    words="论证会结束",
    asked="结束论证会",
    who=ORGANIZERS,
    phases=during(S.MEETING),
    after=(m.STARTED,),
    counts=(m.ENDED,),
    moves=moves((S.MEETING, S.REPORTING)),
    seal=OPEN,
    asks=(Ask(S.MEETING, "论证会", "meetings:meeting", (Role.CONTRACTOR,), also=(Role.AGENCY,)),),
    sets=(ATTACH_SHEET, SETTLE_VOTES, RECORD_OVERDUE, REMIND_UPLOAD),
)
STOP_MEETING = Step(
    event="meeting.stopped/1",
    words="论证会未能召开",
    asked="停止论证会",
    who=ORGANIZERS,
    phases=during(S.CONFIRMING, S.PREPARING, S.MEETING),
    after=(m.PLANNED,),
    moves=moves((S.MEETING, S.PREPARING)),
    seal=OPEN,
)
ATTACH_THE_SHEET = Step(
    event="meeting.sheet_attached/1", words="生成会议签到表", after=(m.STARTED,), seal=OPEN
)
ASK_VISIT = Step(
    event="visit.asked/1",
    words="申请踏勘现场",
    asked="申请现场踏勘",
    who=(Role.EXPERT,),
    phases=during(S.CONFIRMING, S.PREPARING, S.MEETING, S.REPORTING),
    after=(m.DRAWN,),
    counts=(m.VISIT,),
    seal=OPEN,
)
ANSWER_VISIT = Step(
    event="visit.answered/1",
    words="答复踏勘申请",
    asked="答复踏勘申请",
    who=ORGANIZERS,
    phases=during(S.CONFIRMING, S.PREPARING, S.MEETING, S.REPORTING),
    after=(m.VISIT,),
    seal=OPEN,
)
