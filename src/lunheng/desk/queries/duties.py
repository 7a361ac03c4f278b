"""What waits for a seat: one list, the most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.urls import reverse

from lunheng.cases.models import Case
from lunheng.core.actor import Actor, Role
from lunheng.core.procedures.drawing import DECIDE_SISTER
from lunheng.core.procedures.table import AT_REST, buttons, turns
from lunheng.core.workflow import ReviewState
from lunheng.desk.queries.findings import finding_lines, missing_steps
from lunheng.desk.queries.listing import next_deadlines, ordered_by_deadline, visible_cases
from lunheng.desk.queries.turns import asked, asks
from lunheng.jurisdictions import law as laws
from lunheng.ledger.models import Finding
from lunheng.messaging.models import Message
from lunheng.panels.models import Member, SisterDecision
from lunheng.panels.queries import answers_due
from lunheng.plans.models import Entrustment
from lunheng.procedures.permissions import title_of
from lunheng.procedures.queries import NOTICE_END, waiting_for
from lunheng.procedures.queries import timers as procedure_timers
from lunheng.reports.models import Breach

DRAWABLE = tuple(DECIDE_SISTER.phases or ())
"""States in which an expert may still be drawn."""
LIMIT = 50


@dataclass(frozen=True)
class Duty:
    """One thing to do, with where to do it and until when."""

    title: str
    text: str
    url: str
    label: str
    until: datetime | None = None
    clause: str = ""
    is_alarm: bool = False


def duties(actor: Actor) -> list[Duty]:
    """What this seat has to do: what must be cleared up, then what is due soonest."""
    found = [
        *_invitations(actor),
        *_of_cases(actor),
        *_of_station(actor),
        *_of_agency(actor),
        *_of_procedures(actor),
    ]
    return sorted(
        found,
        key=lambda duty: (
            not duty.is_alarm,
            duty.until is None,
            duty.until.timestamp() if duty.until else 0.0,
        ),
    )


def _of_cases(actor: Actor) -> Iterator[Duty]:
    states = [state for state in ReviewState if state not in AT_REST and _is_turn(state, actor.role)]
    cases = list(
        ordered_by_deadline(visible_cases(actor)).filter(state__in=[state.value for state in states])[:LIMIT]
    )
    deadlines, breaches, drawable = next_deadlines(cases), _breaches(cases), asked(cases)
    for case in cases:
        deadline = deadlines.get(case.pk)
        ask = asks(case, actor.role, is_asked=case.pk in drawable)[0]
        yield Duty(
            title=case.title,
            text=f"{case.reference} · {case.state_label}",
            url=reverse(ask.screen, args=[case.pk]),
            label=ask.label,
            until=deadline.until if deadline else breaches.get(case.pk),
            clause=deadline.clause if deadline else "",
        )


def _breaches(cases: list[Case]) -> dict[int, datetime]:
    """When the duty of a case ran out that was not done in time and is still open."""
    rows = Breach.objects.filter(case__in=cases, mended_at__isnull=True).order_by("-due_at")
    return {row.case_id: row.due_at for row in rows}


def _is_turn(state: ReviewState, role: Role) -> bool:
    return (
        role in turns(state)
        and bool(buttons(state, role))
        and not (role == Role.EXPERT and state == ReviewState.CONFIRMING)
    )


def _invitations(actor: Actor) -> Iterator[Duty]:
    if actor.role != Role.EXPERT:
        return
    open_states = (Member.State.INVITED, Member.State.PICKED)
    found = Member.objects.filter(expert__reference=actor.expert, state__in=open_states)
    members = list(found.select_related("case", "request"))
    deadlines = answers_due(members)
    for member in members:
        deadline = deadlines.get(member.pk)
        yield Duty(
            title=f"邀请：{member.case.title}",
            text=f"{member.case.reference} · 论证会 {member.request.meeting_place}",
            url=reverse("panels:invitation", args=[member.pk]),
            label="答复邀请",
            until=deadline.until if deadline else None,
            clause=deadline.clause if deadline else "",
        )


def _of_station(actor: Actor) -> Iterator[Duty]:
    cases = visible_cases(actor)
    if actor.role == Role.OFFICE:
        cases = cases.filter(pack_id__in=_decided_by(actor, cases))
    elif actor.role != Role.STATION:
        return
    waiting = SisterDecision.objects.filter(case__in=cases.filter(state__in=DRAWABLE), may_sit__isnull=True)
    by_case = waiting.values("case_id", "case__reference", "case__title").annotate(count=Count("pk"))
    for row in by_case.order_by("case_id")[:LIMIT]:
        yield Duty(
            "认定兄弟单位回避",
            f"{row['case__reference']} · {row['case__title']}：{row['count']} 名专家所在单位是参建单位的兄弟单位，认定前不参加抽取",
            reverse("panels:exclusions", args=[row["case_id"]]),
            "认定",
        )
    failed = Message.objects.filter(case__in=cases, state=Message.State.FAILED).select_related("case")
    for message in failed[:LIMIT]:
        if message.case is not None:
            yield Duty(
                "短信未送达",
                f"{message.case.reference} · {message.fault}",
                reverse("panels:panel", args=[message.case.pk]),
                "查看",
            )
    yield from _differences(actor)


def _decided_by(actor: Actor, cases: QuerySet[Case]) -> list[str]:
    """The packs of these cases that give the office of the actor what is decided about a panel."""
    digests = cases.order_by().values_list("pack_id", flat=True).distinct()
    return [one for one in digests if one and laws.of(one).may("decide_sister", actor.capacity).is_allowed]


def _differences(actor: Actor) -> Iterator[Duty]:
    """What the nightly comparison of tables and ledger found: one card for all rows, one for each file with a gap."""
    found = list(Finding.objects.all())
    if not found:
        return
    cases = visible_cases(actor)
    lines = finding_lines(found, cases)
    if lines:
        more = f"；另有 {len(lines) - 1} 处" if len(lines) > 1 else ""
        address = reverse("desk:findings")
        yield Duty("存证核对发现出入", f"{lines[0].words}{more}", address, "查看出入", is_alarm=True)
    for case, missing in missing_steps(found, cases):
        address = reverse("desk:record", args=[case.pk])
        yield Duty("论证缺少存证", f"{case.reference} · {missing}", address, "查看办理记录", is_alarm=True)


def _of_procedures(actor: Actor) -> Iterator[Duty]:
    """The steps of running matters that wait for this seat, each with its time limit where the text has one."""
    waiting = waiting_for(actor)[:LIMIT]
    timers = procedure_timers(proceeding for proceeding, _ in waiting)
    for proceeding, step in waiting:
        timer = timers.get(proceeding.case_id)
        is_posted = timer is not None and timer.name == NOTICE_END
        yield Duty(
            title=proceeding.case.title,
            text=f"{proceeding.case.reference} · {'公示期间有人提出异议' if is_posted else title_of(proceeding.case.law, step)}",
            url=reverse("procedures:proceeding", args=[proceeding.pk]),
            label="答复异议" if is_posted else f"办理{title_of(proceeding.case.law, step)}",
            until=timer.until if timer else None,
            clause=timer.clause if timer else proceeding.clause_of(step),
        )


def _of_agency(actor: Actor) -> Iterator[Duty]:
    if actor.role != Role.AGENCY:
        return
    offers = Entrustment.objects.filter(agency__code=actor.organization, state=Entrustment.State.OFFERED)
    for offer in offers.select_related("review__case", "review__contractor"):
        yield Duty(
            f"委托：{offer.review.case.title}",
            f"委托单位 {offer.review.contractor.name}",
            reverse("plans:entrustment", args=[offer.review.case_id]),
            "答复委托",
        )
