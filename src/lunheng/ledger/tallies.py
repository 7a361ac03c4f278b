"""What strangers try is counted, not kept singly: a register that nobody may empty must not be filled by nobody.

Reading without a log-in leaves a number only. Tries at the open doors are kept one by one as long as they are few; past
that they are counted too.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from lunheng.ledger.models import Tally

STRANGER = "public"
"""By which reference whoever has not logged in is known."""
KEPT_SINGLY = 100
"""Tries of strangers that are kept one by one within one hour."""
KEPT = timedelta(days=400)
HOUR = "within-the-hour"


def is_kept(account: str, *, kind: str, what: str, is_read: bool, at: datetime) -> bool:
    """Whether this try is to be kept as a row of its own; otherwise it has been counted, by day and by what it was."""
    if account != STRANGER:
        return True
    if not is_read and count(HOUR, f"{timezone.localtime(at):%H}", at) <= KEPT_SINGLY:
        return True
    count(kind, what, at)
    return False


def count(kind: str, what: str, at: datetime) -> int:
    """One more of its kind on this day; how many there are now."""
    row = {"day": timezone.localtime(at).date(), "kind": kind[:32], "what": what[:96]}
    found = Tally.objects.filter(**row)
    if not found.update(count=F("count") + 1):
        try:
            with transaction.atomic():
                Tally.objects.create(**row, count=1)
        except IntegrityError:  # somebody was first
            found.update(count=F("count") + 1)
    return found.values_list("count", flat=True).first() or 0


def forget(at: datetime) -> int:
    """Drop the counts of days long past; how many."""
    return Tally.objects.filter(day__lt=(at - KEPT).date()).delete()[0]
