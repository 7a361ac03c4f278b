"""What the screens show of a panel: seats filling, the list of pushed experts, invitations, a ballot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from lunheng.cases.models import Case, Deadline
from lunheng.core.actor import Actor, Role
from lunheng.core.eligibility import Ground
from lunheng.core.procedures.consequences import EXPIRE_INVITATION
from lunheng.messaging.models import Message
from lunheng.messaging.texts import PANEL_INVITATION
from lunheng.panels.models import Draw, Election, Exclusion, Member, PanelRequest, SisterDecision
from lunheng.panels.queries import rows
from lunheng.panels.queries.rounds import SeatPlan, seat_plans

MEANINGS = {
    Member.State.CONFIRMED: "good",
    Member.State.CONSENTED: "good",
    Member.State.INVITED: "wait",
    Member.State.PICKED: "wait",
    Member.State.PUSHED: "wait",
    Member.State.SKIPPED: "wait",
}
NAMED = (Member.State.CONFIRMED, Member.State.LOST, Member.State.REMOVED)


@dataclass(frozen=True)
class Line:
    """One member on the board, as far as the viewer may know."""

    member: Member
    name: str
    unit: str
    specialty: str
    state: str
    meaning: str
    due: Deadline | None
    message: Message | None
    contacts: str = ""

    @property
    def is_undelivered(self) -> bool:
        """Whether the invitation did not arrive."""
        return self.message is not None and self.message.state == Message.State.FAILED


@dataclass(frozen=True)
class SeatLine:
    """One seat: who holds it, and who held it before."""

    plan: SeatPlan
    specialty: str
    holder: Line | None
    earlier: tuple[Line, ...]


def board(request: PanelRequest, actor: Actor) -> list[SeatLine]:
    """The seats of a drawn panel in order."""
    lines = lines_of(request, actor)
    law = request.case.law
    found = []
    for plan in seat_plans(request):
        own = [line for line in lines if line.member.seat == plan.number]
        holder = next((line for line in own if line.member.state in rows.HOLDING), None)
        earlier = tuple(line for line in own if line is not holder)
        found.append(SeatLine(plan, law.label("specialties", plan.specialty), holder, earlier))
    return found


def lines_of(request: PanelRequest, actor: Actor) -> list[Line]:
    """Every member of a request in the order of draw or push."""
    members = list(
        Member.objects.filter(request=request)
        .select_related("expert", "expert__unit", "case", "case__division", "draw")
        .order_by("draw__number", "order")
    )
    messages = _latest_messages(members)
    deadlines = _open_deadlines(request.case)
    return [_line(request.case, member, actor, messages, deadlines) for member in members]


def failed_deliveries(case: Case) -> QuerySet[Message]:
    """Messages about members that did not arrive, newest first."""
    return Message.objects.filter(
        case=case, subject__startswith="member:", state=Message.State.FAILED
    ).order_by("-id")


def may_name(member: Member, actor: Actor) -> bool:
    """Whether this viewer may know who it is: the organizer after confirmation, the authority always."""
    if actor.role.is_office or actor.role == Role.SYSTEM:
        return True
    if actor.role == Role.EXPERT and actor.expert == member.expert.reference:
        return True
    return member.seat is None or member.confirmed_at is not None


def exclusions(case: Case) -> QuerySet[Exclusion]:
    """Who could not be drawn in any round of the case."""
    return (
        Exclusion.objects.filter(draw__request__case=case)
        .select_related("expert", "expert__unit", "draw")
        .order_by("draw__number", "id")
    )


def exclusion_counts(case: Case) -> list[tuple[Draw, list[tuple[str, int]]]]:
    """Every draw of the case with how many experts each ground kept out, most first; nobody is named."""
    draws = Draw.objects.filter(request__case=case).select_related("request").defer("document")
    found: dict[int, list[tuple[str, int]]] = {}
    counted = Exclusion.objects.filter(draw__request__case=case).order_by().values_list("draw", "ground")
    for draw, ground, people in counted.annotate(people=Count("id")).order_by("-people", "ground"):
        found.setdefault(draw, []).append((Ground(ground).label, people))
    return [(draw, found.get(draw.pk, [])) for draw in draws.order_by("request__number", "number")]


def sister_decisions(case: Case) -> QuerySet[SisterDecision]:
    """Experts of sister companies: waiting ones first."""
    return (
        SisterDecision.objects.filter(case=case)
        .select_related("expert", "expert__unit")
        .order_by("decided_at", "id")
    )


def invitations(expert: str) -> QuerySet[Member]:
    """What an expert is or was asked for, newest first."""
    return (
        Member.objects.filter(expert__reference=expert)
        .exclude(state__in=(Member.State.PUSHED, Member.State.SKIPPED))
        .select_related("case", "case__division", "request", "request__organizer", "expert")
        .order_by("-drawn_at", "-id")
    )


def answer_due(member: Member) -> Deadline | None:
    """Until when the expert can answer."""
    return answers_due([member]).get(member.pk)


def answers_due(members: Sequence[Member]) -> dict[int, Deadline]:
    """Until when each of these invitations can be answered, by key, in one query."""
    awaited = {(member.case_id, member.subject): member.pk for member in members}
    cases = {case_id for case_id, _ in awaited}
    rows = Deadline.objects.filter(
        case__in=cases, name=EXPIRE_INVITATION.name, met_at__isnull=True, performed_at__isnull=True
    )
    found = {(row.case_id, row.subject): row for row in rows}
    return {pk: found[key] for key, pk in awaited.items() if key in found}


def elections(case: Case) -> QuerySet[Election]:
    """The ballots of a case in order."""
    return Election.objects.filter(case=case).prefetch_related(
        "candidates__expert", "ballots__voter__expert", "ballots__choice__expert"
    )


def tally(election: Election) -> list[tuple[Member, int]]:
    """Votes per candidate, most first."""
    counts = {candidate.pk: 0 for candidate in election.candidates.all()}
    for ballot in election.ballots.all():
        counts[ballot.choice_id] = counts.get(ballot.choice_id, 0) + 1
    people: list[Any] = list(election.candidates.all())
    return sorted(((one, counts[one.pk]) for one in people), key=lambda pair: (-pair[1], pair[0].pk))


def window_of(member: Member) -> tuple[datetime | None, datetime | None]:
    """When the invitation leaves and when it arrived."""
    message = _latest_messages([member]).get(member.subject)
    return (message.send_after, message.delivered_at) if message else (None, None)


def _line(
    case: Case,
    member: Member,
    actor: Actor,
    messages: dict[str, Message],
    deadlines: dict[str, Deadline],
) -> Line:
    named = may_name(member, actor)
    return Line(
        member=member,
        name=member.expert.name if named else "（确认后显示）",
        unit=member.expert.unit.name if named else "",
        specialty=case.law.label("specialties", member.specialty),
        state=member.get_state_display(),
        meaning=MEANINGS.get(Member.State(member.state), "late"),
        due=deadlines.get(member.subject),
        message=messages.get(member.subject),
    )


def _latest_messages(members: list[Member]) -> dict[str, Message]:
    subjects = [member.subject for member in members]
    found = Message.objects.filter(subject__in=subjects, template=PANEL_INVITATION.key).order_by("id")
    return {message.subject: message for message in found}


def _open_deadlines(case: Case) -> dict[str, Deadline]:
    found = case.deadlines.filter(name=EXPIRE_INVITATION.name, met_at__isnull=True, performed_at__isnull=True)
    return {deadline.subject: deadline for deadline in found}
