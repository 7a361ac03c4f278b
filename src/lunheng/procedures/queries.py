"""Reads of proceedings: what waits for whom, whose turn it is, and the lists of a seat."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from lunheng.cases.acts import AlreadyDone
from lunheng.cases.models import Case, Deadline
from lunheng.core.actor import Actor, Role
from lunheng.core.policy.proceedings import Step
from lunheng.procedures.models import Candidate, Proceeding

LIMIT, NOTICE_END = "procedures.answer_limit", "procedures.end_notice"
TIMERS = (LIMIT, NOTICE_END)
"""The deadlines of the engine's own."""


def proceeding(proceeding_id: int) -> Proceeding:
    """The matter with its case and pack, not locked."""
    return Proceeding.objects.select_related("case", "about").get(pk=proceeding_id)


def proceeding_for_update(case: Case) -> Proceeding:
    """The matter, locked; the case is locked before and is the one to act on."""
    found = Proceeding.objects.select_for_update(of=("self",)).select_related("about").get(case_id=case.pk)
    found.case = case
    return found


def proceeding_of_deadline(deadline_id: int) -> int:
    """The case of a deadline."""
    return Deadline.objects.values_list("case_id", flat=True).get(pk=deadline_id)


def deadline_for_update(deadline_id: int) -> Deadline:
    """The deadline that an act answers, locked.

    Raises:
        AlreadyDone: somebody else answered it, or what it waited for has happened.
    """
    found = Deadline.objects.select_for_update(of=("self",)).get(pk=deadline_id)
    if found.met_at is not None or found.performed_at is not None:
        raise AlreadyDone(found.name)
    return found


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


def found(actor: Actor, *, text: str = "", state: str = "") -> QuerySet[Proceeding]:
    """The same by title or number (``text``) and state; an empty one is no filter."""
    matters = visible(actor)
    if text.strip():
        wanted = text.strip()
        matters = matters.filter(Q(case__title__icontains=wanted) | Q(case__reference=wanted))
    return matters.filter(state=state) if state else matters


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
    running = visible(actor).filter(state=Proceeding.State.RUNNING)
    return [(one, one.here) for one in running if one.here is not None and _is_turn(one, one.here, actor)]


def _is_turn(proceeding: Proceeding, step: Step, actor: Actor) -> bool:
    if step.office == "member":
        candidate = candidate_of(proceeding, actor)
        return candidate is not None and candidate.applied_at is None
    if step.office == "applicant":
        return candidate_of(proceeding, actor) is not None
    if step.office != actor.capacity or actor.jurisdiction != proceeding.case.division_id:
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
    return case.deadlines.filter(name=LIMIT, met_at__isnull=True, due_at__lte=at).exists()
