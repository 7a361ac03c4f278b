"""Reads of cases: parties, deadlines, what fell due."""

from datetime import datetime

from django.db.models import Q, QuerySet

from lunheng.cases import running
from lunheng.cases.models import Case, Deadline, Party
from lunheng.core.actor import Role
from lunheng.core.procedures.step import Trait
from lunheng.core.procedures.table import Traits, turns
from lunheng.core.workflow import ReviewState
from lunheng.ledger import registers, rotation
from lunheng.ledger.queries import Fault, entries_of, faults_of


def parties_of(case: Case) -> QuerySet[Party]:
    """Present parties of the case."""
    return case.parties.filter(left_at__isnull=True).select_related("organization").order_by("id")


def present_parties(case: Case) -> list[Party]:
    """The same as a list; read once in an act."""
    return running.once(("parties", case.pk), lambda: list(parties_of(case)))


def roles_of(case: Case, organization: str) -> set[str]:
    """The roles that an organization (by credit code) has in the case."""
    return {party.role for party in present_parties(case) if party.organization.code == organization}


def has_party(case: Case, role: Role) -> bool:
    """Whether anybody takes part in this role."""
    return any(party.role == role.value for party in present_parties(case))


def open_deadlines(case: Case) -> QuerySet[Deadline]:
    """What the case still waits for, earliest first."""
    return case.deadlines.filter(met_at__isnull=True, performed_at__isnull=True)


def fallen_due(at: datetime, *, limit: int = 100) -> QuerySet[Deadline]:
    """Deadlines whose moment has come and whose act has not been performed: one indexed query.

    A limit that rests on a calendar which may still change is none of them: it breaches and refuses nothing.
    """
    due = Deadline.objects.filter(due_at__lte=at, met_at__isnull=True, performed_at__isnull=True)
    return (
        due.filter(is_provisional=False)
        .filter(Q(retry_at__isnull=True) | Q(retry_at__lte=at))
        .order_by("due_at", "id")[:limit]
    )


def provisional_deadlines() -> QuerySet[Deadline]:
    """What waits for a calendar that may still change, earliest first."""
    open_ones = Deadline.objects.filter(is_provisional=True, met_at__isnull=True, performed_at__isnull=True)
    return open_ones.select_related("case").order_by("due_at", "id")


def chain_faults(reference: str) -> list[Fault]:
    """What does not hold in a file's chain: bodies, leaves, payloads, and entries missing at its end."""
    faults = faults_of(reference)
    case = Case.objects.filter(reference=reference).first()
    if case is None:
        # The files of the log and of the registers have no case; elsewhere it is missing.
        is_own = reference in {rotation.SUBJECT, registers.SUBJECT}
        return faults if is_own else [*faults, Fault(reference, 0, "案件不见了")]
    last = entries_of(reference).last()
    number, leaf = (last.subject_number, bytes(last.leaf_sha256).hex()) if last else (0, "0" * 64)
    if (case.entry_count, case.last_leaf) != (number, leaf):
        reason = f"案件记有 {case.entry_count} 条存证，链上最后一条是第 {number} 条，或散列不符"
        faults.append(Fault(reference, number, reason))
    return faults


def traits_of(case: Case) -> Traits:
    """What of the law of a review turns the order of its steps: how its panel is composed."""
    is_picked = getattr(case.law.rule("draw.mode"), "is_picked", False)
    return frozenset({Trait.PUSH if is_picked else Trait.DIRECT})


def whose_turn(case: Case) -> tuple[Role, ...]:
    """Whose turn a review is: where the city draws directly the invited experts answer, where it lists the organizer
    picks; an agency only where one was entrusted."""
    turn = turns(ReviewState(case.state), traits_of(case))
    has_agency = has_party(case, Role.AGENCY)
    return tuple(role for role in turn if role != Role.AGENCY or has_agency)


def whose_turn_words(case: Case) -> str:
    """The same as people read it."""
    return "、".join(role.label for role in whose_turn(case))
