"""Reads of proceedings: what waits for whom, whose turn it is, and the lists of a seat."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from lunheng.cases.models import Case, Deadline
from lunheng.core.actor import Actor, Role
from lunheng.core.deadlines import CHINA
from lunheng.core.policy.proceedings import Step
from lunheng.core.terms import look_back
from lunheng.procedures.models import Candidate, Proceeding, StepTaken

LIMIT, NOTICE_END = "procedures.answer_limit", "procedures.end_notice"
TIMERS = (LIMIT, NOTICE_END)
"""The deadlines of the engine's own."""


def proceeding(proceeding_id: int) -> Proceeding | None:
    """The matter with its case and pack, not locked; nothing where there is none."""
    return Proceeding.objects.select_related("case", "about").filter(pk=proceeding_id).first()


def proceeding_for_update(case: Case) -> Proceeding:
    """The matter, locked; the case is locked before and is the one to act on."""
    found = Proceeding.objects.select_for_update(of=("self",)).select_related("about").get(case_id=case.pk)
    found.case = case
    return found


def home_of(about: Case) -> str:
    """Where whom a file concerns is at home: the place of a member's unit, of a project, of a pool."""
    unit = (
        Case.objects.filter(pk=about.pk, kind=Case.Kind.EXPERT)
        .values_list("expert__unit__division", flat=True)
        .first()
    )
    return unit or about.place_id


def standings_by_identity(about: Case, digests: Iterable[str]) -> list[tuple[str, date | None, date | None]]:
    """State, first and last day of a bar of everybody in the pool of this file who bears one of these identities."""
    members = Case.objects.filter(pk=about.pk, pool__memberships__expert__identity_digest__in=list(digests))
    field = "pool__memberships__"
    return list(
        members.order_by().values_list(f"{field}state", f"{field}barred_from", f"{field}barred_until")
    )


def candidate_for_update(proceeding: Proceeding, candidate_id: int) -> Candidate:
    """One candidate of the matter, locked."""
    return proceeding.candidates.select_for_update(of=("self",)).get(pk=candidate_id)


def applicant(proceeding: Proceeding) -> Candidate | None:
    """The one person of an application."""
    return proceeding.candidates.select_related("account", "file").first()


def candidate_of(proceeding: Proceeding, actor: Actor) -> Candidate | None:
    """The actor among those whom the matter concerns."""
    who = Q(account__reference=actor.reference)
    if actor.expert:
        who |= Q(file__title=actor.expert)
    return proceeding.candidates.select_related("account", "file").filter(who).first()


def concerned(proceeding: Proceeding, step: Step) -> QuerySet[Candidate]:
    """Those for whom an effect is carried out."""
    found = proceeding.candidates.all()
    if step.of == "picked":
        return found.filter(result=Candidate.Result.PICKED)
    return found.filter(result=Candidate.Result.LEFT_OUT) if step.of == "others" else found


def unfinished(proceeding: Proceeding, step: Step) -> QuerySet[Candidate]:
    """Those for whom the effect has not been carried out yet."""
    return concerned(proceeding, step).exclude(effected_step=step.id)


def visible(actor: Actor) -> QuerySet[Proceeding]:
    """The matters that this seat may open: its own, those of its office, those that ask it as a member."""
    own = Q(case__readers__account=actor.reference) | Q(candidates__account__reference=actor.reference)
    if actor.expert:
        own |= Q(candidates__file__title=actor.expert)
    if actor.role.is_office and actor.jurisdiction:
        own |= Q(case__readers__office=actor.capacity, case__readers__division_id=actor.jurisdiction)
    keys = Proceeding.objects.filter(own).values("pk")
    found = Proceeding.objects.filter(pk__in=keys).select_related("case__pack", "case__division", "about")
    return found.defer("case__pack__content").order_by("-id")


def with_limit(matters: QuerySet[Proceeding]) -> Any:
    """Each matter with the moment of its open time limit that runs out first (``limit_at``)."""
    running = Deadline.objects.filter(
        case=OuterRef("case"), name__in=TIMERS, met_at__isnull=True, performed_at__isnull=True
    )
    return matters.annotate(limit_at=Subquery(running.order_by("due_at").values("due_at")[:1]))


def by_limit(matters: QuerySet[Proceeding]) -> Any:
    """What is overdue longest first, then what runs out soonest; matters without a time limit after them."""
    return with_limit(matters).order_by(F("limit_at").asc(nulls_last=True), "-id")


def overdue(matters: QuerySet[Proceeding], at: datetime) -> Any:
    """Those whose time limit is over at the moment."""
    return with_limit(matters).filter(limit_at__lte=at)


def drawn_sample(proceeding: Proceeding, step: Step) -> StepTaken | None:
    """The sample that was drawn since the turn of this step came."""
    taken = proceeding.steps_taken.filter(
        step=step.id, outcome="draw", taken_at__gte=proceeding.step_began_at
    )
    return taken.last()


def samplable(proceeding: Proceeding, step: Step, at: datetime) -> list[tuple[str, str]]:
    """What a sample is drawn from: key and name of candidates, of records in the member's file, or of files handed in."""
    if step.pick == "candidates":
        return [(str(one.pk), one.name) for one in proceeding.candidates.all()]
    person = applicant(proceeding)
    if person is None:
        return []
    if step.pick != "records":
        keys = person.data.get(step.pick) or proceeding.data.get(step.pick) or []
        documents = proceeding.case.documents.filter(pk__in=keys)
        return [(str(one.pk), one.name) for one in documents]
    if person.file is None:
        return []
    records = person.file.service_records.order_by("at", "pk")
    if step.look_back is not None:
        first = look_back(at.astimezone(CHINA).date(), step.look_back)
        records = records.filter(at__gte=datetime.combine(first, time.min, CHINA))
    return [(str(one.pk), f"{one.get_kind_display()} {one.review}".strip()) for one in records]


def waiting_in_session(actor: Actor, procedure: str, step: str) -> list[Proceeding]:
    """The matters of this seat that wait for one joint review, oldest first."""
    return sorted(
        (one for one, here in waiting_for(actor) if one.procedure == procedure and here.id == step),
        key=lambda one: one.pk,
    )


def listed(proceeding: Proceeding) -> QuerySet[Candidate]:
    """Everybody concerned, those who applied first."""
    return proceeding.candidates.select_related("file").order_by(
        F("applied_at").asc(nulls_last=True), "number"
    )


def counts(proceeding: Proceeding) -> dict[str, int]:
    """How many a matter concerns, how many applied, and what became of them (one query)."""
    return proceeding.candidates.aggregate(
        all=Count("pk"),
        applied=Count("applied_at"),
        picked=Count("pk", filter=Q(result=Candidate.Result.PICKED)),
        left_out=Count("pk", filter=Q(result=Candidate.Result.LEFT_OUT)),
        effected=Count("effected_at"),
    )


def waiting_for(actor: Actor) -> list[tuple[Proceeding, Step]]:
    """The running matters whose turn this seat is, with the step."""
    if actor.role == Role.SYSTEM:
        return []
    return [
        (one, one.here) for one in turns_of(actor) if one.here is not None and _is_turn(one, one.here, actor)
    ]


def turns_of(actor: Actor) -> QuerySet[Proceeding]:
    """The running matters whose turn may be this seat's: by office and division, or by person, never all of them."""
    person = Q(candidates__account__reference=actor.reference)
    if actor.expert:
        person |= Q(candidates__file__title=actor.expert)
    found = person & Q(turn_office__in=("applicant", "member"))
    if actor.role.is_office and actor.jurisdiction:
        found |= Q(turn_office=actor.capacity, turn_division_id=actor.jurisdiction)
    if actor.organization:
        found |= Q(turn_office="unit", candidates__data__organization_code=actor.organization)
    # Rows of the release before know no turn; they are few, and each goes on to know it.
    found |= Q(turn_office__isnull=True, pk__in=visible(actor).filter(turn_office__isnull=True).values("pk"))
    keys = Proceeding.objects.filter(found, state=Proceeding.State.RUNNING).order_by().values("pk")
    rows = Proceeding.objects.filter(pk__in=keys).select_related("case__pack", "case__division", "about")
    return rows.defer("case__pack__content").order_by("-id")


def _is_turn(proceeding: Proceeding, step: Step, actor: Actor) -> bool:
    if step.office == "member":
        candidate = candidate_of(proceeding, actor)
        return candidate is not None and (candidate.applied_at is None or not step.is_collecting)
    if step.office == "applicant":
        return candidate_of(proceeding, actor) is not None
    if step.office == "unit":
        return bool(actor.organization)
    if step.office != actor.capacity or actor.jurisdiction != proceeding.division_of(step.office):
        return False
    return step.kind != "notice" or _notice_waits(proceeding)


def _notice_waits(proceeding: Proceeding) -> bool:
    """Whether the office has something to do at a notice: post it, or answer an objection."""
    posted = proceeding.case.notices.filter(kind="notice", withdrawn_at__isnull=True)
    return (
        not posted.exists()
        or posted.filter(objections__answered_at__isnull=True, objections__isnull=False).exists()
    )


def timers(proceedings: Iterable[Proceeding]) -> dict[int, Deadline]:
    """The earliest open time limit of each matter, by case (one query)."""
    cases = [one.case_id for one in proceedings]
    rows = Deadline.objects.filter(
        case_id__in=cases, name__in=TIMERS, met_at__isnull=True, performed_at__isnull=True
    )
    found: dict[int, Deadline] = {}
    for row in rows.order_by("due_at"):
        found.setdefault(row.case_id, row)
    return found


def is_late(case: Case, at: datetime) -> bool:
    """Whether the time limit of the present step has run out."""
    return case.deadlines.filter(
        name=LIMIT, met_at__isnull=True, due_at__lte=at, is_provisional=False
    ).exists()
