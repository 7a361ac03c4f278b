"""The lock that every act takes first."""

from collections.abc import Iterable

from lunheng.cases import running
from lunheng.cases.models import Case


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
    running.current().locked.update(keys)
    return locked
