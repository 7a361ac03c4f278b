"""草稿: what was typed and not handed in, kept on the server for whoever typed it; never a number, a promise or a file."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from lunheng.cases.models import Case
from lunheng.core.policy.proceedings import Field, Step
from lunheng.procedures.models import Draft, Proceeding

NEVER = frozenset({"identity", "declaration", "document"})
"""Types of fields that are filled in anew each time."""
KEPT = timedelta(days=90)
LONGEST = 4000


def of_opening(about: Case, procedure: str) -> str:
    """The key of a draft of something to be opened about a file."""
    return f"{about.pk}:{procedure}"


def of_step(proceeding: Proceeding, step: Step) -> str:
    """The key of a draft of a step."""
    return f"{proceeding.pk}/{step.id}"


def read(account: str, matter: str) -> dict[str, Any]:
    """What is kept; nothing else."""
    found = Draft.objects.filter(account=account, matter=matter).first()
    return dict(found.data) if found else {}


def keep(account: str, matter: str, fields: Sequence[Field], typed: Mapping[str, Any], at: datetime) -> None:
    """Keep what was typed into the fields that may be kept, as it was typed; what is old goes."""
    Draft.objects.filter(saved_at__lt=at - KEPT).delete()
    kept = {one.key: _cut(typed[one.key]) for one in fields if one.type not in NEVER and typed.get(one.key)}
    Draft.objects.update_or_create(account=account, matter=matter, defaults={"data": kept, "saved_at": at})


def forget(account: str, matter: str) -> None:
    """It was handed in: inside the act that took it."""
    Draft.objects.filter(account=account, matter=matter).delete()


def _cut(value: Any) -> Any:
    return [str(one)[:200] for one in value][:100] if isinstance(value, list) else str(value)[:LONGEST]
