"""Limits on tries. Each try is a row that is written before the tries are counted, so that however many
processes there are, never more than the limit get through; some fewer may."""

import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest

from lunheng.accounts.models import Attempt

KEPT = timedelta(days=1)
NETWORK = 64
"""Leading bits of an IPv6 address that belong to one connection."""


@dataclass(frozen=True)
class Limit:
    """At most ``count`` tries within ``span``."""

    kind: str
    count: int
    span: timedelta


@dataclass(frozen=True)
class Ticket:
    """The rows of one try that got through."""

    attempts: tuple[Attempt, ...]

    def give_back(self) -> None:
        """The try was right: it does not count."""
        Attempt.objects.filter(pk__in=[one.pk for one in self.attempts]).delete()


class TooManyAttempts(Exception):
    """The limit is reached; ``wait`` is how long until the oldest try no longer counts."""

    def __init__(self, limit: Limit, wait: timedelta) -> None:
        super().__init__(f"{limit.kind}: {limit.count} / {limit.span}")
        self.limit = limit
        self.wait = wait


def key_of(*parts: str) -> str:
    """What stands in the table instead of a number or an address."""
    return hmac.new(
        settings.SECRET_KEY.encode(), "|".join(("throttle", *parts)).encode(), hashlib.sha256
    ).hexdigest()


def try_once(limits: Sequence[tuple[Limit, str]], at: datetime) -> Ticket:
    """Count one try under every limit, each with its key.

    Raises:
        TooManyAttempts: one of the limits is reached; this try is not counted then, so nobody is locked out longer
            by trying on.
    """
    Attempt.objects.filter(at__lt=at - KEPT).delete()
    ticket = Ticket(
        tuple(
            Attempt.objects.bulk_create([Attempt(kind=limit.kind, key=key, at=at) for limit, key in limits])
        )
    )
    for limit, key in limits:
        counted = Attempt.objects.filter(kind=limit.kind, key=key, at__gt=at - limit.span)
        if counted.count() > limit.count:
            ticket.give_back()
            oldest = counted.order_by("at").values_list("at", flat=True).first() or at
            raise TooManyAttempts(limit, oldest + limit.span - at)
    return ticket


def forget_old(at: datetime) -> int:
    """Drop the tries that no limit counts any more; how many."""
    return Attempt.objects.filter(at__lt=at - KEPT).delete()[0]


def forget(limit: Limit, key: str) -> None:
    """Drop the tries under a limit: the right one has come."""
    Attempt.objects.filter(kind=limit.kind, key=key).delete()


def address_of(request: HttpRequest) -> str:
    """From where is asked; behind proxies of ours the nearest address that is not one of them.

    One connection has 2^64 addresses of IPv6: they are told as one, or every limit on an address could be walked around.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = [
        part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()
    ]
    while address in settings.TRUSTED_PROXIES and forwarded:
        address = forwarded.pop()
    return _connection(address)


def _connection(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(found.ipv4_mapped or ipaddress.IPv6Network((int(found), NETWORK), strict=False))
