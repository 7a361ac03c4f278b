"""Whether what the database holds hangs together: every change with its entry, every draw and every notice once."""

from collections import Counter
from collections.abc import Iterator

from lunheng.cases.acts import REGISTRY
from lunheng.cases.models import Case, Deadline
from lunheng.cases.queries import chain_faults
from lunheng.ledger.models import Entry
from lunheng.messaging.models import Message
from lunheng.panels.models import Draw, Member, PanelRequest
from lunheng.pools.models import ServiceRecord


def faults() -> list[str]:
    """Everything that does not hang together, in words; empty when all is whole."""
    return [*_chains(), *_answers(), *_draws(), *_notices(), *_records()]


def _chains() -> Iterator[str]:
    for reference in Case.objects.values_list("reference", flat=True):
        for fault in chain_faults(reference):
            yield f"chain of {reference}: {fault.reason}"


def _answers() -> Iterator[str]:
    """A deadline says that it was answered exactly where an entry says so.

    A backfill commits as an applicant does; its draws are counted against the lost seats.
    """
    performed = Counter(
        (reference, REGISTRY[name].event)
        for reference, name in Deadline.objects.filter(performed_at__isnull=False)
        .exclude(name="panels.backfill_seat")
        .values_list("case__reference", "name")
    )
    events = {event for _, event in performed} | {REGISTRY[name].event for name in ANSWERS}
    reviews = Case.objects.filter(kind="review").values_list("reference", flat=True)
    entered = Counter(
        Entry.objects.filter(event__in=events, subject__in=list(reviews))
        .order_by()
        .values_list("subject", "event")
    )
    for key in performed.keys() | entered.keys():
        if performed[key] != entered[key]:
            yield f"{key}: answered {performed[key]} times, entered {entered[key]} times"


ANSWERS = (
    "panels.start_window",
    "panels.expire_invitation",
    "panels.give_up_undelivered",
)


def _draws() -> Iterator[str]:
    """One first draw of a request, one backfill of a lost seat, one living holder of a seat."""
    for request in PanelRequest.objects.all():
        kinds = Counter(request.draws.values_list("kind", flat=True))
        seated = Member.objects.filter(request=request)
        replaced = Counter(seated.exclude(replaces=None).values_list("replaces", flat=True))
        if kinds[Draw.Kind.FIRST] > 1:
            yield f"{request}: drawn {kinds[Draw.Kind.FIRST]} times"
        if kinds[Draw.Kind.BACKFILL] != replaced.total() or set(replaced.values()) - {1}:
            yield f"{request}: {kinds[Draw.Kind.BACKFILL]} backfills, {replaced}"


def _notices() -> Iterator[str]:
    """Who was invited has one invitation."""
    invited = Member.objects.filter(invited_at__isnull=False)
    sent = Counter(Message.objects.filter(template="panel.invitation").values_list("subject", flat=True))
    wanted = Counter(member.subject for member in invited)
    for subject in sent.keys() | wanted.keys():
        if sent[subject] != wanted[subject]:
            yield f"{subject}: {sent[subject]} invitations, should be {wanted[subject]}"


def _records() -> Iterator[str]:
    """Who let the hours pass has one record of it."""
    silent = Counter(
        Member.objects.filter(state="silent").order_by().values_list("expert__file", "case__reference")
    )
    kept = Counter(ServiceRecord.objects.filter(kind="no_answer").order_by().values_list("file", "review"))
    if silent != kept:
        yield f"silent {silent}, recorded {kept}"
