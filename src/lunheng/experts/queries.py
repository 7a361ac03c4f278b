"""Reads of the expert pool: who may be drawn, the register, the reviews in which an expert sits."""

from datetime import date

from django.db.models import QuerySet

from lunheng.cases.locks import lock
from lunheng.cases.models import Case
from lunheng.core.workflow import Standing, over
from lunheng.experts.models import Expert
from lunheng.pools.models import Membership, Pool


def eligible(pool: Pool, on: date) -> QuerySet[Expert]:
    """Experts who serve on the day, with unit and specialties: two queries for any number."""
    return (
        Expert.objects.filter(Membership.serving(on), pool=pool)
        .select_related("unit", "membership")
        .prefetch_related("specialties")
        .order_by("pk")
    )


def eligible_counts(pool: Pool, on: date) -> dict[str, int]:
    """How many eligible experts there are of each specialty (two queries)."""
    counts: dict[str, int] = {}
    for expert in eligible(pool, on):
        for one in expert.specialties.all():
            counts[one.specialty] = counts.get(one.specialty, 0) + 1
    return counts


def register(pool: Pool) -> QuerySet[Expert]:
    """Everybody of the pool, whatever the standing, with unit, standing and specialties."""
    return (
        Expert.objects.filter(pool=pool).select_related("unit", "membership").prefetch_related("specialties")
    )


def open_reviews_of(reference: str) -> QuerySet[Case]:
    """Running reviews in which the expert is invited or sits."""
    return (
        Case.objects.filter(
            kind=Case.Kind.REVIEW, participants__expert=reference, participants__left_at__isnull=True
        )
        .exclude(state__in=over(Standing.SETTLED))
        .distinct()
        .order_by("pk")
    )


def expert_for_update(expert_id: int) -> Expert:
    """The expert, locked; the file is locked before."""
    return Expert.objects.select_for_update(of=("self",)).select_related("unit").get(pk=expert_id)


def membership_for_update(expert: Expert) -> Membership:
    """The expert's standing in the pool, locked; the file is locked before."""
    found = Membership.objects.select_for_update(of=("self",)).get(pk=expert.membership_id)
    expert.membership = found
    return found


def expert_of_file_for_update(file_id: int | None) -> Expert:
    """The expert whose file this is, locked; the file is locked before."""
    return Expert.objects.select_for_update(of=("self",)).select_related("file", "unit").get(file_id=file_id)


def expert_of_candidate_for_update(file_id: int | None) -> Expert:
    """The same for a candidate's file, which is locked with it."""
    assert file_id is not None
    lock(file_id)
    return expert_of_file_for_update(file_id)


def expert_by_identity_for_update(pool: Pool, digest: str) -> Expert | None:
    """Whoever has a file in the pool under this identity, file and expert locked."""
    known = Expert.objects.filter(pool=pool, identity_digest=digest).first()
    return expert_of_candidate_for_update(known.file_id) if known else None


def expert(expert_id: int) -> Expert:
    """The expert with file and pool, not locked."""
    return Expert.objects.select_related("file", "pool", "unit", "membership").get(pk=expert_id)
