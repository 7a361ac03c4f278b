"""Who may take a step, in which order, and under which conditions: the pack says, the engine asks."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from lunheng.accounts.models import Account
from lunheng.cases import permissions as cases
from lunheng.cases.models import Case
from lunheng.cases.permissions import NO_CITY_RULE
from lunheng.core.actor import Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.deadlines import CHINA, Duration, due
from lunheng.core.errors import Refused
from lunheng.core.policy import Law
from lunheng.core.policy.proceedings import EFFECTS, KINDS, Field, Procedure, Step
from lunheng.core.policy.proceedings.kinds import OUTCOMES, WITH_REASON
from lunheng.core.reasons import REASON, STATEMENT, judge_reason
from lunheng.core.verdict import Outcome, Verdict, allowed, combine, refused
from lunheng.notices.models import Objection
from lunheng.notices.queries import has_upheld_objection, open_objections
from lunheng.procedures import places, queries
from lunheng.procedures.models import Candidate, Proceeding

PLACES = {"region": "省（区）", "county": "县（区）"}
UNKNOWN = refused(
    NO_CITY_RULE, "没有这一办理事项，或者您不能查看", "核对编号；请使用申请人本人或办理机构的账号"
)
"""What is read by whoever may not know whether there is such a matter; the same where there is none."""
OWN_RECUSAL = Clause("中华人民共和国公务员法", "第七十六条", "涉及本人利害关系的应当回避")
PEOPLE = {"applicant": "申请人本人", "member": "在库专家本人", "unit": "申请人所在单位"}


def clause_of(proceeding: Proceeding, step: Step) -> Clause:
    """The clause of a step."""
    return proceeding.case.law.procedure_clause(proceeding.procedure, step)


def office_name(law: Law, office: str) -> str:
    """What people of the city call an office, or the person who acts without one."""
    return PEOPLE.get(office) or law.label("roles", office)


def title_of(law: Law, step: Step) -> str:
    """What people call a step; a level of vetting without a title is called after its office, an effect after what it does."""
    if step.effect and not step.title:
        return EFFECTS[step.effect].label
    return step.title or f"{office_name(law, step.office)}{KINDS[step.kind].label}"


def may_open(actor: Actor, law: Law, key: str, about: Case) -> Verdict:
    """Whether the actor may begin this procedure about this file: a person who is logged in, or the named office."""
    procedure = law.procedure(key)
    clause = law.procedure_clause(key, procedure)
    if procedure.opened_by == "application":
        is_person = actor.role in (Role.PUBLIC, Role.EXPERT) and actor.reference != "public"
        if is_person and (procedure.concerns == "applicant" or actor.expert == about.title):
            return allowed(clause, f"{procedure.title}由本人申请")
        message = f"{procedure.title}由本人申请，须以个人身份登录"
        return refused(clause, message, "请用本人的个人账号登录后申请", actor.role.label)
    if procedure.opened_by == "data":
        if actor.role is Role.SYSTEM:
            return allowed(clause, f"{procedure.title}由平台按记录启动")
        message = f"{procedure.title}由平台按记录启动，不由人启动"
        return refused(clause, message, "记录达到规定的次数时自动启动", actor.role.label)
    division = places.divisions_of(law, [procedure.office], about.division_id, queries.home_of(about))
    return _is_office(
        actor, law, procedure.office, division[procedure.office] or about.division_id, clause, procedure.title
    )


def is_of_account(proceeding: Proceeding, candidate: Candidate, found: Mapping[str, Any]) -> Verdict:
    """Whether what was filled in names nobody but the person whose account it is; asked whenever it is filled in."""
    clause = clause_of(proceeding, proceeding.here or proceeding.rule.first)
    if candidate.account is None:
        return allowed(clause, "不以账号申请")
    fields = [field for sheet in proceeding.rule.forms.values() for field in sheet.fields]
    return is_own_identity(fields, found, candidate.account, clause)


def is_own_identity(
    fields: Sequence[Field], found: Mapping[str, Any], account: Account, clause: Clause
) -> Verdict:
    """Whether the identity that was filled in is the one of the account, and nobody else's."""
    digests = [str(found[field.key]) for field in fields if field.type == "identity" and found.get(field.key)]
    remedy = "核对身份证号码；确属本人的，请联系专家库管理机构"
    for digest in digests:
        if account.identity_digest not in ("", digest):
            return refused(clause, "身份证号码与本账号的实名信息不一致", remedy, "不一致")
        if Account.objects.filter(identity_digest=digest).exclude(pk=account.pk).exists():
            return refused(clause, "该身份证号码已由另一账号登记", remedy, "已登记")
    return allowed(clause, "本人的身份信息")


def may_enter(about: Case, digests: Sequence[str], on: date, clause: Clause) -> Verdict:
    """Whether whoever bears this identity may come into the pool: not in it, and no bar holds on the day.

    By the identity alone, whatever account or file asks.
    """
    for state, first, last in queries.standings_by_identity(about, digests):
        begun = first is not None and first <= on
        if begun and (last is None or on <= last):
            until = f"至{last.year}年{last.month}月{last.day}日" if last else "终身"
            remedy = f"{last}之后可以申请" if last else "对禁入决定不服的，依法申请复议或者提起诉讼"
            return refused(clause, f"本人已被移出专家库，禁入{until}", remedy, until)
        if state != "removed":
            return refused(clause, "该专家已在库内", "在其档案中办理续聘或恢复", state)
    return allowed(clause, "库内没有此人")


def require_known(actor: Actor, proceeding: Proceeding, *verdicts: Verdict) -> Verdict:
    """All of them must allow.

    Raises:
        Refused: one does not; whoever may not see the matter reads no more of it than of one that does not exist.
    """
    verdict = combine(*verdicts)
    if verdict.is_allowed:
        return verdict
    raise Refused(verdict, None if may_view(actor, proceeding).is_allowed else UNKNOWN)


def may_take(actor: Actor, proceeding: Proceeding, step: Step, candidate: Candidate | None) -> Verdict:
    """Whether this actor takes this step: the applicant, a member, or a user of the office that the step names."""
    law, clause = proceeding.case.law, clause_of(proceeding, step)
    title = title_of(law, step)
    if step.office in PEOPLE:
        if candidate is not None and _is_person(actor, step.office, candidate):
            return allowed(clause, f"{title}由{PEOPLE[step.office]}办理")
        message = f"{title}由{PEOPLE[step.office]}办理"
        return refused(clause, message, f"请由{PEOPLE[step.office]}登录办理", actor.role.label)
    division = proceeding.division_of(step.office)
    verdict = _is_office(actor, law, step.office, division, clause, title)
    if step.kind in ("notice", "publish") and not actor.role.is_office:
        # Who publishes is also part of who keeps the pool.
        message = "入库专家的公示和公布不由委托单位、论证机构或个人办理"
        remedy = f"请由{office_name(law, step.office)}的用户办理"
        verdict = combine(verdict, refused(law.clause("roles.pool"), message, remedy, actor.role.label))
    own = queries.candidate_of(proceeding, actor)
    if own is not None:
        remedy = f"请由{office_name(law, step.office)}的其他人员办理"
        return combine(verdict, refused(OWN_RECUSAL, f"本人的事项不能由本人{title}", remedy, own.name))
    return verdict


def _is_person(actor: Actor, office: str, candidate: Candidate) -> bool:
    """Whether the actor is the person himself; for a seal, whether he sits in a seat of the unit that was named."""
    if office != "unit":
        return candidate.is_of(actor)
    return bool(actor.organization) and actor.organization == candidate.data.get("organization_code")


def _is_office(actor: Actor, law: Law, office: str, division: str, clause: Clause, what: str) -> Verdict:
    name = office_name(law, office)
    if actor.capacity != office:
        return refused(clause, f"{what}由{name}办理", f"请由{name}的用户办理", actor.role.label)
    if actor.jurisdiction != division:
        where = PLACES.get(law.level_of(office), "市")
        return refused(clause, f"{what}由本{where}{name}办理", f"请由事项所在{where}办理", actor.jurisdiction)
    return allowed(clause, f"{what}由{name}办理")


def is_in_order(proceeding: Proceeding, step: Step) -> Verdict:
    """Whether it is the turn of this step; by the rule of the order, where the pack has one."""
    law, procedure, clause = proceeding.case.law, proceeding.rule, clause_of(proceeding, step)
    here = proceeding.here
    if here is None:
        message = f"本事项{proceeding.get_state_display()}，不能再办理"
        return refused(clause, message, "需要时请重新申请或启动", proceeding.get_state_display())
    if here.id == step.id:
        return allowed(clause, f"现在办理{title_of(law, step)}")
    if procedure.order == "admission.order" and step.id in law.labels("admission_steps"):
        done = [one.id for one in procedure.before(here.id)]
        by_rule = law.judge("admission.order", step=step.id, done=done)
        if not by_rule.is_allowed:
            return by_rule
    return _by_place(law, procedure, here, step, clause)


def _by_place(law: Law, procedure: Procedure, here: Step, step: Step, clause: Clause) -> Verdict:
    title, now = title_of(law, step), title_of(law, here)
    if step in procedure.before(here.id):
        return refused(clause, f"{title}已经办理，现在是{now}", f"请等待{now}的结果", now)
    return refused(clause, f"{title}之前须先完成{now}", f"先完成{now}", now)


def may_choose(proceeding: Proceeding, step: Step, outcome: str, reason: str) -> Verdict:
    """Whether the step knows this outcome, and whether it is said why where that is asked."""
    law, clause = proceeding.case.law, clause_of(proceeding, step)
    title = title_of(law, step)
    if outcome not in step.outcomes:
        known = "、".join(OUTCOMES[one] for one in step.outcomes) or "无（由平台办理）"
        return refused(clause, f"{title}没有这一结果", f"可以选择：{known}", OUTCOMES.get(outcome, outcome))
    what = {"return": "须补正的内容和理由", "state": "陈述申辩的内容"}.get(outcome, "理由")
    most = STATEMENT if outcome == "state" else REASON
    explained = judge_reason(
        reason, clause, f"{OUTCOMES[outcome]}须写明{what}", f"填写{what}", longest=most.longest
    )
    if outcome in WITH_REASON and not explained.is_allowed:
        return explained
    return allowed(clause, f"{title}：{OUTCOMES[outcome]}")


def may_choose_alone(proceeding: Proceeding, step: Step, outcome: str, reason: str) -> Verdict:
    """The same for one file by itself: what a group reviews together, or the platform draws, nobody does so."""
    law, clause = proceeding.case.law, clause_of(proceeding, step)
    if KINDS[step.kind].in_session:
        remedy = "在“集中评审”中与同一批的其他事项一并登记结果"
        return refused(clause, f"{title_of(law, step)}由评审组集中办理", remedy, "单独办理")
    if outcome == "draw":
        return refused(clause, "样本由平台随机抽取，不由人选定", "点击“随机抽取样本”", "人工选定")
    return may_choose(proceeding, step, outcome, reason)


def is_in_time(proceeding: Proceeding, step: Step, at: datetime) -> Verdict:
    """Whether the time for this step has not run out: judged by the deadline, never by when the sweep ran."""
    clause = clause_of(proceeding, step)
    limit = proceeding.case.deadlines.filter(name=queries.LIMIT, subject=step.id, met_at__isnull=True).first()
    ends = bool(step.until) or (step.limit is not None and step.limit.late != "tell")
    if limit is not None and ends and limit.is_late(at):
        message = f"{title_of(proceeding.case.law, step)}已经截止"
        return refused(
            clause,
            message,
            "请关注办理结果；需要时联系办理机构",
            f"{limit.due_at.astimezone(CHINA):%Y-%m-%d %H:%M}",
        )
    return allowed(clause, "在期限之内")


def meets_needs(
    proceeding: Proceeding, step: Step, outcome: str, facts: Mapping[str, Any], reason: str
) -> Verdict:
    """Whether every condition of this outcome holds. What a rule leaves to a person is decided with the reason given."""
    clause = clause_of(proceeding, step)
    verdicts = [
        _decided(proceeding.case.law.judge(need.rule, **_facts(proceeding, step, need.facts, facts)), reason)
        for need in step.needs
        if not need.on or outcome in need.on
    ]
    return combine(allowed(clause, "条件具备"), *verdicts)


def _facts(
    proceeding: Proceeding, step: Step, names: tuple[str, ...], known: Mapping[str, Any]
) -> dict[str, Any]:
    done = [one.id for one in proceeding.rule.before(step.id)]
    return {name: {"step": step.id, "done": done, **known}[name] for name in names}


def _decided(verdict: Verdict, reason: str) -> Verdict:
    if verdict.outcome is Outcome.FOR_A_PERSON and reason.strip():
        return Verdict(Outcome.ALLOWED, verdict.reasons, verdict.warnings)
    return verdict


def may_end_on(proceeding: Proceeding, step: Step, last_day: date | None, at: datetime) -> Verdict:
    """Whether a public notice may end with this day: not before today, and not before the least length of the text."""
    law, clause = proceeding.case.law, clause_of(proceeding, step)
    today = at.astimezone(CHINA).date()
    if last_day is None:
        return refused(clause, "公示须有截止日", "填写公示截止日", "未填写")
    if last_day < today:
        return refused(clause, "公示截止日不得早于今天", "重新选择截止日", str(last_day))
    if step.length is None:
        return allowed(clause, "原文没有规定公示的最短期限")
    length = Duration(step.length.value, step.length.unit, "notice", "after", roll=step.length.roll)
    least = due(length, at, law.calendar, law.region)
    earliest = least.at.astimezone(CHINA).date() - timedelta(days=1)
    if last_day < earliest and least.is_binding:
        message = f"公示期不足：{length}，最早至{earliest}"
        return refused(clause, message, f"公示截止日选择{earliest}或以后", str(last_day))
    return allowed(clause, "公示期符合规定")


def may_pick(proceeding: Proceeding, step: Step, picked: list[Candidate], given: list[int]) -> Verdict:
    """Whether the list names only people of this matter, and of them only who applied where the pack asks it."""
    clause = clause_of(proceeding, step)
    if len(picked) != len(set(given)):
        return refused(
            clause, "名单中有不属于本事项的人选", "只从本事项的人选中选择", f"{len(given) - len(picked)}人"
        )
    silent = [one.name for one in picked if one.applied_at is None] if step.picks == "applied" else []
    if silent:
        names = "、".join(silent[:10])
        return refused(clause, "没有申报的专家不能列入名单", "从已申报的专家中选择", names)
    return allowed(clause, f"列入名单{len(picked)}人")


def objections_are_settled(proceeding: Proceeding, step: Step) -> Verdict:
    """Whether no objection stands in the way of going on."""
    clause = clause_of(proceeding, step)
    count = open_objections(proceeding.case).count() if step.objections == "block" else 0
    if count:
        return refused(clause, "有异议尚未处理", "先逐件答复异议并写明理由", f"{count}件")
    if has_upheld_objection(proceeding.case):
        return refused(clause, "异议成立", "本事项不能继续", "异议成立")
    return allowed(clause, "没有未处理的异议")


def may_answer(actor: Actor, proceeding: Proceeding, objection: Objection, answer: str) -> Verdict:
    """Whether the actor answers an objection: the office that posted the notice, once, and with a reason."""
    here = proceeding.here
    notices = [step for step in proceeding.rule.steps if step.kind == "notice"]
    clause = clause_of(proceeding, notices[0])
    if here is None or here.kind != "notice":
        return refused(
            clause, "公示阶段已经结束，不能再答复异议", "无须再办理", proceeding.get_state_display()
        )
    verdict = may_take(actor, proceeding, here, None)
    if objection.answered_at is not None:
        return combine(verdict, refused(clause, "这件异议已经答复", "无须再办理", f"第{objection.number}号"))
    return combine(verdict, judge_reason(answer, clause, "答复异议须写明理由", "填写核实情况和理由"))


def may_withdraw(actor: Actor, proceeding: Proceeding, reason: str) -> Verdict:
    """Whether the actor takes the matter back: whoever began it, before it takes effect, saying why."""
    law, procedure = proceeding.case.law, proceeding.rule
    clause = law.procedure_clause(proceeding.procedure, procedure)
    here = proceeding.here
    if here is None or here.kind == "effect":
        state = proceeding.get_state_display()
        return refused(clause, "本事项已经办结或正在生效，不能撤回", "需要时另行申请", state)
    if procedure.opened_by != "application":
        division = proceeding.division_of(procedure.office)
        verdict = _is_office(actor, law, procedure.office, division, clause, "撤回")
    elif actor.reference == proceeding.opened_by:
        verdict = allowed(clause, "申请人撤回")
    else:
        verdict = refused(clause, "只有申请人本人可以撤回申请", "请由申请人登录撤回", actor.role.label)
    return combine(verdict, judge_reason(reason, clause, "撤回须写明理由", "填写理由"))


def may_view(actor: Actor, proceeding: Proceeding) -> Verdict:
    """Whether the actor may open the matter: its readers, and whom it concerns for the own part."""
    if queries.candidate_of(proceeding, actor) is not None or _seals(actor, proceeding):
        clause = proceeding.case.law.procedure_clause(proceeding.procedure, proceeding.rule)
        return combine(cases.may_log_in(actor, proceeding.case), allowed(clause, "本人的事项"))
    return cases.may_view(actor, proceeding.case)


def _seals(actor: Actor, proceeding: Proceeding) -> bool:
    """Whether the application waits for, or bears, the seal of the actor's unit."""
    person = queries.applicant(proceeding)
    is_asked = any(step.office == "unit" for step in proceeding.rule.steps)
    return is_asked and person is not None and _is_person(actor, "unit", person)


def reads_all(actor: Actor, proceeding: Proceeding) -> bool:
    """Whether the actor reads everything of the matter, not only the own part."""
    return cases.may_view(actor, proceeding.case).is_allowed


def offices_of(procedure: Procedure) -> Iterator[str]:
    """The offices that take part, each once."""
    named = (procedure.office, *(step.office for step in procedure.steps))
    yield from dict.fromkeys(one for one in named if one and one not in PEOPLE)
