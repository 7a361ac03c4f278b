"""A request that comes twice, because the line broke or a button was pressed again: whoever names a key of its own
(``Idempotency-Key``) has the act performed once and reads the same answer again.

The key is kept in the act's own transaction, so that there is no moment in which one is known without the other.
"""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest

from lunheng.api.models import Submission
from lunheng.cases import made
from lunheng.cases.views import actor_of
from lunheng.core.errors import Refused
from lunheng.ledger.models import Entry

HEADER = "Idempotency-Key"


class OtherContent(Exception):
    """The key was used for a request with other content."""


def once(
    request: HttpRequest, act: str, values: Mapping[str, Any], perform: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Perform and answer; or, where the same person sent the same under this key before, answer as then.

    Raises:
        OtherContent: under this key something else was performed.
    """
    given = request.headers.get(HEADER, "")
    if not given:
        return perform()
    key, content = _digest([actor_of(request).reference, act, given]), _digest(values)
    before = _answered(key, content)
    if before is not None:
        return before

    def keep(result: object) -> None:
        told_now = told(result)
        Submission.objects.create(
            key=key,
            content=content,
            entry=told_now["entry"],
            made=told_now["id"],
            at=request.at,  # type: ignore[attr-defined]
        )

    try:
        with made.keeping(keep):
            return perform()
    except (Refused, IntegrityError):
        # The same request was performed while this one waited: its answer is ours.
        meanwhile = _answered(key, content)
        if meanwhile is None:
            raise
        return meanwhile


def told(result: object) -> dict[str, Any]:
    """What the act returned, as the interface tells it."""
    if isinstance(result, Entry):
        return {"entry": str(result.id), "id": None}
    if isinstance(result, Model):
        return {"entry": None, "id": result.pk}
    return {"entry": None, "id": None}


def _answered(key: str, content: str) -> dict[str, Any] | None:
    found = Submission.objects.filter(key=key).first()
    if found is not None and found.content != content:
        raise OtherContent("这个幂等键（Idempotency-Key）已用于内容不同的请求，请换一个新的键")
    return found.answer if found else None


def _digest(value: Any) -> str:
    return sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
