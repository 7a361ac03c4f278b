"""Reads of pools: the pool of a rule, the law it is kept under, what stands in a member's file."""

from datetime import date, datetime

from django.db.models import Case as Choice
from django.db.models import F, Q, QuerySet, Value, When
from django.db.models.functions import Mod

from lunheng.accounts.models import Seat
from lunheng.cases.models import Case
from lunheng.core.actor import Actor, Role
from lunheng.core.policy import Law
from lunheng.core.policy.rules.draws import Lottery
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions import territory
from lunheng.pools.models import LANES, Chain, Membership, Pool, ServiceRecord


def pools_of(pack_id: str) -> QuerySet[Pool]:
    """The pools from which reviews under this pack draw."""
    return Pool.objects.filter(pack_id=pack_id).select_related("division", "file").order_by("key")


def pools_in(division: str) -> QuerySet[Pool]:
    """The pools of the places in which an office lies, its own first, then of those inside its territory."""
    around, inside = territory.chain(division), territory.below(division)
    steps = [When(division_id=code, then=Value(step)) for step, code in enumerate(around)]
    return (
        Pool.objects.filter(Q(division_id__in=around) | Q(division_id__in=inside))
        .select_related("division")
        .annotate(step=Choice(*steps, default=Value(len(around))))
        .order_by("step", "key")
    )


def law_of(pool: Pool, on: date) -> Law | None:
    """The rules by which the pool is kept on the day, or None while no pack is in force."""
    record = laws.in_force(pool.pack_id, on)
    return None if record is None else laws.of(record.digest)


def records_of(file: Case) -> QuerySet[ServiceRecord]:
    """The integrity file: everything others wrote about a member, latest first."""
    return file.service_records.all()


def is_member(pool: Pool, actor: Actor) -> bool:
    """Whether the actor has a standing in the pool that did not end, whichever seat the actor sits in."""
    held = Seat.objects.filter(account__reference=actor.reference, is_active=True).exclude(expert="")
    members = pool.memberships.exclude(state=Membership.State.REMOVED)
    return members.filter(file__title__in=held.values("expert")).exists()


def members_with_names(pool: Pool) -> list[tuple[Case, str]]:
    """The files of everybody in the pool, with their names (two queries)."""
    members = (
        pool.memberships.exclude(state=Membership.State.REMOVED).select_related("file").order_by("file_id")
    )
    files = [member.file for member in members]
    seats = Seat.objects.filter(expert__in=[file.title for file in files], role=Role.EXPERT.value)
    names = dict(seats.values_list("expert", "account__name"))
    return [(file, names.get(file.title, file.title)) for file in files]


def hash_of(pool: Pool, on: date) -> str:
    """The hash function of the pool's draws by the law of the day."""
    law = law_of(pool, on)
    return law.demand(Lottery).hash if law else "sha256"


def free_lane(pool_id: int, name: str, *, is_attended: bool) -> Chain | None:
    """The platform's lowest chain that has a link left and on which no draw waits, locked; never a choice.

    ``name`` is the hash function of the draw. Draws that an applicant attends leave the reserved lanes free.
    """
    lanes = Chain.objects.select_for_update(of=("self",)).filter(
        pool_id=pool_id,
        owner=Chain.Owner.PLATFORM,
        hash=name,
        taken__lt=F("length"),
        holder="",
        retired_at=None,
    )
    if is_attended:
        lanes = lanes.annotate(place=Mod("number", LANES)).exclude(place=0)
    return lanes.select_related("pool").order_by("number").first()


def authority_chains(pool_id: int, at: datetime) -> list[Chain]:
    """The chains that the supervising authority had registered by the moment, lowest first, locked."""
    chains = Chain.objects.select_for_update(of=("self",)).filter(
        pool_id=pool_id, owner=Chain.Owner.AUTHORITY, anchored_at__lte=at
    )
    return list(chains.order_by("number"))
