"""Who keeps a pool: by the division of labor of the city's rule."""

from datetime import date, datetime

from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA
from lunheng.core.policy import Law
from lunheng.core.verdict import Verdict, allowed, refused
from lunheng.jurisdictions import territory
from lunheng.pools import queries
from lunheng.pools.models import Pool

CALENDAR = Clause("全国年节及纪念日放假办法", "第七条", "放假调休安排")
NO_LAW = Clause("论衡平台运行规则", "第一条", "没有政策包的地区")


def may_change(actor: Actor, pool: Pool, at: datetime, power: str = "change_pool") -> Verdict:
    """Whether the actor renews, changes and removes members of this pool; or has another power over it."""
    law = queries.law_of(pool, at.astimezone(CHINA).date())
    if law is None:
        return refused(NO_LAW, "没有生效的政策包，不能变更专家库", "请平台管理员载入当地规则", pool.name)
    ended = law.expired(at.astimezone(CHINA).date())
    if ended is not None and not (told := ended.judge("new_acts")).is_allowed:
        return told
    verdict = law.may(power, actor.capacity)
    if verdict.is_allowed and actor.jurisdiction != pool.division_id:
        message = "只能变更本市的专家库"
        return refused(verdict.reasons[0].clause, message, "请由专家库所在市办理", actor.jurisdiction)
    return verdict


def may_read(actor: Actor, pool: Pool, at: datetime) -> Verdict:
    """Whether the actor reads the register: every office in the pool's city does, and whoever stands above it."""
    law = queries.law_of(pool, at.astimezone(CHINA).date())
    clause = law.clause("roles.pool") if law else NO_LAW
    own, city = actor.jurisdiction, pool.division_id
    if not actor.role.is_office or not (territory.covers(city, own) or territory.covers(own, city)):
        message = "专家库只供本市主管部门和专家库管理机构查阅"
        return refused(clause, message, "专家名单可在公众门户查询", actor.role.label)
    return law.may("read_pool", actor.capacity) if law else allowed(clause, "本市主管部门可以查阅专家库")


def no_law(pool: Pool) -> Verdict:
    """Why nothing can be begun: no pack is in force for the pool."""
    return refused(NO_LAW, "没有生效的政策包，不能办理", "请平台管理员载入当地规则", pool.name)


def may_begin(actor: Actor, pool: Pool, law: Law, procedure: str, on: date) -> Verdict:
    """Whether anything may be begun on the day at all, and a person who is in the pool begins what newcomers do."""
    clause, ended = law.clause("roles.pool"), law.expired(on)
    if ended is not None and not (told := ended.judge("new_acts")).is_allowed:
        return told
    known = law.pack.procedures.get(procedure)
    is_entry = known is not None and any(step.effect == "appoint" for step in known.steps)
    if is_entry and queries.is_member(pool, actor):
        return refused(clause, "您已在本专家库内", "变更资料、续聘请在本人档案中办理", pool.name)
    return allowed(clause, "可以办理")


def may_keep_calendar(actor: Actor, pool: Pool, at: datetime) -> Verdict:
    """Whether the actor enters the days of a notice: an office of the pool's own territory that supervises or keeps it."""
    law = queries.law_of(pool, at.astimezone(CHINA).date())
    powers = ("contribute_chance", "change_pool")
    has_power = law is not None and any(law.may(one, actor.capacity).is_allowed for one in powers)
    if actor.role.is_office and has_power and actor.jurisdiction == pool.division_id:
        return allowed(CALENDAR, "主管部门录入放假安排")
    message = "放假安排由本市主管部门录入"
    return refused(CALENDAR, message, "请由专家库所在市的主管部门办理", actor.role.label)


def may_anchor(actor: Actor, pool: Pool, at: datetime) -> Verdict:
    """Whether the actor publishes the chains of the pool's draws: its keeper, or the platform by itself."""
    if actor.role is Role.SYSTEM:
        law = queries.law_of(pool, at.astimezone(CHINA).date())
        clause = law.clause("platform.draw_window") if law else NO_LAW
        return allowed(clause, "平台公布随机数链")
    return may_change(actor, pool, at)


def may_supervise(actor: Actor, pool: Pool, at: datetime) -> Verdict:
    """Whether the actor contributes for the supervising authority, which does not keep the pool itself."""
    law = queries.law_of(pool, at.astimezone(CHINA).date())
    clause = law.clause("platform.draw_window") if law else NO_LAW
    has_power = (
        actor.role.is_office and law is not None and law.may("contribute_chance", actor.capacity).is_allowed
    )
    if has_power and actor.jurisdiction == pool.division_id:
        return allowed(clause, "主管部门参与随机数")
    return refused(clause, "随机数链由本市主管部门登记和揭示", "请由市级主管部门办理", actor.role.label)


def may_hash(pool: Pool, hash_name: str, at: datetime) -> Verdict:
    """Whether a chain with this hash function can serve the pool's draws."""
    law = queries.law_of(pool, at.astimezone(CHINA).date())
    return law.judge("draw.lottery", hash_name=hash_name) if law else allowed(NO_LAW, "没有生效的政策包")
