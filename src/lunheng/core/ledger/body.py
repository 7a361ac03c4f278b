"""The public body of an entry: fields, all required, nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lunheng.core.ledger.canonical import CanonicalError, canonical

FIELDS = frozenset(
    [
        "v",
        "log",
        "id",
        "at",
        "tenant",
        "type",
        "subject",
        "n",
        "prev",
        "actor",
        "role",
        "auth",
        "req",
        "pay",
        "files",
        "refs",
    ]
)
"""Names of every field of a body; a verifier refuses any other."""
LARGEST_BODY = 65_535
"""Bytes of a body at most: outsiders are given its length in two bytes."""
_AS_THEY_ARE = tuple(FIELDS - {"v", "at", "files", "refs"})


@dataclass(frozen=True)
class Body:
    """What an entry says in public. ``at`` is the server's moment; the legal moment is in the payload."""

    log: str
    id: str
    at: datetime
    tenant: str
    type: str
    subject: str
    n: int
    prev: str
    actor: str
    role: str
    auth: str
    req: str
    pay: str
    files: Sequence[Mapping[str, str | int]] = ()
    refs: Sequence[str] = ()


def make_body(body: Body) -> bytes:
    """The canonical bytes of ``body`` (version 1).

    Raises:
        CanonicalError: a field that has no canonical form, or more bytes than can be published.
    """
    raw = canonical(
        {
            "v": 1,
            **{name: getattr(body, name) for name in _AS_THEY_ARE},
            "at": body.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "files": [dict(file) for file in body.files],
            "refs": list(body.refs),
        }
    )
    if len(raw) > LARGEST_BODY:
        raise CanonicalError(f"a body of {len(raw)} bytes cannot be published; {LARGEST_BODY} are the most")
    return raw


def parse_body(raw: bytes) -> dict[str, object]:
    """The fields of a stored body.

    Raises:
        CanonicalError: not canonical, a field missing, or a field that nobody knows.
    """
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise CanonicalError(f"not JSON: {error}") from error
    if not isinstance(fields, dict) or set(fields) != FIELDS:
        raise CanonicalError("the fields of the body are not exactly those of version 1")
    if canonical(fields) != raw:
        raise CanonicalError("the body is not in canonical form")
    return fields
