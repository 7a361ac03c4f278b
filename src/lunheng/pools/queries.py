"""Reads of pools: the pool of a rule, the law it is kept under, what stands in a member's file."""

from datetime import date

from django.db.models import QuerySet

from lunheng.cases.models import Case
from lunheng.core.policy import Law
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions.models import Division
from lunheng.pools.models import Pool, ServiceRecord


def pools_of(pack_id: str) -> QuerySet[Pool]:
    """The pools from which reviews under this pack draw."""
    return Pool.objects.filter(pack_id=pack_id).select_related("division", "file").order_by("key")


def pools_in(division: str) -> QuerySet[Pool]:
    """The pools of the city in which an office (by division code, of the city or a district) lies."""
    city = Division.objects.filter(code=division).values("parent_id")
    return (
        (Pool.objects.filter(division_id=division) | Pool.objects.filter(division_id__in=city))
        .select_related("division")
        .order_by("key")
    )


def law_of(pool: Pool, on: date) -> Law | None:
    """The rules by which the pool is kept on the day, or None while no pack is in force."""
    record = laws.in_force(pool.pack_id, on)
    return None if record is None else laws.of(record.digest)


def records_of(file: Case) -> QuerySet[ServiceRecord]:
    """The integrity file: everything others wrote about a member, latest first."""
    return file.service_records.all()
