"""Who may see a case: its parties, its panel, and the authority that supervises it; and what of it may be erased."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from lunheng.cases.models import Case
from lunheng.cases.precedents import ORDER
from lunheng.cases.queries import roles_of, traits_of
from lunheng.core.actor import OFFICES, Actor, Role
from lunheng.core.clauses import Clause
from lunheng.core.policy.rules.security import Login
from lunheng.core.procedures.step import Step
from lunheng.core.procedures.table import Traits, asked_in, is_in_time
from lunheng.core.reasons import judge_reason
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.core.workflow import FileState, ReviewState, Standing, over
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions import territory
from lunheng.ledger.erasing import ERASED
from lunheng.ledger.models import Entry

NO_CITY_RULE = Clause("论衡平台运行规则", "第八条", "查看和送达")
"""``platform.access`` of the platform's own pack: files that no city's rule speaks of."""
PRIVACY = "中华人民共和国个人信息保护法"
ERASING = Clause(PRIVACY, "第四十七条第一款", "应当删除个人信息的情形")
KEEPING = Clause(PRIVACY, "第四十七条第二款", "保存期限未届满的只存储和保护")
DRAWN = Clause("论衡平台运行规则", "第九条", "先承诺、后揭示")
"""``platform.draw_window`` of the same pack: what was promised and revealed stays public."""


def may_supervise(actor: Actor, case: Case) -> Verdict:
    """Whether this office supervises the case, by the pack's division of labor."""
    if actor.role not in OFFICES:
        return refused(
            access_clause(case), "只有负责监督的主管部门可以查看", "请使用主管部门账号登录", actor.role.label
        )
    if case.pack_id is None:
        return _in_territory(actor, case)
    return case.law.judge(
        "roles.supervision",
        city_run=case.is_city_run,
        project_division=case.division_id,
        project_district=case.district_id or "",
        actor_role=actor.capacity,
        actor_division=actor.jurisdiction,
        actor_level=case.law.level_of(actor.capacity),
        places=territory.chain(case.place_id),
    )


def may_as_office(actor: Actor, case: Case, power: str) -> Verdict:
    """Whether this office supervises the case, and the pack gives this to its office: to watch is not yet to decide."""
    verdict = may_supervise(actor, case)
    if not verdict.is_allowed or case.pack_id is None:
        return verdict
    return combine(verdict, case.law.may(power, actor.capacity))


def may_now(case: Case, step: Step, traits: Traits | None = None) -> Verdict:
    """Whether the order of steps (its row, and the phase in which the review stands) allows the step now."""
    state, found = ReviewState(case.state), traits_of(case) if traits is None else traits
    asked = asked_in(state, found)
    lawful = asked if is_in_time(step, state, found) else [one for one in asked if one != step.asked]
    return case.law.judge("platform.order", state=case.state_label, act=step.asked, lawful=lawful)


def may_log_in(actor: Actor, case: Case) -> Verdict:
    """Whether the actor came in by a way that proves as much as the law of this case asks: through the door of a city
    that lets people in by number and password nobody opens a case of a city that asks for the real name."""
    if case.pack_id is None:
        return allowed(access_clause(case), "登录方式符合规定")
    rule = case.law.rule("security.login")
    if rule is None or (isinstance(rule, Login) and rule.mode == "oidc" and actor.auth == "phone_password"):
        return case.law.judge("security.login", mode=actor.auth)
    return allowed(access_clause(case), "登录方式符合规定")


def may_view(actor: Actor, case: Case) -> Verdict:
    """Whether the actor may open the case: by the way of logging in, and by party, by seat on the panel, or by
    supervision."""
    if actor.role == Role.SYSTEM:
        return allowed(access_clause(case), "系统")
    return combine(may_log_in(actor, case), _by_relation(actor, case))


def _by_relation(actor: Actor, case: Case) -> Verdict:
    if case.kind == Case.Kind.PROCEEDING:
        return _as_reader(actor, case)
    if actor.role in OFFICES:
        return may_supervise(actor, case)
    if actor.role == Role.EXPERT:
        return _as_expert(actor, case)
    if actor.organization and actor.role.value in roles_of(case, actor.organization):
        return allowed(access_clause(case), "本案参建或受托单位")
    return refused(
        access_clause(case),
        "您不是本案的参与单位，不能查看",
        "如确为参建单位，请联系施工单位登记",
        case.reference,
    )


def access_clause(case: Case) -> Clause:
    """The clause that keeps a review and its material from others."""
    if case.pack_id is not None:
        return case.law.clause("security.secrecy")
    return NO_CITY_RULE


def _as_expert(actor: Actor, case: Case) -> Verdict:
    clause = access_clause(case)
    if actor.expert and case.kind == Case.Kind.EXPERT and case.title == actor.expert:
        return allowed(clause, "本人档案")
    if actor.expert and case.participants.filter(expert=actor.expert, left_at__isnull=True).exists():
        return allowed(clause, "本案专家")
    return refused(
        clause, "您不是本案专家组成员，不能查看", "请从“我的邀请”进入本人参加的论证", case.reference
    )


def _as_reader(actor: Actor, case: Case) -> Verdict:
    clause = access_clause(case)
    office = Q(office=actor.capacity, division_id=actor.jurisdiction) if actor.jurisdiction else Q(pk=None)
    if case.readers.filter(Q(account=actor.reference) | office).exists():
        return allowed(clause, "本事项的申请人或办理机构")
    remedy = "请使用申请人本人或办理机构的账号；结果公布后可在公众门户查询"
    return refused(clause, "您不是本事项的申请人或办理机构，不能查看", remedy, case.reference)


def _in_territory(actor: Actor, case: Case) -> Verdict:
    """What lies in the office's territory; the files of a pool also to the offices inside the pool's city."""
    own, is_of_a_pool = actor.jurisdiction, case.kind in (Case.Kind.POOL, Case.Kind.EXPERT)
    if territory.covers(own, case.place_id) or (is_of_a_pool and territory.covers(case.division_id, own)):
        return allowed(NO_CITY_RULE, "本辖区")
    return refused(NO_CITY_RULE, "不属于您的辖区", "请联系所在地主管部门", case.division_id)


def supervised(actor: Actor) -> Q:
    """The reviews that an office supervises, asked of every pack that reviews are pinned to (one question)."""
    digests = (
        Case.objects.filter(kind=Case.Kind.REVIEW).order_by().values_list("pack_id", flat=True).distinct()
    )
    condition = Q(pk__in=())
    for digest in digests:
        for is_city_run in (True, False):
            for lie, area in _lies(actor.jurisdiction):
                if _supervises(actor, digest, is_city_run, lie):
                    condition |= Q(pack_id=digest, is_city_run=is_city_run) & area
    return condition


@dataclass(frozen=True)
class _Lie:
    """How a project may lie to the territory of an office: its city, its district, and the walk up from it."""

    division: str
    district: str
    places: tuple[str, ...]


def _lies(own: str) -> list[tuple[_Lie, Q]]:
    """The four ways, each by an example for the law and by the rows that are so; nothing else touches a territory."""
    inside = territory.below(own)
    return [
        (_Lie(own, "", (own,)), Q(division_id=own, district_id=None)),
        (_Lie(own, "lower", ("lower", own)), Q(division_id=own, district_id__isnull=False)),
        (_Lie("lower", "", ("lower", own)), Q(division_id__in=inside) & ~Q(division_id=own)),
        (_Lie("upper", own, (own, "upper")), Q(district_id__in=inside) & ~Q(division_id__in=inside)),
    ]


def _supervises(actor: Actor, digest: str, is_city_run: bool, lie: _Lie) -> bool:
    law = laws.of(digest)
    verdict = law.judge(
        "roles.supervision",
        city_run=is_city_run,
        project_division=lie.division,
        project_district=lie.district,
        actor_role=actor.capacity,
        actor_division=actor.jurisdiction,
        actor_level=law.level_of(actor.capacity),
        places=lie.places,
    )
    return verdict.is_allowed


def is_closed(case: Case) -> bool:
    """Whether nothing is left to do in the file: a review at its last step, any other file when it was closed."""
    if case.kind == Case.Kind.REVIEW:
        return case.state in over(Standing.CLOSED)
    return case.state == FileState.CLOSED.value


def may_erase(case: Case, entry: Entry | None, reason: str, value: str) -> Verdict:
    """Whether the content of this entry may be destroyed for this reason; ``value`` is the number that was asked for.

    Statutory periods are no data of the platform: what it can see is that a file is still being worked on.
    """
    return combine(allowed(ERASING, "可以擦除"), *_objections(case, entry, reason, value))


def _objections(case: Case, entry: Entry | None, reason: str, value: str) -> Iterator[Verdict]:
    if not is_closed(case):
        state = case.state_label if case.kind == Case.Kind.REVIEW else "仍在使用"
        remedy = "办结归档且法定保存期限届满后再办理；此前只存储和保护"
        yield refused(KEEPING, "案件尚未办结，内容仍须保存，不能擦除", remedy, state)
    remedy = "请写明属于该款所列的哪一种情形，以及保存期限的依据；不要写入个人信息"
    yield judge_reason(reason, ERASING, "没有写明擦除的理由", remedy, value="")
    if entry is None:
        yield refused(ORDER, "本案没有这一条存证", "请按办理记录核对存证的序号", value)
    elif entry.event == ERASED:
        yield refused(ORDER, "擦除的存证说明谁因何擦除，不能再擦除", "请核对存证的序号", value)
    elif entry.event.startswith("draw."):
        remedy = "抽取记录只含化名；须更正的，请更正专家档案"
        yield refused(DRAWN, "抽取的承诺、揭示和结果公开供任何人核验，不能擦除", remedy, value)
    elif entry.payload.erased_at is not None:
        yield refused(ORDER, "这条存证的内容已经擦除", "无须再办理；擦除的理由见办理记录", value)
