"""What a visit remembers before anybody has logged in: the city, and the page to come back to.

It is kept by the visitor, signed, and not by us: who only looks at the door leaves nothing behind.
"""

from collections.abc import Callable

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "__Host-door" if settings.MODE == "production" else "door"
SALT = "lunheng.accounts.door"
HOUR = 3600
LONGEST = 1_000
"""Characters of an address that are remembered."""


class Door:
    """The notes of one visit; ``written`` says whether they have to be given back to the visitor."""

    def __init__(self, cookie: str) -> None:
        self.notes: dict[str, str] = _read(cookie)
        self.written = False

    def note(self, key: str, value: str) -> None:
        """Remember something for this visit."""
        value = value[:LONGEST]
        if self.notes.get(key) != value:
            self.notes[key], self.written = value, True

    def look(self, key: str) -> str:
        """What was remembered; empty when nothing was."""
        return self.notes.get(key, "")

    def take(self, key: str) -> str:
        """What was remembered, once."""
        self.written = self.written or key in self.notes
        return self.notes.pop(key, "")


class DoorMiddleware:
    """Every request knows what the visitor brought (``request.door``); what changed goes back with the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = Door(request.COOKIES.get(COOKIE, ""))
        request.door = door  # type: ignore[attr-defined]
        response = self.get_response(request)
        if door.written and door.notes:
            response.set_cookie(
                COOKIE, signing.dumps(door.notes, salt=SALT, compress=True), max_age=HOUR, httponly=True,
                samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        elif door.written:
            response.delete_cookie(COOKIE)
        return response


def door_of(request: HttpRequest) -> Door:
    """What this visitor brought."""
    door: Door = request.door  # type: ignore[attr-defined]
    return door


def _read(cookie: str) -> dict[str, str]:
    try:
        given = signing.loads(cookie, salt=SALT, max_age=HOUR) if cookie else {}
    except signing.BadSignature:
        return {}
    return {str(key): str(value) for key, value in given.items()} if isinstance(given, dict) else {}
