"""档案: what is entered in the files of projects, experts and pools, by the platform's keepers, and beside a review's order."""

from lunheng.core.actor import Role
from lunheng.core.procedures.consequences import (
    EXPIRE_INVITATION,
    GIVE_UP_UNDELIVERED,
    RECHECK_RELATIONS,
    START_WINDOW,
)
from lunheng.core.procedures.drawing import OFFICES
from lunheng.core.procedures.proceedings import FOLLOWS
from lunheng.core.procedures.step import OPEN, Step

KEEPERS = (Role.CONTRACTOR, *OFFICES)
CHANGED = "专家档案的变化使在办案件重新核对回避"
NOT_OF_THE_ORDER = "参建单位的登记不以论证步骤为前提"

REGISTER_PROJECT = Step(event="project.registered/1", words="登记工程", who=KEEPERS, seal=OPEN)
ADD_PARTY = Step(
    event="party.added/1",
    words="登记参建单位",
    who=KEEPERS,
    first=NOT_OF_THE_ORDER,
    seal=OPEN,
    sets=(RECHECK_RELATIONS,),
)
REMOVE_PARTY = Step(
    event="party.removed/1",
    words="注销参建单位",
    who=KEEPERS,
    first=NOT_OF_THE_ORDER,
    seal=OPEN,
    sets=(RECHECK_RELATIONS,),
)
REGISTER_WORK = Step(event="work.registered/1", words="登记危大工程", who=KEEPERS, seal=OPEN)
ADMIT_EXPERT = Step(event="expert.admitted/1", words="专家入库", who=(Role.STATION,), seal=OPEN)
APPOINT_EXPERT = Step(event="expert.appointed/1", words="专家聘任入库", seal=OPEN, sets=FOLLOWS)
RENEW_TERM = Step(event="expert.renewed/1", words="专家续聘", who=(Role.STATION,), seal=OPEN, sets=FOLLOWS)
END_TERM = Step(event="expert.ended/1", words="专家聘期届满", seal=OPEN, sets=FOLLOWS)
SUSPEND_MEMBER = Step(
    event="expert.suspended/1",
    words="暂停专家资格",
    first=CHANGED,
    seal=OPEN,
    sets=(RECHECK_RELATIONS, *FOLLOWS),
)
RESTORE_MEMBER = Step(event="expert.restored/1", words="恢复专家资格", seal=OPEN, sets=FOLLOWS)
BAR_MEMBER = Step(
    event="expert.barred/1",
    words="移出专家库并禁入",
    first=CHANGED,
    seal=OPEN,
    sets=(RECHECK_RELATIONS, *FOLLOWS),
)
RECORD_CONDUCT_OF = Step(event="conduct.recorded/1", words="记入诚信档案", seal=OPEN, sets=FOLLOWS)
ENTER_POINTS_OF = Step(event="points.entered/1", words="计分", seal=OPEN, sets=FOLLOWS)
RECORD_INTEREST = Step(
    event="expert.interest_recorded/1",
    words="登记专家的利害关系",
    who=(Role.STATION, Role.EXPERT),
    first=CHANGED,
    seal=OPEN,
    sets=(RECHECK_RELATIONS,),
)
CHANGE_UNIT = Step(
    event="expert.unit_changed/1",
    words="变更专家的工作单位",
    who=(Role.STATION,),
    first=CHANGED,
    seal=OPEN,
    sets=(RECHECK_RELATIONS,),
)
RECORD_QUALIFICATION = Step(
    event="expert.qualification_recorded/1",
    words="登记专家的职称、年限和等级",
    who=(Role.STATION,),
    first=CHANGED,
    seal=OPEN,
    sets=(RECHECK_RELATIONS,),
)
CHANGE_STATE = Step(
    event="expert.state_changed/1",
    words="暂停、恢复或移出专家",
    who=(Role.STATION,),
    first=CHANGED,
    seal=OPEN,
    sets=(RECHECK_RELATIONS,),
)
BESIDE = "日历和期限的计算不以论证步骤为前提"
ENTER_DAYS = Step(
    event="calendar.days_entered/1", words="录入放假安排", who=(Role.STATION, Role.BUREAU), seal=OPEN
)
DECLARE_YEAR = Step(
    event="calendar.year_declared/1",
    words="宣布全年放假安排已录完",
    who=(Role.STATION, Role.BUREAU),
    seal=OPEN,
)
RECOUNT = Step(event="deadline.recounted/1", words="重新计算暂定期限", first=BESIDE, seal=OPEN)
OPEN_POOL = Step(event="pool.opened/1", words="建立专家库", seal=OPEN)
ANCHOR_CHAINS = Step(
    event="pool.chains_anchored/1", words="公布平台的随机数链", who=(Role.STATION,), seal=OPEN
)
ANCHOR_AUTHORITY = Step(
    event="pool.authority_anchored/1", words="登记主管部门的随机数链", who=(Role.BUREAU,), seal=OPEN
)
REPORT_DELIVERY = Step(
    event="message.reported/1",
    words="短信回执",
    first="送达回执随消息而来",
    seal=OPEN,
    sets=(START_WINDOW, EXPIRE_INVITATION, GIVE_UP_UNDELIVERED),
)
ERASE_CONTENT = Step(
    event="payload.erased/1",
    words="擦除存证的内容",
    who=OFFICES,
    first="擦除内容不以论证步骤为前提",
    seal=OPEN,
)
TAKE_OVER_REGISTERS = Step(event="register.taken_over/1", words="接收已有数据", seal=OPEN)
UPGRADE_DATABASE = Step(event="register.upgraded/1", words="升级数据库", seal=OPEN)
CHANGE_REGISTERS = Step(event="register.changed/1", words="登记资料变更", seal=OPEN)
KEEP_REGISTERS = Step(event="register.kept/1", words="查看记录和拒绝记录留痕", seal=OPEN)
ROTATE_KEY = Step(event="log.key/1", words="更换日志的签名密钥", seal=OPEN)
