"""What every page knows of the person who looks at it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from lunheng.accounts.models import Account


def seats(request: HttpRequest) -> dict[str, Any]:
    """The seat in use, the seats to switch to, and whether type is large."""
    seat = getattr(request, "seat", None)
    user = getattr(request, "user", None)
    account = user if isinstance(user, Account) else None
    return {
        "seat": seat,
        "seats": list(account.seats.filter(is_active=True).select_related("organization", "division"))
        if account
        else [],
        "actor": getattr(request, "actor", None),
        "at": getattr(request, "at", None),
        "has_large_type": bool(account and account.has_large_type)
        or request.COOKIES.get("large_type") == "1",
        "is_demo": settings.IS_DEMO,
    }
