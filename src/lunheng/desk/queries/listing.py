"""What a person sees first: the cases of the seat, in the order of their time limits, and how many there are of a kind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lunheng.cases.models import Case, Deadline, Participant, Party
from lunheng.cases.permissions import supervised
from lunheng.core.actor import OFFICES, Actor, Role
from lunheng.core.procedures.consequences import LIMITS
from lunheng.core.procedures.table import AT_REST
from lunheng.jurisdictions.models import Division
from lunheng.plans.models import Review
from lunheng.reports.models import Breach, Report

OPEN = Q(met_at__isnull=True, performed_at__isnull=True, name__in=LIMITS)
"""Time limits that still run: what the law says, none of the platform's own reminders and consequences."""
LATE, RUNNING, UNLIMITED = "late", "running", "none"
UNDER_WAY, OVER = "open", "over"
RESTING = tuple(state.value for state in AT_REST)


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


def with_limit(cases: QuerySet[Case]) -> Any:
    """Each case with the moment of its time limit (``limit_at``): of what is late and not yet made good, else of what
    runs out first; none where no time limit runs."""
    late = Breach.objects.filter(case=OuterRef("pk"), mended_at__isnull=True).order_by("due_at")
    running = Deadline.objects.filter(OPEN, case=OuterRef("pk")).order_by("due_at")
    return cases.annotate(
        limit_at=Coalesce(Subquery(late.values("due_at")[:1]), Subquery(running.values("due_at")[:1]))
    )


def ordered_by_deadline(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The queue: what is overdue longest first, then what runs out soonest; cases without a time limit after them."""
    found: QuerySet[Case] = with_limit(cases).order_by(
        F("limit_at").asc(nulls_last=True), "-opened_at", "-pk"
    )
    return found


def by_lateness(cases: QuerySet[Case], kind: str, at: datetime) -> Any:
    """Those whose time limit is over at the moment, still runs, or does not exist."""
    found: Any = with_limit(cases)
    if kind == UNLIMITED:
        return found.filter(limit_at__isnull=True)
    return found.filter(limit_at__lte=at) if kind == LATE else found.filter(limit_at__gt=at)


def by_standing(cases: QuerySet[Case], kind: str) -> QuerySet[Case]:
    """Those under way, or those at rest."""
    return cases.exclude(state__in=RESTING) if kind == UNDER_WAY else cases.filter(state__in=RESTING)


def concluded(cases: QuerySet[Case], conclusion: str) -> QuerySet[Case]:
    """Those whose report came to this conclusion."""
    return cases.filter(Exists(Report.objects.filter(case=OuterRef("pk"), conclusion=conclusion)))


def lying_in(cases: QuerySet[Case], place: str) -> QuerySet[Case]:
    """Those of a district, or of a city as a whole."""
    return cases.filter(Q(district_id=place) | Q(division_id=place, district_id=None))


def places_of(cases: QuerySet[Case]) -> list[tuple[str, str]]:
    """The districts in which the cases lie, and the city where a case is of none: code and name (one query)."""
    codes = cases.order_by().annotate(place=Coalesce("district_id", "division_id")).values("place")
    found = Division.objects.filter(code__in=codes).order_by("code")
    return list(found.values_list("code", "name"))


def next_deadlines(cases: Iterable[Case]) -> dict[int, Deadline]:
    """The time limit of each case that runs out first, in one query; reminders are none."""
    rows = Deadline.objects.filter(OPEN, case__in=list(cases)).order_by("-due_at", "-id")
    return {row.case_id: row for row in rows}


def listed_cases(actor: Actor) -> Any:
    """The same cases with what a row of the list shows of them: time limit, project, conclusion (no further question)."""
    return with_limit(visible_cases(actor)).annotate(
        project_name=F("review__plan__work__project__name"), concluded_as=F("report__conclusion")
    )


@dataclass(frozen=True)
class CaseRow:
    """A case as the list shows it."""

    case: Any
    at: datetime

    @property
    def is_late(self) -> bool:
        """Whether its time limit is over."""
        return self.case.limit_at is not None and self.case.limit_at <= self.at

    @property
    def why_none(self) -> str:
        """Why no time limit is told."""
        return "已办结" if self.case.state in RESTING else "这一步没有规定时限"

    @property
    def conclusion(self) -> str:
        """To what the report came; nothing before there is one."""
        known = self.case.concluded_as
        return str(Review.Conclusion(known).label) if known else ""


def case_rows(cases: Iterable[Any], at: datetime) -> Iterator[CaseRow]:
    """The cases of one page as they stand at the moment."""
    return (CaseRow(case, at) for case in cases)
