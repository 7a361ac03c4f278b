"""What a person sees first: the cases of the seat, and what waits for the seat."""

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet

from lunheng.cases.models import Case, Deadline, Participant, Party
from lunheng.cases.permissions import supervised
from lunheng.core.actor import OFFICES, Actor, Role
from lunheng.core.procedures.table import AT_REST
from lunheng.core.workflow import ReviewState


def visible_cases(actor: Actor) -> QuerySet[Case]:
    """Reviews that the seat may open, as ``cases.permissions.may_view`` would judge one by one."""
    cases = Case.objects.filter(kind=Case.Kind.REVIEW).select_related("division", "district", "pack")
    cases = cases.defer("pack__content")
    if actor.role in OFFICES:
        return cases.filter(supervised(actor))
    if actor.role == Role.EXPERT:
        seats = Participant.objects.filter(case=OuterRef("pk"), expert=actor.expert, left_at__isnull=True)
        return cases.filter(Exists(seats))
    if actor.organization:
        parties = Party.objects.filter(
            case=OuterRef("pk"),
            organization__code=actor.organization,
            role=actor.role.value,
            left_at__isnull=True,
        )
        return cases.filter(Exists(parties))
    return cases.none()


def filtered(cases: QuerySet[Case], *, text: str = "", state: str = "") -> QuerySet[Case]:
    """By words of title or number, and by state."""
    if text:
        cases = cases.filter(Q(title__icontains=text) | Q(reference__icontains=text))
    if state:
        cases = cases.filter(state=state)
    return cases


def ordered_by_deadline(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The queue: what must be done soonest first; cases without a time limit after them."""
    open_ones = Q(deadlines__met_at__isnull=True, deadlines__performed_at__isnull=True)
    return cases.annotate(next_due_at=Min("deadlines__due_at", filter=open_ones)).order_by(
        F("next_due_at").asc(nulls_last=True), "-opened_at"
    )


def next_deadlines(cases: list[Case]) -> dict[int, Deadline]:
    """The earliest open deadline of each case, in one query."""
    rows = Deadline.objects.filter(case__in=cases, met_at__isnull=True, performed_at__isnull=True).order_by(
        "-due_at", "-id"
    )
    return {row.case_id: row for row in rows}


def counts(actor: Actor) -> dict[str, int]:
    """Four numbers of the desk: all, open, waiting for confirmation, overdue duties."""
    cases = visible_cases(actor)
    return {
        "all": cases.count(),
        "open": cases.exclude(state__in=[state.value for state in AT_REST]).count(),
        "confirming": cases.filter(state=ReviewState.CONFIRMING.value).count(),
        "breaches": cases.filter(breaches__mended_at__isnull=True, breaches__isnull=False).distinct().count(),
    }
