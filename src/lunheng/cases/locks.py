"""The lock that every act takes first."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from lunheng.cases import permissions, running
from lunheng.cases.models import Case
from lunheng.core.errors import require

CaseKey = QuerySet[Any, Any]
"""The query of a case's key, by a row that belongs to it."""


def lock(case: Case | int | CaseKey) -> Case:
    """The case, locked for this act; everything else is locked after it.

    Given as a row, a key, or the query of the key: no row ever changes its case, so both may be asked at once.

    Raises:
        Case.DoesNotExist: there is none.
    """
    return lock_many([case])[0] if isinstance(case, Case | int) else _held([_locking().get(pk__in=case)])[0]


def lock_many(cases: Iterable[Case | int]) -> list[Case]:
    """Several cases, locked in the order of their keys; reviews come before the files of experts by convention
    of use: an act that touches both locks the review first."""
    keys = sorted({case if isinstance(case, int) else case.pk for case in cases})
    locked = list(_locking().filter(pk__in=keys).order_by("pk"))
    if len(locked) != len(keys):
        raise Case.DoesNotExist(f"no case {set(keys) - {case.pk for case in locked}}")
    return _held(locked)


def _locking() -> QuerySet[Case]:
    return Case.objects.select_for_update(of=("self",))


def _held(cases: list[Case]) -> list[Case]:
    _require_log_in(cases)
    running.current().locks(cases)
    return cases


def _require_log_in(cases: Iterable[Case]) -> None:
    """Whoever acts came in by the way that the law of each review asks for."""
    actor = running.current().actor
    if actor is not None:
        for case in cases:
            require(permissions.may_log_in(actor, case))
