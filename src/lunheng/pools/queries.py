"""Reads of pools: the pool of a rule, the law it is kept under, what stands in a member's file."""

import json
from datetime import date, datetime

from django.db.models import Case as Choice
from django.db.models import Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Mod

from lunheng.accounts.models import Seat
from lunheng.cases.models import Case, Deadline
from lunheng.core.actor import Actor, Role
from lunheng.core.deadlines import CHINA, Due, due_again
from lunheng.core.policy import Law
from lunheng.core.policy.proceedings import Procedure
from lunheng.core.policy.rules.draws import Lottery
from lunheng.core.procedures.files import ENTER_POINTS_OF
from lunheng.core.terms import bar_until
from lunheng.jurisdictions import law as laws
from lunheng.jurisdictions import territory
from lunheng.ledger.models import Entry
from lunheng.pools.models import LANES, Chain, ConductEntry, Membership, Pool, ServiceRecord
from lunheng.procedures import permissions as procedures
from lunheng.procedures.models import Proceeding


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


def name_of(file: Case) -> str:
    """The name of the member whose file this is."""
    seat = Seat.objects.filter(expert=file.title, role=Role.EXPERT.value).select_related("account").first()
    return seat.account.name if seat else file.title


def file_for(pool: Pool, rule: Procedure, file_id: int | None, actor: Actor) -> Case | None:
    """The file that something opened about a pool is about: the pool's own, a member's, or a review of its pack."""
    if rule.concerns == "review":
        return Case.objects.filter(pk=file_id or 0, kind=Case.Kind.REVIEW, pack__pack_id=pool.pack_id).first()
    if rule.concerns != "member":
        return pool.file
    key = file_id or (file_of(pool, actor.expert) if actor.expert else None)
    return Case.objects.filter(pk=key or 0, memberships__pool=pool).first()


def matters_about(
    pool: Pool, file: Case, concerns: str, actor: Actor, on: date
) -> list[tuple[str, Procedure]]:
    """What this seat may begin about one member or one review, by key; the law is the day's."""
    law = law_of(pool, on)
    found = law.pack.procedures.items() if law else ()
    return [
        (key, rule)
        for key, rule in found
        if law is not None
        and rule.concerns == concerns
        and rule.opened_by != "data"
        and procedures.may_open(actor, law, key, file).is_allowed
    ]


def file_of(pool: Pool, reference: str) -> int | None:
    """The key of a member's file by the reference of the expert."""
    return pool.memberships.filter(file__title=reference).values_list("file_id", flat=True).first()


def counted_records(file: Case, procedure: str, rule: Procedure) -> list[ServiceRecord]:
    """The earliest records that together open a matter by themselves, none of which opened one before."""
    when = rule.when
    if when is None:
        return []
    begun = Proceeding.objects.filter(about=file, procedure=procedure).values_list("data", flat=True)
    used = {key for data in begun for key in data.get("records", ())}
    if Proceeding.objects.filter(about=file, procedure=procedure, state=Proceeding.State.RUNNING).exists():
        return []
    records = file.service_records.filter(kind__in=when.events).exclude(pk__in=used).order_by("at", "pk")
    found = list(records)
    for place in range(len(found) - when.count + 1):
        chosen = found[place : place + when.count]
        first, last = (one.at.astimezone(CHINA).date() for one in (chosen[0], chosen[-1]))
        if when.within is None or last <= bar_until(first, when.within):
            return chosen
    return []


def files_to_watch(pool: Pool, rule: Procedure) -> QuerySet[Case]:
    """The files of members that hold enough records of the kinds at all (one query)."""
    assert rule.when is not None
    kinds = Q(service_records__kind__in=rule.when.events)
    return (
        Case.objects.filter(memberships__pool=pool)
        .annotate(found=Count("service_records", filter=kinds, distinct=True))
        .filter(found__gte=rule.when.count)
        .order_by("pk")
    )


def points_of(file: Case, year: int | None = None) -> int:
    """The points of a member, of one year or of all: the sum of the rows."""
    rows = file.conduct.filter(kind=ConductEntry.Kind.POINTS)
    rows = rows.filter(on__year=year) if year else rows
    return rows.aggregate(total=Sum("points"))["total"] or 0


def points_by_entries(file: Case, year: int | None = None) -> int:
    """The same from what the ledger holds alone; the rows are not asked."""
    entries = Entry.objects.filter(subject=file.reference, event=ENTER_POINTS_OF.event)
    told = [json.loads(one.payload.content or "{}") for one in entries.select_related("payload")]
    return sum(one["points"] for one in told if year is None or str(one["on"]).startswith(f"{year}-"))


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


def counted_again(deadline: Deadline, case: Case) -> Due | None:
    """The limit by the calendar as it is now; None for one that no calendar moves."""
    if not deadline.is_provisional or not deadline.counted:
        return None
    return due_again(deadline.counted, case.law.calendar, case.law.region)


def is_news(deadline: Deadline, limit: Due, at: datetime) -> bool:
    """Whether the count has changed, or a provisional limit has come of which nobody was told."""
    is_changed = limit.at != deadline.due_at or not limit.provisional
    return is_changed or (at >= limit.at and deadline.reminded_at is None)
