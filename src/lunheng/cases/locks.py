"""The lock that every act takes first."""

from collections.abc import Iterable

from lunheng.cases import permissions, running
from lunheng.cases.models import Case
from lunheng.core.errors import require


def lock(case: Case | int) -> Case:
    """The case, locked for this act; everything else is locked after it."""
    return lock_many([case])[0]


def lock_many(cases: Iterable[Case | int]) -> list[Case]:
    """Several cases, locked in the order of their keys; reviews come before the files of experts by convention
    of use: an act that touches both locks the review first."""
    keys = sorted({case if isinstance(case, int) else case.pk for case in cases})
    locked = list(Case.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    if len(locked) != len(keys):
        raise Case.DoesNotExist(f"no case {set(keys) - {case.pk for case in locked}}")
    _require_log_in(locked)
    running.current().locked.update(keys)
    return locked


def _require_log_in(cases: Iterable[Case]) -> None:
    """Whoever acts came in by the way that the law of each review asks for."""
    actor = running.current().actor
    if actor is not None:
        for case in cases:
            require(permissions.may_log_in(actor, case))
