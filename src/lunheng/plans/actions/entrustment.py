"""委托: the contractor lets a review agency organize the review."""

from datetime import datetime

from lunheng.cases.acts import act
from lunheng.cases.locks import lock
from lunheng.cases.models import Case, Party
from lunheng.core.actor import Actor, Role
from lunheng.core.errors import Refused, require
from lunheng.core.procedures.consequences import RECHECK_RELATIONS
from lunheng.core.procedures.preparing import ACCEPT_ENTRUSTMENT, END_ENTRUSTMENT, OFFER_ENTRUSTMENT
from lunheng.core.reasons import GivenReason, judge_reason
from lunheng.core.verdict import Verdict, allowed, combine, refused
from lunheng.ledger.models import Entry
from lunheng.organizations import queries as units
from lunheng.organizations.models import Organization
from lunheng.panels.permissions import may_organize
from lunheng.plans import queries
from lunheng.plans.models import Entrustment, Review


@act(OFFER_ENTRUSTMENT)
def entrust_agency(*, review_id: int, agency_code: str, actor: Actor, at: datetime) -> Entrustment:
    """委托论证机构: offered by the contractor, in force once the agency accepts."""
    review = queries.review(review_id)
    case = review.case = lock(review.case_id)
    agency = units.by_given_code(agency_code)
    require(
        combine(
            _is_the_contractor(actor, review),
            may_organize(actor, case, change=True),
            _agencies_are_lawful(review),
            _is_an_agency(review, agency, agency_code),
            _is_free(review),
        )
    )
    assert agency is not None
    entrustment = Entrustment.objects.create(review=review, agency=agency, offered_at=at)
    data = {
        "label": f"委托论证机构：{agency.name}",
        "clause": str(case.law.clause("roles.organiser")),
        "agency": agency.code,
    }
    case.enter(actor=actor, at=at, data=data)
    return entrustment


@act(ACCEPT_ENTRUSTMENT)
def accept_entrustment(*, entrustment_id: int, actor: Actor, at: datetime) -> Entry:
    """接受委托: the agency becomes a party of the case and organizes the review from now on."""
    entrustment, review, case = _locked(entrustment_id)
    clause = case.law.clause("roles.organiser")
    if actor.role is not Role.AGENCY or actor.organization != entrustment.agency.code:
        message = "只有受委托的论证机构可以接受委托"
        raise Refused(refused(clause, message, "请由受委托的论证机构登录后办理", actor.role.label))
    require(combine(_is_in_state(entrustment, Entrustment.State.OFFERED), _nobody_confirmed(review)))
    entrustment.state, entrustment.accepted_at = Entrustment.State.ACCEPTED, at
    entrustment.save(update_fields=("state", "accepted_at"))
    Party.join(case, entrustment.agency, Role.AGENCY.value, at)
    _look_again(case, at)
    data = {
        "label": f"论证机构接受委托：{entrustment.agency.name}",
        "clause": str(clause),
        "agency": entrustment.agency.code,
    }
    return case.enter(actor=actor, at=at, data=data)


@act(END_ENTRUSTMENT)
def end_entrustment(*, entrustment_id: int, reason: GivenReason, actor: Actor, at: datetime) -> Entry:
    """解除委托: by the contractor or the agency, until an expert has confirmed."""
    entrustment, review, case = _locked(entrustment_id)
    clause = case.law.clause("roles.organiser")
    if actor.organization not in (review.contractor.code, entrustment.agency.code):
        message = "只有委托双方可以解除委托"
        raise Refused(refused(clause, message, "请由施工单位或论证机构办理", actor.role.label))
    require(judge_reason(reason, clause, "解除委托须写明理由", "填写理由"))
    living = allowed(clause, "委托有效")
    if entrustment.state == Entrustment.State.ENDED:
        living = refused(clause, "委托已经解除", "无需重复办理", entrustment.get_state_display())
    require(combine(living, _nobody_confirmed(review)))
    entrustment.state, entrustment.ended_at = Entrustment.State.ENDED, at
    entrustment.save(update_fields=("state", "ended_at"))
    Party.leave(case, entrustment.agency, Role.AGENCY.value, at)
    data = {
        "label": f"解除委托：{entrustment.agency.name}",
        "clause": str(clause),
        "agency": entrustment.agency.code,
        "reason": reason.strip(),
    }
    return case.enter(actor=actor, at=at, data=data)


def _locked(entrustment_id: int) -> tuple[Entrustment, Review, Case]:
    known = Entrustment.objects.get(pk=entrustment_id)
    review = queries.review(known.review_id)
    case = review.case = lock(review.case_id)
    entrustment = (
        Entrustment.objects.select_for_update(of=("self",)).select_related("agency").get(pk=entrustment_id)
    )
    return entrustment, review, case


def _is_the_contractor(actor: Actor, review: Review) -> Verdict:
    clause = review.case.law.clause("roles.organiser")
    if actor.role is Role.CONTRACTOR and actor.organization == review.contractor.code:
        return allowed(clause, "由施工单位委托")
    return refused(clause, "论证机构由本工程的施工单位委托", "请由施工单位办理", actor.role.label)


def _agencies_are_lawful(review: Review) -> Verdict:
    """What the rule says to an agency with an accepted entrustment."""
    return review.case.law.judge(
        "roles.organiser",
        actor_role=Role.AGENCY.value,
        is_general_contractor=False,
        has_general_contractor=True,
        on_behalf=True,
        entrusted=True,
        confirmed_count=0,
        change=False,
    )


def _is_an_agency(review: Review, agency: Organization | None, code: str) -> Verdict:
    clause = review.case.law.clause("roles.organiser")
    if agency is None:
        found = units.unknown(code, clause).reasons[0]
        return refused(clause, "没有这一论证机构", f"{found.remedy}；论证机构须先在平台登记", found.value)
    if not agency.seats.filter(role=Role.AGENCY.value, is_active=True).exists():
        return refused(
            clause, "没有这一论证机构", "核对统一社会信用代码；论证机构须先在平台登记", agency.name
        )
    return allowed(clause, "已登记的论证机构")


def _is_free(review: Review) -> Verdict:
    clause = review.case.law.clause("roles.organiser")
    living = review.entrustments.exclude(state=Entrustment.State.ENDED).first()
    if living is not None:
        return refused(clause, "本次论证已有委托", "先解除现有委托", living.get_state_display())
    return allowed(clause, "尚未委托")


def _is_in_state(entrustment: Entrustment, state: str) -> Verdict:
    clause = entrustment.review.case.law.clause("roles.organiser")
    if entrustment.state == state:
        return allowed(clause, "待接受")
    return refused(clause, "该委托不在待接受状态", "请施工单位重新委托", entrustment.get_state_display())


def _nobody_confirmed(review: Review) -> Verdict:
    """Changing who organizes is lawful until the first expert has confirmed."""
    return review.case.law.judge(
        "roles.organiser",
        actor_role=Role.CONTRACTOR.value,
        is_general_contractor=True,
        has_general_contractor=True,
        on_behalf=False,
        entrusted=False,
        confirmed_count=queries.confirmed_count(review.case),
        change=True,
    )


def _look_again(case: Case, at: datetime) -> None:
    """Experts of the agency may not sit: a panel that exists is checked anew."""
    if not case.awaits(RECHECK_RELATIONS):
        case.due(RECHECK_RELATIONS, due=at, clause=case.law.clause("recusal.parties"))
