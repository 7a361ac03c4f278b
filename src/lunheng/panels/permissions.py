"""Who may do what with a panel, and whether a list of experts is lawful. Every answer is a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lunheng.cases import permissions as order
from lunheng.cases.models import Case
from lunheng.cases.permissions import access_clause, may_as_office, may_supervise
from lunheng.cases.queries import roles_of
from lunheng.core import draw as lottery
from lunheng.core.actor import OFFICES, Actor, Role
from lunheng.core.deadlines import format_due
from lunheng.core.eligibility import Candidate, Ground, fits, seats_fit
from lunheng.core.policy.rules.draws import MixedSpecialties
from lunheng.core.procedures.consequences import WITHHOLD_DRAW
from lunheng.core.procedures.drawing import COMMIT_DRAW, SEATING
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.panels.models import Contribution, Draw, Member, PanelRequest
from lunheng.panels.queries import pool, pushes, rows
from lunheng.pools import permissions as pools

ORGANIZERS = (Role.CONTRACTOR, Role.AGENCY)
LONGEST_SHARE = 400
"""Hexadecimal digits of a revealed value."""
MOST_WAITING = 2
"""Draws of one organizer in one pool that may wait at once."""
HASH_DIGITS, HEXADECIMAL = 64, frozenset("0123456789abcdef")
BEFORE_CONCLUSION = SEATING
ANSWERABLE = (Member.State.INVITED, Member.State.PICKED, Member.State.CONSENTED)
SITTING = (*ANSWERABLE, Member.State.CONFIRMED)


def is_organizer(actor: Actor, case: Case) -> bool:
    """Whether the actor acts for the contractor or the entrusted agency of this review."""
    return actor.role in ORGANIZERS and actor.role.value in rows.organizing_roles(case, actor.organization)


def may_organize(actor: Actor, case: Case, *, change: bool = False) -> Verdict:
    """组织单位: whether the actor organizes this review, asked by every act that its organizer does.

    The contractor whose review it is, as long as it is a party of the case, or the agency whose commission is accepted
    and not ended. ``change`` says that who organizes would become another.
    """
    roles = rows.organizing_roles(case, actor.organization)
    is_entrusted = Role.AGENCY.value in roles
    return case.law.judge(
        "roles.organiser",
        actor_role=actor.role.value,
        is_general_contractor=Role.CONTRACTOR.value in roles,
        has_general_contractor=True,
        on_behalf=is_entrusted,
        entrusted=is_entrusted,
        confirmed_count=rows.confirmed(case).count() if change else 0,
        change=change,
    )


def may_answer(actor: Actor, member: Member) -> Verdict:
    """Only the expert answers for the expert."""
    clause = access_clause(member.case)
    if actor.role == Role.EXPERT and actor.expert == member.expert.reference:
        return allowed(clause, "专家本人")
    return refused(clause, "只能由受邀专家本人办理", "请受邀专家本人登录后办理", actor.role.label)


def may_report_loss(actor: Actor, member: Member) -> Verdict:
    """The expert, or the authority that supervises. The client only where it keeps in touch with the experts itself
    (push): where the system refills the seat, a client's word would be a way to exchange a person."""
    if actor.role in OFFICES:
        return may_as_office(actor, member.case, "report_loss")
    if actor.role in ORGANIZERS and member.request.is_direct:
        return member.case.law.judge("draw.by_hand")
    if actor.role in ORGANIZERS:
        return may_organize(actor, member.case)
    return may_answer(actor, member)


def may_remove(actor: Actor, case: Case) -> Verdict:
    """Only the authority that supervises removes a member; the client may not exchange anybody."""
    if actor.role in ORGANIZERS:
        return case.law.judge("draw.by_hand")
    return may_as_office(actor, case, "remove_member")


def may_decide_sister(actor: Actor, case: Case) -> Verdict:
    """Only an office that supervises, and to which the pack gives it, decides whether a sister company's expert may sit."""
    return may_as_office(actor, case, "decide_sister")


def may_file_leak(actor: Actor, case: Case) -> Verdict:
    """The parties of the review and the authority."""
    if actor.role in OFFICES:
        return may_as_office(actor, case, "file_leak")
    is_party = bool(actor.organization) and actor.role.value in roles_of(case, actor.organization)
    return case.law.judge("security.secrecy", is_party=is_party)


def may_see_contacts(actor: Actor, member: Member) -> Verdict:
    """Whose telephone number is shown: of the picked, to the client or agency of this review and the pool manager."""
    verdict = member.case.law.judge(
        "confirmation.contacts",
        actor_role=actor.capacity,
        is_client=is_organizer(actor, member.case),
        picked=member.picked_at is not None,
    )
    if actor.role in OFFICES and verdict.is_allowed:
        return combine(verdict, may_supervise(actor, member.case))
    return verdict


def may_now(member: Member, act: str, states: Sequence[str]) -> Verdict:
    """Whether the member's state lets this be done; ``act`` as people read it."""
    lawful = [act] if member.state in states else []
    return member.case.law.judge("platform.order", state=member.get_state_display(), act=act, lawful=lawful)


def request_is(request: PanelRequest, act: str, states: Sequence[str]) -> Verdict:
    """Whether the request stands where this can be done."""
    lawful = [act] if request.state in states else []
    return request.case.law.judge("platform.order", state=request.get_state_display(), act=act, lawful=lawful)


def by_mode(request: PanelRequest, mode: str, act: str) -> Verdict:
    """Whether the city's way of composing a panel has this act at all."""
    lawful = [act] if request.is_direct == (mode == PanelRequest.Mode.DIRECT) else []
    return request.case.law.judge("platform.order", state=request.get_mode_display(), act=act, lawful=lawful)


def may_commit(request: PanelRequest, commitment: str | None, reason: str, at: datetime) -> Verdict:
    """Whether a panel can be drawn, or experts pushed, now; after a draw that nobody revealed only with a reason."""
    phase = order.may_now(request.case, COMMIT_DRAW)
    if request.is_direct:
        state = request_is(request, "随机抽取专家", (PanelRequest.State.OPEN,))
    else:
        state = may_push(request, at) if phase.is_allowed else phase
    for verdict in (state, phase):
        if not verdict.is_allowed:
            return verdict
    return may_open(request, commitment, reason)


def may_open(request: PanelRequest, commitment: str | None, reason: str = "") -> Verdict:
    """Whether a further draw of the request can be committed now, with this promise of the applicant, or with none."""
    law, waiting = request.case.law, request.waiting_draw
    clause = law.clause("platform.draw_window")
    verdict = law.judge(
        "platform.draw_window",
        promised=commitment is None or (len(commitment) == HASH_DIGITS and set(commitment) <= HEXADECIMAL),
        waits=waiting.commit if waiting else "",
        withheld=request.draws.filter(state=Draw.State.WITHHELD).count(),
        explained=bool(reason.strip()),
    )
    if not verdict.is_allowed:
        return verdict
    if (
        commitment
        and Contribution.objects.filter(party=Contribution.Party.APPLICANT, commitment=commitment).exists()
    ):
        return refused(clause, "这个随机数已经用过，不能再次承诺", "重新打开本页后再抽取", commitment)
    elsewhere = Draw.objects.filter(
        state=Draw.State.COMMITTED, request__organizer=request.organizer, request__pool=request.pool
    ).exclude(kind=Draw.Kind.BACKFILL)
    if elsewhere.count() >= MOST_WAITING:
        message = f"本单位已有{MOST_WAITING}次抽取作出承诺而未揭示"
        return refused(clause, message, "先揭示已承诺的抽取", f"{MOST_WAITING}次")
    return verdict


def may_push(request: PanelRequest, at: datetime) -> Verdict:
    """The first push is open at once; a further one when those left cannot form a lawful group."""
    clause = request.case.law.clause("draw.mode")
    is_first = not request.draws.filter(kind=Draw.Kind.PUSH, state=Draw.State.DONE).exists()
    if is_first or pushes.needs_further_push(request, at):
        return allowed(clause, "可以推送")
    return refused(
        clause,
        "已同意和尚未答复的专家仍能组成合法的专家组，不再推送",
        "先在已推送的专家中选取和联系",
        "仍可组成",
    )


def no_draw_waits(case: Case) -> Verdict:
    """Between the commit of a draw and its end no other one begins, and the plan is not exchanged.

    The platform's own rounds need no applicant's promise and no reason.
    """
    waiting = Draw.objects.filter(request__case=case, state=Draw.State.COMMITTED).first()
    return case.law.judge(
        "platform.draw_window",
        promised=True,
        waits=waiting.commit if waiting else "",
        withheld=0,
        explained=True,
    )


def may_reveal(actor: Actor, draw: Draw, party: str, at: datetime) -> Verdict:
    """Whether the actor speaks for this party of the draw, and its share is still missing."""
    case, clause = draw.request.case, draw.request.case.law.clause("platform.draw_window")
    is_applicant = party == Contribution.Party.APPLICANT
    who = may_organize(actor, case) if is_applicant else pools.may_supervise(actor, draw.request.pool, at)
    if not who.is_allowed:
        return who
    limit = case.deadlines.filter(name=WITHHOLD_DRAW.name, subject=draw.subject).last()
    if limit is not None and limit.is_late(at):
        return refused(clause, "揭示的期限已过，本次抽取作废", "写明理由后重新抽取", format_due(limit.due_at))
    if draw.state != Draw.State.COMMITTED or party not in [one.party for one in draw.outstanding]:
        message = "这次抽取不等待这一方揭示"
        return refused(clause, message, "在专家组页面查看抽取的进展", draw.get_state_display())
    return allowed(clause, "可以揭示")


def keeps_promise(draw: Draw, party: str, value: str) -> Verdict:
    """Whether the revealed value is the promised one."""
    clause = draw.request.case.law.clause("platform.draw_window")
    share = draw.contributions.get(party=party)
    is_written = len(value) % 2 == 0 and len(value) <= LONGEST_SHARE and set(value) <= HEXADECIMAL
    if is_written and lottery.is_kept(
        share.kind, share.commitment, bytes.fromhex(value), draw.document["rules"]["hash"]
    ):
        return allowed(clause, "与承诺相符")
    message = "揭示的数与事先的承诺不符，没有抽取"
    return refused(clause, message, "请用作出承诺的同一浏览器（或同一随机数链）揭示", value[:HASH_DIGITS])


def lawful_size(request: PanelRequest, members: Sequence[Member]) -> Verdict:
    """At least the minimum, and odd where the city says so."""
    law, count = request.case.law, len(members)
    extras = sum(member.is_extra for member in members)
    verdict = law.judge("panel.size", main=count - extras, extras=extras)
    fewer = law.judge("panel.size", main=count - 1 - extras, extras=extras)
    if verdict.is_allowed or not fewer.is_allowed:
        return verdict
    found = verdict.reasons[0]
    remedy = f"确认其中{count - 1}名，或再找第{count + 1}名；已确认的成员只由系统随机减员"
    return refused(found.clause, found.message, remedy, found.value)


def main_seats(case: Case, members: Sequence[Member]) -> int:
    """How many of these are experts of the specialty concerned (所涉专业): no extra, and the seat's specialty fits."""
    return sum(
        not member.is_extra and fits(case.law, member.request.work_kind, member.specialty).is_allowed
        for member in members
    )


def seats_suit(case: Case, members: Sequence[Member]) -> Verdict:
    """Whether each of these who is no extra sits on a seat whose specialty fits the works."""
    main = [member for member in members if not member.is_extra]
    if not main:
        return allowed(case.law.clause("draw.match"), "没有须核对专业的席位")
    return seats_fit(case.law, main[0].request.work_kind, [member.specialty for member in main])


def request_suits(request: PanelRequest) -> Verdict:
    """Whether every seat that is asked for, and is no extra, is of a specialty that fits the works."""
    main = [need.specialty for need in request.needs.all() if not need.is_extra]
    if not main:
        return allowed(request.case.law.clause("draw.match"), "由系统在对应专业中推送")
    return seats_fit(request.case.law, request.work_kind, main)


def lawful_list(request: PanelRequest, members: Sequence[Member], at: datetime) -> Verdict:
    """Everything that the law asks of a final list except consent and leader, judged anew at this moment."""
    law = request.case.law
    tags = pool.fitting_tags(request)
    eligible = pool.sifted(request, tags, at)
    candidates = pool.candidates(request, [member.expert for member in members], at)
    return combine(
        lawful_size(request, members),
        law.judge("draw.units", units=[(one.name, one.unit_name) for one in candidates]),
        _differing(request, candidates, eligible.included, tags),
        *(
            law.judge("draw.match", work_kind=request.work_kind, specialties=list(one.specialties))
            for one in candidates
        ),
        seats_suit(request.case, members),
        _nobody_recused(request, members, at),
        law.judge("draw.breadth", kinds=_kinds(request, members)),
    )


def _differing(
    request: PanelRequest, listed: Sequence[Candidate], eligible: Sequence[Candidate], tags: Sequence[str]
) -> Verdict:
    """Whether the experts of a list are of different specialties, as far as the pool has them."""
    together = {one.reference: one for one in (*eligible, *listed)}
    return request.case.law.judge(
        "draw.specialties",
        specialties=[[tag for tag in tags if tag in one.specialties] for one in listed],
        available=pushes.kinds_available(request, list(together.values()), tuple(tags)),
    )


def needs_reason(request: PanelRequest, members: Sequence[Member], at: datetime) -> Verdict:
    """A list of one specialty, where the rule only warns: allowed with the reason for it."""
    rule = request.case.law.rule("draw.specialties")
    if not isinstance(rule, MixedSpecialties) or rule.effect != "warn":
        return allowed(request.case.law.clause("draw.specialties"), "无须说明理由")
    tags = pool.fitting_tags(request)
    listed = pool.candidates(request, [member.expert for member in members], at)
    found = _differing(request, listed, pool.sifted(request, tags, at).included, tags)
    if not found.warnings or found.warnings[0].remedy == "":
        return found
    told = found.warnings[0]
    return refused(
        told.clause, f"{told.message}；确需如此的须写明理由", "换入另一对应专业的专家，或写明理由", told.value
    )


def _nobody_recused(request: PanelRequest, members: Sequence[Member], at: datetime) -> Verdict:
    """Every listed expert looked at again: parties, relations, interests, earlier reviews of the plan."""
    law = request.case.law
    verdicts = [allowed(law.clause("recusal.parties"), "名单中没有应当回避的专家")]
    excluded = pool.sift_experts(request, [member.expert for member in members], at).excluded
    names = {member.expert.reference: member.expert.name for member in members}
    for one in excluded:
        told = f"{names[one.reference]}：{one.ground.label}"
        if one.ground is Ground.SAME_PLAN:
            told = f"同一专家不得参与不同机构组织的对同一方案的论证：{one.path}"
        verdicts.append(refused(one.clause, told, "把该专家移出名单，另选其他专家", one.path))
    return combine(*verdicts)


def _kinds(request: PanelRequest, members: Sequence[Member]) -> dict[str, int]:
    """In how many kinds of works of this project each expert would have sat, this one included."""
    if not request.project:
        return {}
    rows_ = Member.objects.filter(
        request__project=request.project,
        state=Member.State.CONFIRMED,
        expert__in=[member.expert_id for member in members],
    ).values_list("expert_id", "request__work_kind")
    found: dict[int, set[str]] = {member.expert_id: {request.work_kind} for member in members}
    for expert, kind in rows_:
        found[expert].add(kind)
    return {member.expert.name: len(found[member.expert_id]) for member in members}


def nobody_dropped(request: PanelRequest, members: Sequence[Member]) -> Verdict:
    """Who sits already stays: the client never removes a confirmed member by leaving the name out."""
    listed = {member.pk for member in members}
    sitting = [member for member in rows.confirmed(request.case) if member.pk not in listed]
    if not sitting:
        return allowed(request.case.law.clause("draw.by_hand"), "已确认的成员均在名单中")
    names = "、".join(member.expert.name for member in sitting)
    return refused(
        request.case.law.clause("panel.size"),
        f"{names}已确认参加，不得由委托单位移出名单",
        "把其列入名单；人数为双数时由系统随机减员或另选一名",
        names,
    )
