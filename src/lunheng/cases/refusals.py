"""What was tried and refused is kept, outside the transaction that it rolled back."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from lunheng.cases.models import Case
from lunheng.core.actor import Actor
from lunheng.core.errors import Refused
from lunheng.core.verdict import reasons_of
from lunheng.jobs import clock
from lunheng.ledger import tallies
from lunheng.ledger.models import RefusedAttempt


def record_refusal(
    name: str, refusal: Refused, arguments: Mapping[str, Any], *, is_read: bool = False
) -> None:
    """Keep one refused attempt; personal text among the arguments is left out. What strangers try to read is counted."""
    actor = arguments.get("actor")
    if not isinstance(actor, Actor):
        return
    refusal.is_kept = True
    at = arguments.get("at") or clock.now()
    if not tallies.is_kept(actor.reference, kind="refusal", what=name, is_read=is_read, at=at):
        return
    kept = {key: value for key, value in arguments.items() if key.endswith("_id") and isinstance(value, int)}
    with transaction.atomic():
        RefusedAttempt.objects.create(
            act=name,
            account=actor.reference,
            role=actor.role.value,
            organization=actor.organization,
            subject=_file_of(refusal, kept),
            reasons=reasons_of(refusal.verdict),
            arguments=kept,
            request=actor.request,
            at=at,
        )


def _file_of(refusal: Refused, arguments: Mapping[str, int]) -> str:
    """The reference of the file that it was about: of those the act held the review first, else the one that was named."""
    keys = refusal.files or ((arguments["case_id"],) if "case_id" in arguments else ())
    held = Case.objects.filter(pk__in=keys).values_list("kind", "reference") if keys else ()
    found = sorted(held, key=lambda one: (one[0] != Case.Kind.REVIEW, one[1]))
    return str(found[0][1]) if found else ""
